-- Signed is what was sent and everybody signed (R4, R5).
CREATE OR REPLACE FUNCTION topjob_all_signed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  missing text[];
BEGIN
  IF OLD.status <> 'verzonden' OR NEW.signed_at IS NULL OR NEW.document_id IS NULL THEN
    RAISE EXCEPTION 'Getekend wordt alleen wat verzonden en vastgelegd is (R5)' USING ERRCODE = '23001';
  END IF;
  IF TG_TABLE_NAME = 'trajectories_startplan' THEN
    missing := topjob_signers_missing(NEW.id, NULL, NEW.document_id);
  ELSE
    missing := topjob_signers_missing(NULL, NEW.id, NEW.document_id);
  END IF;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'Nog niet getekend door: % (R4)', array_to_string(missing, ', ') USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
