-- Never emptied in one go.
CREATE OR REPLACE TRIGGER accounts_auditunsealed_kept BEFORE TRUNCATE ON accounts_auditunsealed
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_stays();
