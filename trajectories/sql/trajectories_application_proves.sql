-- Whatever proves the state of a case is asked again when it changes.
DROP TRIGGER IF EXISTS trajectories_application_proves ON trajectories_application;
CREATE CONSTRAINT TRIGGER trajectories_application_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_application
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
