-- A consent stays as it was given: it can be withdrawn once, and goes along when files are joined (R14, R16).
CREATE OR REPLACE FUNCTION topjob_consent_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := ARRAY['withdrawn_at', 'candidate_id'];
BEGIN
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change)
     OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
    RAISE EXCEPTION 'Een toestemming verandert niet: trek haar in en leg een nieuwe vast (R14, R16)' USING ERRCODE = '23001';
  END IF;
  IF NEW.candidate_id <> OLD.candidate_id AND NOT EXISTS (
    SELECT 1 FROM candidates_filejoin j
    WHERE (j.kept_id, j.joined_id) IN ((NEW.candidate_id, OLD.candidate_id), (OLD.candidate_id, NEW.candidate_id))) THEN
    RAISE EXCEPTION 'Een toestemming blijft bij wie haar gaf (R16)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER candidates_consent_fixed BEFORE UPDATE ON candidates_consent
  FOR EACH ROW EXECUTE FUNCTION topjob_consent_fixed();
