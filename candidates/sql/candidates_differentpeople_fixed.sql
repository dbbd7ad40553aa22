-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER candidates_differentpeople_fixed BEFORE UPDATE OR DELETE ON candidates_differentpeople
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER candidates_differentpeople_kept BEFORE TRUNCATE ON candidates_differentpeople
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
