"""Consent, an override, the end of a registration and the answer to an offer stay as they were given (R14, R16, DECISIONS 29)."""

from django.db import migrations

from topjob.triggers import keep

FIXED = """
CREATE FUNCTION topjob_consent_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER candidates_consent_fixed BEFORE UPDATE ON candidates_consent
  FOR EACH ROW EXECUTE FUNCTION topjob_consent_fixed();

CREATE FUNCTION topjob_registration_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.override_reason <> '' AND (NEW.override_reason, NEW.override_by_id, NEW.override_at)
     IS DISTINCT FROM (OLD.override_reason, OLD.override_by_id, OLD.override_at) THEN
    RAISE EXCEPTION 'Waarom iemand toch is toegelaten verandert niet (R2, R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.status <> 'NIEUW' AND (NEW.status, NEW.end_reason, NEW.ended_at, NEW.department_id)
     IS DISTINCT FROM (OLD.status, OLD.end_reason, OLD.ended_at, OLD.department_id) THEN
    RAISE EXCEPTION 'Een afgehandelde aanmelding blijft zoals zij is afgehandeld (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER candidates_registration_decided BEFORE UPDATE OF override_reason, override_by_id, override_at, status, end_reason,
  ended_at, department_id ON candidates_registration FOR EACH ROW EXECUTE FUNCTION topjob_registration_decided();

CREATE TRIGGER candidates_offer_answered BEFORE UPDATE ON candidates_offer
  FOR EACH ROW WHEN (OLD.answer <> 'open') EXECUTE FUNCTION topjob_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0009_search_text"), ("accounts", "0002_protect_log")]
    operations = [migrations.RunSQL(FIXED, migrations.RunSQL.noop), *keep("candidates_consent")]
