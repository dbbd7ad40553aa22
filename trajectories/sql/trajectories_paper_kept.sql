-- Never emptied in one go.
CREATE OR REPLACE TRIGGER trajectories_paper_kept BEFORE TRUNCATE ON trajectories_paper
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
