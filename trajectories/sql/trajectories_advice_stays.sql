-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_advice_stays BEFORE DELETE ON trajectories_advice
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_advice_kept BEFORE TRUNCATE ON trajectories_advice
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
