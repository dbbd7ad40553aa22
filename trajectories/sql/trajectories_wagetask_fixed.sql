-- Part of a loonwaarde: fixed from the moment it is settled (R8).
CREATE OR REPLACE TRIGGER trajectories_wagetask_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_wagetask
  FOR EACH ROW EXECUTE FUNCTION topjob_wage_part_fixed();
CREATE OR REPLACE TRIGGER trajectories_wagetask_kept BEFORE TRUNCATE ON trajectories_wagetask
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
