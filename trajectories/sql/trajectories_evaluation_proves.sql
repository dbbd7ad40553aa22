-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_evaluation_proves ON trajectories_evaluation;
CREATE CONSTRAINT TRIGGER trajectories_evaluation_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_evaluation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
