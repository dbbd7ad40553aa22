-- Nothing begins at a file that was joined with another (R13).
CREATE OR REPLACE FUNCTION topjob_file_leads() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  leads bigint;
BEGIN
  -- Waits for whoever joins this file now.
  SELECT joined_into_id INTO leads FROM candidates_candidate WHERE id = NEW.candidate_id FOR KEY SHARE;
  IF leads IS NOT NULL THEN
    RAISE EXCEPTION 'Dossier % is samengevoegd met dossier % (R13)', NEW.candidate_id, leads USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
