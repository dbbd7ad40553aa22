-- Part of a document: fixed from the moment it is sent (R5).
CREATE OR REPLACE TRIGGER trajectories_paperline_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_paperline
  FOR EACH ROW EXECUTE FUNCTION topjob_paper_line_fixed();
CREATE OR REPLACE TRIGGER trajectories_paperline_kept BEFORE TRUNCATE ON trajectories_paperline
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
