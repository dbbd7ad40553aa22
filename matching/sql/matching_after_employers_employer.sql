-- The facts of a company's vacancies follow the company.
CREATE OR REPLACE FUNCTION matching_after_employers_employer() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM matching_refresh(array_agg(id)) FROM (
    SELECT v.id FROM employers_vacancy v JOIN changed c ON c.id = v.employer_id
  ) touched HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER matching_update AFTER UPDATE ON employers_employer
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_after_employers_employer();
