-- A vacancy has its facts from its first moment; it takes them along when it goes.
CREATE OR REPLACE FUNCTION matching_after_employers_vacancy() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM matching_refresh(array_agg(id)) FROM (
    SELECT id FROM changed
  ) touched HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_insert AFTER INSERT ON employers_vacancy
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_vacancy();

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON employers_vacancy
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_vacancy();
