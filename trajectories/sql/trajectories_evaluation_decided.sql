-- An evaluation that was decided stays (R14).
CREATE OR REPLACE TRIGGER trajectories_evaluation_decided BEFORE UPDATE ON trajectories_evaluation
  FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION topjob_refuse_change();
