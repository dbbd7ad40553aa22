-- The facts of a function's vacancies follow its loads, what it demands and its competences.
CREATE OR REPLACE FUNCTION matching_after_part_of_function() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM matching_refresh(array_agg(id)) FROM (
    SELECT v.id FROM employers_vacancy v WHERE v.function_id IN (SELECT function_id FROM changed)
  ) touched HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_delete AFTER DELETE ON employers_functionload
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_insert AFTER INSERT ON employers_functionload
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON employers_functionload
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_delete AFTER DELETE ON matching_functiondemand
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_insert AFTER INSERT ON matching_functiondemand
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON matching_functiondemand
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_delete AFTER DELETE ON matching_functionskill
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_insert AFTER INSERT ON matching_functionskill
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON matching_functionskill
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_part_of_function();
