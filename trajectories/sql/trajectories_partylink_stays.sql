-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_partylink_stays BEFORE DELETE ON trajectories_partylink
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_partylink_kept BEFORE TRUNCATE ON trajectories_partylink
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
