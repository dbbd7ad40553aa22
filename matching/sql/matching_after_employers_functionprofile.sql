-- The facts of a function's vacancies follow the function; one that is new has none yet.
CREATE OR REPLACE FUNCTION matching_after_employers_functionprofile() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM matching_refresh(array_agg(id)) FROM (
    SELECT v.id FROM employers_vacancy v JOIN changed c ON c.id = v.function_id
  ) touched HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON employers_functionprofile
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_functionprofile();
