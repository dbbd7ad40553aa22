-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER trajectories_payerpermission_fixed BEFORE UPDATE OR DELETE ON trajectories_payerpermission
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_payerpermission_kept BEFORE TRUNCATE ON trajectories_payerpermission
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
