-- Only the database itself writes here.
CREATE OR REPLACE TRIGGER accounts_readingseal_itself BEFORE INSERT OR UPDATE ON accounts_readingseal
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_by_itself();
