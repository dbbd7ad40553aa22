-- A file is joined only when no work hangs on it, and stays joined until that is undone (R13).
CREATE OR REPLACE FUNCTION topjob_file_joined() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.joined_into_id IS NULL THEN
    IF EXISTS (SELECT 1 FROM candidates_filejoin WHERE joined_id = NEW.id AND undone_at IS NULL) THEN
      RAISE EXCEPTION 'Dossier % blijft samengevoegd tot dat ongedaan is gemaakt (R13)', NEW.id USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM candidates_candidate WHERE id = NEW.joined_into_id AND joined_into_id IS NOT NULL)
     OR EXISTS (SELECT 1 FROM candidates_registration WHERE candidate_id = NEW.id)
     OR EXISTS (SELECT 1 FROM trajectories_trajectory WHERE candidate_id = NEW.id)
     OR EXISTS (SELECT 1 FROM trajectories_placement WHERE candidate_id = NEW.id)
     OR EXISTS (SELECT 1 FROM trajectories_contract WHERE candidate_id = NEW.id) THEN
    RAISE EXCEPTION 'Dossier % kan niet verwijzen naar %: er hangt nog werk aan (R13)', NEW.id, NEW.joined_into_id
      USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER candidates_candidate_joined BEFORE UPDATE OF joined_into_id ON candidates_candidate
  FOR EACH ROW WHEN (OLD.joined_into_id IS DISTINCT FROM NEW.joined_into_id) EXECUTE FUNCTION topjob_file_joined();
