-- Never emptied in one go.
CREATE OR REPLACE TRIGGER accounts_readingunsealed_kept BEFORE TRUNCATE ON accounts_readingunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_stays();
