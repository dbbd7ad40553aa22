"""A startplan that all signed for a trial that never began doesn't hold any more once it was called off (issue 4)."""

from django.db import migrations

PLAN_FIXED = """
CREATE OR REPLACE FUNCTION topjob_plan_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['status', 'document_id', 'signed_document_id', 'signed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'concept' THEN
      RAISE EXCEPTION 'Een startplan begint als concept (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'concept' AND current_user <> 'topjob_destroyer' THEN
      RAISE EXCEPTION 'Een verstuurd startplan blijft bewaard (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status = 'concept' THEN RETURN NEW; END IF;
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Een verstuurd startplan verandert niet: maak een nieuwe versie (R5)' USING ERRCODE = '23001';
  END IF;
  IF (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id)
     OR (OLD.signed_document_id IS NOT NULL AND NEW.signed_document_id IS DISTINCT FROM OLD.signed_document_id)
     OR (OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at) THEN
    RAISE EXCEPTION 'Het vastgelegde document van een startplan verandert niet (R5)' USING ERRCODE = '23001';
  END IF;
  IF OLD.status IN ('getekend', 'vervangen') AND NEW.status = 'ingetrokken' THEN
    IF EXISTS (SELECT 1 FROM trajectories_trialperiod WHERE application_id = NEW.application_id) THEN
      RAISE EXCEPTION 'Een startplan waarmee de proefperiode begon, blijft getekend (R5)' USING ERRCODE = '23001';
    END IF;
  ELSIF NEW.status <> OLD.status
     AND (OLD.status, NEW.status) NOT IN
         (('verzonden', 'getekend'), ('verzonden', 'ingetrokken'), ('getekend', 'vervangen')) THEN
    RAISE EXCEPTION 'Een startplan gaat niet van % naar % (R5)', OLD.status, NEW.status USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
"""
CALLED_OFF_BEFORE = """
UPDATE trajectories_startplan p SET status = 'ingetrokken' FROM trajectories_application a
  WHERE a.id = p.application_id AND a.status NOT IN ('gekozen', 'voorgesteld', 'aangenomen')
    AND p.status IN ('getekend', 'vervangen')
    AND NOT EXISTS (SELECT 1 FROM trajectories_trialperiod x WHERE x.application_id = p.application_id);
"""


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0017_document_texts")]
    operations = [
        migrations.RunSQL(PLAN_FIXED, migrations.RunSQL.noop),
        migrations.RunSQL(CALLED_OFF_BEFORE, migrations.RunSQL.noop),
    ]
