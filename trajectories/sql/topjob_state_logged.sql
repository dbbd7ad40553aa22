-- A change of state stands in the log, in the same transaction (R14).
CREATE OR REPLACE FUNCTION topjob_state_logged() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT state FROM trajectories_trajectory WHERE id = NEW.id) IS DISTINCT FROM (
    SELECT state_to FROM accounts_auditentry
    WHERE trajectory_id = NEW.id AND state_to <> '' ORDER BY id DESC LIMIT 1
  ) THEN
    RAISE EXCEPTION 'Een verandering van stand staat altijd in het logboek (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS trajectories_trajectory_state_logged ON trajectories_trajectory;
CREATE CONSTRAINT TRIGGER trajectories_trajectory_state_logged AFTER UPDATE OF state ON trajectories_trajectory
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION topjob_state_logged();
