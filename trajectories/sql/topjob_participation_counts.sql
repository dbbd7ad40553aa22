-- The outcome of a project follows its participations, whoever changes them.
CREATE OR REPLACE FUNCTION topjob_participation_counts() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM topjob_count_outcome(OLD.project_id); END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.project_id <> OLD.project_id) THEN
    PERFORM topjob_count_outcome(NEW.project_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER trajectories_participation_counts AFTER INSERT OR UPDATE OR DELETE
  ON trajectories_projectparticipation
  FOR EACH ROW EXECUTE FUNCTION topjob_participation_counts();
