-- Aftercare that stopped stays as it stopped (R14).
CREATE OR REPLACE TRIGGER trajectories_aftercare_stopped BEFORE UPDATE ON trajectories_aftercare
  FOR EACH ROW WHEN (OLD.stopped_on IS NOT NULL) EXECUTE FUNCTION topjob_refuse_change();
