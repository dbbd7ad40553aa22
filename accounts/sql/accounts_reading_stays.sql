-- Not even the destroyer removes a reading (R14).
CREATE OR REPLACE TRIGGER accounts_reading_stays BEFORE DELETE ON accounts_reading
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
