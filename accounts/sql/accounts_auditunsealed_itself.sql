-- Only the database itself writes here.
CREATE OR REPLACE TRIGGER accounts_auditunsealed_itself BEFORE INSERT OR UPDATE OR DELETE ON accounts_auditunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_by_itself();
