-- Of a closed file it stays as it is (R15).
CREATE OR REPLACE TRIGGER trajectories_completion_closed BEFORE UPDATE ON trajectories_completion
  FOR EACH ROW EXECUTE FUNCTION topjob_closed_stays();
