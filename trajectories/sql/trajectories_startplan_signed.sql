-- Signed only when everybody has signed.
CREATE OR REPLACE TRIGGER trajectories_startplan_signed BEFORE UPDATE OF status ON trajectories_startplan
  FOR EACH ROW WHEN (NEW.status = 'getekend' AND OLD.status <> 'getekend') EXECUTE FUNCTION topjob_all_signed();
