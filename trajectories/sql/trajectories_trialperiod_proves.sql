-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_trialperiod_proves ON trajectories_trialperiod;
CREATE CONSTRAINT TRIGGER trajectories_trialperiod_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_trialperiod
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
