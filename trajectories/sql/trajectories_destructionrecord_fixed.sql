-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER trajectories_destructionrecord_fixed BEFORE UPDATE OR DELETE ON trajectories_destructionrecord
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_destructionrecord_kept BEFORE TRUNCATE ON trajectories_destructionrecord
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
