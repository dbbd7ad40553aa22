-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_aftercare_proves ON trajectories_aftercare;
CREATE CONSTRAINT TRIGGER trajectories_aftercare_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_aftercare
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
