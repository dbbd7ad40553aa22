-- Nothing begins at a file that was joined (R13).
CREATE OR REPLACE TRIGGER candidates_registration_file_leads BEFORE INSERT OR UPDATE OF candidate_id
  ON candidates_registration
  FOR EACH ROW EXECUTE FUNCTION topjob_file_leads();
