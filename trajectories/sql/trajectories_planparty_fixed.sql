-- Part of a plan: fixed from the moment it is sent (R5).
CREATE OR REPLACE TRIGGER trajectories_planparty_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_planparty
  FOR EACH ROW EXECUTE FUNCTION topjob_plan_part_fixed();
CREATE OR REPLACE TRIGGER trajectories_planparty_kept BEFORE TRUNCATE ON trajectories_planparty
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
