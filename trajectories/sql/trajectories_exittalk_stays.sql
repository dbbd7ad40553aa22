-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_exittalk_stays BEFORE DELETE ON trajectories_exittalk
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_exittalk_kept BEFORE TRUNCATE ON trajectories_exittalk
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
