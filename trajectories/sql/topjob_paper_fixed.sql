-- A document that was sent keeps its content and goes only forward (R5).
CREATE OR REPLACE FUNCTION topjob_paper_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := ARRAY['status', 'document_id', 'signed_document_id', 'signed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'concept' THEN
      RAISE EXCEPTION 'Een document begint als concept (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'concept' AND current_user <> 'topjob_destroyer' THEN
      RAISE EXCEPTION 'Een verstuurd document blijft bewaard (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status = 'concept' THEN RETURN NEW; END IF;
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change)
     OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id)
     OR (OLD.signed_document_id IS NOT NULL AND NEW.signed_document_id IS DISTINCT FROM OLD.signed_document_id)
     OR (OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at) THEN
    RAISE EXCEPTION 'Een verstuurd document verandert niet: trek het in en maak een nieuw (R5)' USING ERRCODE = '23001';
  END IF;
  IF NEW.status <> OLD.status
     AND (OLD.status, NEW.status) NOT IN (('verzonden', 'getekend'), ('verzonden', 'ingetrokken')) THEN
    RAISE EXCEPTION 'Een document gaat niet van % naar % (R5)', OLD.status, NEW.status USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_paper_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_paper
  FOR EACH ROW EXECUTE FUNCTION topjob_paper_fixed();
