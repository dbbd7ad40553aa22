-- Never emptied in one go.
CREATE OR REPLACE TRIGGER trajectories_wageassessment_kept BEFORE TRUNCATE ON trajectories_wageassessment
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
