-- The minimum wage per hour for this person on a day. The rules as they are known now judge it, as in the action.
CREATE OR REPLACE FUNCTION topjob_minimum_wage(trajectory bigint, day date) RETURNS numeric LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN x.years < 15 THEN 0
              WHEN x.years >= 21 THEN topjob_law('minimumloon_uur', day, x.client_id)::numeric
              ELSE round(topjob_law('minimumloon_uur', day, x.client_id)::numeric
                         * topjob_law('minimumloon_' || x.years, day, x.client_id)::numeric / 100, 2) END
  FROM (SELECT t.client_id, extract(year FROM age(day, c.birth_date))::int AS years
        FROM trajectories_trajectory t JOIN candidates_candidate c ON c.id = t.candidate_id WHERE t.id = trajectory) x
$$;
