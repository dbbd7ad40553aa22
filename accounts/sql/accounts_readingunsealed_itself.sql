-- Only the database itself writes here.
CREATE OR REPLACE TRIGGER accounts_readingunsealed_itself BEFORE INSERT OR UPDATE OR DELETE ON accounts_readingunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_by_itself();
