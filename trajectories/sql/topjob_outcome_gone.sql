-- A job or diploma whose contract or qualification is gone is none. When a file is destroyed its participation lets go of it first,
-- so the outcome stays.
CREATE OR REPLACE FUNCTION topjob_outcome_gone() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'trajectories_contract' THEN
    UPDATE trajectories_projectparticipation SET job_on = NULL
    WHERE trajectory_id = OLD.trajectory_id AND job_on = OLD.starts_on;
  ELSE
    UPDATE trajectories_projectparticipation SET diploma_on = NULL
    WHERE trajectory_id = OLD.trajectory_id AND diploma_on = OLD."on";
  END IF;
  RETURN NULL;
END $$;
