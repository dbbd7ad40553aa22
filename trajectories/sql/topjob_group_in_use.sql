-- A group gets no smaller than the people in it (R13).
CREATE OR REPLACE FUNCTION topjob_group_in_use() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.group_size < (
    SELECT count(*) FROM trajectories_projectparticipation WHERE project_id = NEW.id AND left_on IS NULL
  ) THEN
    RAISE EXCEPTION 'Er zitten meer deelnemers in deze groep (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER employers_learnworkproject_in_use BEFORE UPDATE OF group_size ON employers_learnworkproject
  FOR EACH ROW WHEN (NEW.group_size IS DISTINCT FROM OLD.group_size) EXECUTE FUNCTION topjob_group_in_use();
