-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_application_stays BEFORE DELETE ON trajectories_application
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_application_kept BEFORE TRUNCATE ON trajectories_application
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
