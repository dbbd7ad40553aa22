-- These rows may change, but don't go (R14).
CREATE OR REPLACE TRIGGER candidates_consent_stays BEFORE DELETE ON candidates_consent
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE OR REPLACE TRIGGER candidates_consent_kept BEFORE TRUNCATE ON candidates_consent
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
