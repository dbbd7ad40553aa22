-- It stays with the case whose state it proves.
CREATE OR REPLACE TRIGGER trajectories_evaluation_moved BEFORE UPDATE OF trial_id ON trajectories_evaluation
  FOR EACH ROW WHEN (OLD.trial_id IS DISTINCT FROM NEW.trial_id) EXECUTE FUNCTION topjob_proof_moved();
