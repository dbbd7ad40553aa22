-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_aftercare_stays BEFORE DELETE ON trajectories_aftercare
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_aftercare_kept BEFORE TRUNCATE ON trajectories_aftercare
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
