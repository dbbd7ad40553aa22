-- The facts of a project's vacancies follow its intakes.
CREATE OR REPLACE FUNCTION matching_after_employers_intakedate() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM matching_refresh(array_agg(id)) FROM (
    SELECT v.id FROM employers_vacancy v WHERE v.project_id IN (SELECT project_id FROM changed)
  ) touched HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_delete AFTER DELETE ON employers_intakedate
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_intakedate();

CREATE OR REPLACE TRIGGER matching_insert AFTER INSERT ON employers_intakedate
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_intakedate();

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON employers_intakedate
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_intakedate();
