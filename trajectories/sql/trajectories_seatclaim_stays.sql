-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_seatclaim_stays BEFORE DELETE ON trajectories_seatclaim
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_seatclaim_kept BEFORE TRUNCATE ON trajectories_seatclaim
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
