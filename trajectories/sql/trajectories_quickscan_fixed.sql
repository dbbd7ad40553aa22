-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER trajectories_quickscan_fixed BEFORE UPDATE OR DELETE ON trajectories_quickscan
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_quickscan_kept BEFORE TRUNCATE ON trajectories_quickscan
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
