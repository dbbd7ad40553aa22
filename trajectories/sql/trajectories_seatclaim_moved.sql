-- It stays with the case whose state it proves.
CREATE OR REPLACE TRIGGER trajectories_seatclaim_moved BEFORE UPDATE OF application_id ON trajectories_seatclaim
  FOR EACH ROW WHEN (OLD.application_id IS DISTINCT FROM NEW.application_id) EXECUTE FUNCTION topjob_proof_moved();
