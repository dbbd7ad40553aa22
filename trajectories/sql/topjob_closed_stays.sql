-- A closed file doesn't change (R15).
CREATE OR REPLACE FUNCTION topjob_closed_stays() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT state FROM trajectories_trajectory WHERE id = OLD.trajectory_id) = 'AFGESLOTEN' THEN
    RAISE EXCEPTION 'Een gesloten dossier verandert niet (R15)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
