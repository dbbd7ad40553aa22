-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER trajectories_trialperiod_stays BEFORE DELETE ON trajectories_trialperiod
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER trajectories_trialperiod_kept BEFORE TRUNCATE ON trajectories_trialperiod
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
