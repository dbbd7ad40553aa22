-- An advice that was given stays (R14).
CREATE OR REPLACE TRIGGER trajectories_advice_given BEFORE UPDATE ON trajectories_advice
  FOR EACH ROW WHEN (OLD.given_at IS NOT NULL) EXECUTE FUNCTION topjob_refuse_change();
