-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_trainingend_proves ON trajectories_trainingend;
CREATE CONSTRAINT TRIGGER trajectories_trainingend_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_trainingend
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
