-- A case is in no state that its rows do not prove (R14).
DROP TRIGGER IF EXISTS trajectories_trajectory_proven ON trajectories_trajectory;
CREATE CONSTRAINT TRIGGER trajectories_trajectory_proven AFTER INSERT OR UPDATE OF state, department_id,
  registration_id ON trajectories_trajectory
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
