-- A plan that was sent keeps its content and goes only forward; called off is one that no trial began with (R5).
CREATE OR REPLACE FUNCTION topjob_plan_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
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

CREATE OR REPLACE TRIGGER trajectories_startplan_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_startplan
  FOR EACH ROW EXECUTE FUNCTION topjob_plan_fixed();
