-- A project's group takes no more people than its size (R13).
CREATE OR REPLACE FUNCTION topjob_group_size() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  size int;
BEGIN
  IF NEW.left_on IS NOT NULL THEN RETURN NEW; END IF;
  -- Waits for whoever changes the size now, or takes another place.
  SELECT group_size INTO size FROM employers_learnworkproject WHERE id = NEW.project_id FOR NO KEY UPDATE;
  IF size IS NOT NULL AND (NEW.seat_number > size OR size <= (
    SELECT count(*) FROM trajectories_projectparticipation WHERE project_id = NEW.project_id AND left_on IS NULL AND id <> NEW.id
  )) THEN
    RAISE EXCEPTION 'De groep van dit project is vol (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_projectparticipation_size BEFORE INSERT OR UPDATE OF project_id, seat_number,
  left_on ON trajectories_projectparticipation
  FOR EACH ROW EXECUTE FUNCTION topjob_group_size();
