-- Nothing begins at a file that was joined (R13).
CREATE OR REPLACE TRIGGER trajectories_placement_file_leads BEFORE INSERT OR UPDATE OF candidate_id
  ON trajectories_placement
  FOR EACH ROW EXECUTE FUNCTION topjob_file_leads();
