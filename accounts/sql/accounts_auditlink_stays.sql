-- Links of the log stay (R14).
CREATE OR REPLACE TRIGGER accounts_auditlink_stays BEFORE DELETE ON accounts_auditlink
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
CREATE OR REPLACE TRIGGER accounts_auditlink_kept BEFORE TRUNCATE ON accounts_auditlink
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_stays();
