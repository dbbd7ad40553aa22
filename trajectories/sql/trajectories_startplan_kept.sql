-- Never emptied in one go.
CREATE OR REPLACE TRIGGER trajectories_startplan_kept BEFORE TRUNCATE ON trajectories_startplan
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
