-- The last day of a period of whole months, as trajectories.process.periods counts it (R6).
CREATE OR REPLACE FUNCTION topjob_period_end(start date, months integer) RETURNS date LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN extract(day FROM start + make_interval(months => months)) = extract(day FROM start)
              THEN (start + make_interval(months => months))::date - 1
              ELSE (start + make_interval(months => months))::date END
$$;
