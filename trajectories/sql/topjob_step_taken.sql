-- A case begins at AANGEMELD and takes steps that exist (R1, R14).
-- Named to come after the other triggers on a state: they say better what is missing.
CREATE OR REPLACE FUNCTION topjob_step_taken() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'AANGEMELD' THEN
      RAISE EXCEPTION 'Een traject begint bij AANGEMELD (R1)' USING ERRCODE = '23001';
    END IF;
  ELSIF NOT topjob_step_exists(OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'Een traject gaat niet van % naar % (R14)', OLD.state, NEW.state USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_trajectory_begins BEFORE INSERT ON trajectories_trajectory
  FOR EACH ROW EXECUTE FUNCTION topjob_step_taken();

CREATE OR REPLACE TRIGGER trajectories_trajectory_step BEFORE UPDATE OF state ON trajectories_trajectory
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION topjob_step_taken();
