-- What belongs to a document stays from the moment it is sent (R5).
CREATE OR REPLACE FUNCTION topjob_paper_line_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  papers bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.paper_id] WHEN 'INSERT' THEN ARRAY[NEW.paper_id]
                     ELSE ARRAY[OLD.paper_id, NEW.paper_id] END;
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
  IF EXISTS (SELECT 1 FROM trajectories_paper WHERE id = ANY (papers) AND status <> 'concept') THEN
    RAISE EXCEPTION 'Een verstuurd document verandert niet: trek het in en maak een nieuw (R5)' USING ERRCODE = '23001';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
