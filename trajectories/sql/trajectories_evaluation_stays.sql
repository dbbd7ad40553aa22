-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_evaluation_stays BEFORE DELETE ON trajectories_evaluation
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_evaluation_kept BEFORE TRUNCATE ON trajectories_evaluation
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
