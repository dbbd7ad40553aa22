-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER matching_matchdecision_fixed BEFORE UPDATE OR DELETE ON matching_matchdecision
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER matching_matchdecision_kept BEFORE TRUNCATE ON matching_matchdecision
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
