-- Not even the destroyer removes a row of the log (R14).
CREATE OR REPLACE TRIGGER accounts_auditentry_stays BEFORE DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
