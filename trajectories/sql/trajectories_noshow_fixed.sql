-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER trajectories_noshow_fixed BEFORE UPDATE OR DELETE ON trajectories_noshow
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_noshow_kept BEFORE TRUNCATE ON trajectories_noshow
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
