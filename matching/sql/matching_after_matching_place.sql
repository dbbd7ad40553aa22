-- The facts of the vacancies in a place follow its point.
CREATE OR REPLACE FUNCTION matching_after_matching_place() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM matching_refresh(array_agg(id)) FROM (
    SELECT v.id FROM employers_vacancy v WHERE matching_pc4(v.postcode) IN (SELECT pc4 FROM changed)
  ) touched HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_delete AFTER DELETE ON matching_place
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_matching_place();

CREATE OR REPLACE TRIGGER matching_insert AFTER INSERT ON matching_place
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_matching_place();

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON matching_place
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_matching_place();
