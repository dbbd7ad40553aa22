-- The minimum wage per hour for this person on a day, lower in the BBL as long as a praktijkovereenkomst holds and the law has a lower
-- share. The rules as they are known now judge it, as in the action.
CREATE OR REPLACE FUNCTION topjob_minimum_wage(trajectory bigint, day date) RETURNS numeric LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN x.years < 15 THEN 0
              WHEN x.years >= 21 THEN topjob_law('minimumloon_uur', day, x.client_id)::numeric
              ELSE round(topjob_law('minimumloon_uur', day, x.client_id)::numeric
                         * least(topjob_law('minimumloon_' || x.years, day, x.client_id)::numeric,
                                 CASE WHEN x.years >= 18 AND x.in_bbl
                                      THEN topjob_law('bbl_loon_' || x.years, day, x.client_id)::numeric END) / 100, 2) END
  FROM (SELECT t.client_id, extract(year FROM age(day, c.birth_date))::int AS years,
               EXISTS (SELECT 1 FROM trajectories_practiceagreement p WHERE p.trajectory_id = t.id
                       AND day BETWEEN p.starts_on AND p.ends_on AND (p.stopped_on IS NULL OR p.stopped_on > day)) AS in_bbl
        FROM trajectories_trajectory t JOIN candidates_candidate c ON c.id = t.candidate_id WHERE t.id = trajectory) x
$$;
