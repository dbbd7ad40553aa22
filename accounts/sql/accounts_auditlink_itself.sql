-- Only the database itself writes here.
CREATE OR REPLACE TRIGGER accounts_auditlink_itself BEFORE INSERT OR UPDATE ON accounts_auditlink
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_by_itself();
