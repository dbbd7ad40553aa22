-- Only functions that run as the owner of the tables make a link, put a row in a queue and take it out.
CREATE OR REPLACE FUNCTION topjob_audit_by_itself() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = TG_RELID) THEN
    RAISE EXCEPTION '% in % mag niet: dit doet de database zelf (R14)', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;
