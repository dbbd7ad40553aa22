-- Written once: these rows neither change nor go (R5, R14).
CREATE OR REPLACE TRIGGER topjob_sealcertificate_fixed BEFORE UPDATE OR DELETE ON topjob_sealcertificate
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER topjob_sealcertificate_kept BEFORE TRUNCATE ON topjob_sealcertificate
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
