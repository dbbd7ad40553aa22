-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER accounts_audittext_fixed BEFORE UPDATE OR DELETE ON accounts_audittext
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER accounts_audittext_kept BEFORE TRUNCATE ON accounts_audittext
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
