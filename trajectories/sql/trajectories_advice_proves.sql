-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_advice_proves ON trajectories_advice;
CREATE CONSTRAINT TRIGGER trajectories_advice_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_advice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
