-- It stays with the case whose state it proves.
CREATE OR REPLACE TRIGGER trajectories_application_moved BEFORE UPDATE OF trajectory_id ON trajectories_application
  FOR EACH ROW WHEN (OLD.trajectory_id IS DISTINCT FROM NEW.trajectory_id) EXECUTE FUNCTION topjob_proof_moved();
