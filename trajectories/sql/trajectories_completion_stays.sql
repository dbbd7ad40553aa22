-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_completion_stays BEFORE DELETE ON trajectories_completion
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_completion_kept BEFORE TRUNCATE ON trajectories_completion
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
