-- Never emptied in one go.
CREATE OR REPLACE TRIGGER trajectories_scan_kept BEFORE TRUNCATE ON trajectories_scan
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
