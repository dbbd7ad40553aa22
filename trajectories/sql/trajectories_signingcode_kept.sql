-- Never emptied in one go.
CREATE OR REPLACE TRIGGER trajectories_signingcode_kept BEFORE TRUNCATE ON trajectories_signingcode
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
