-- The last day of a trial, extensions counted.
CREATE OR REPLACE FUNCTION topjob_trial_last_day(trial bigint) RETURNS date LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT greatest(x.ends_on, (SELECT max(v.until) FROM trajectories_trialextension v WHERE v.trial_id = x.id))
  FROM trajectories_trialperiod x WHERE x.id = trial
$$;
