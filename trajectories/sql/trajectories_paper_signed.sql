-- Signed only when everybody has signed.
CREATE OR REPLACE TRIGGER trajectories_paper_signed BEFORE UPDATE OF status ON trajectories_paper
  FOR EACH ROW WHEN (NEW.status = 'getekend' AND OLD.status <> 'getekend') EXECUTE FUNCTION topjob_all_signed();
