-- Links of the log stay (R14).
CREATE OR REPLACE TRIGGER accounts_readingseal_stays BEFORE DELETE ON accounts_readingseal
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();
CREATE OR REPLACE TRIGGER accounts_readingseal_kept BEFORE TRUNCATE ON accounts_readingseal
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_audit_stays();
