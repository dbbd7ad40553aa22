-- Part of a document: fixed from the moment it is sent (R5).
CREATE OR REPLACE TRIGGER trajectories_planparty_of_paper_fixed BEFORE INSERT OR UPDATE OR DELETE
  ON trajectories_planparty
  FOR EACH ROW EXECUTE FUNCTION topjob_paper_line_fixed();
