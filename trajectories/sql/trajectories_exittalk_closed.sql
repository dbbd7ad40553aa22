-- Of a closed file it stays as it is (R15).
CREATE OR REPLACE TRIGGER trajectories_exittalk_closed BEFORE UPDATE ON trajectories_exittalk
  FOR EACH ROW EXECUTE FUNCTION topjob_closed_stays();
