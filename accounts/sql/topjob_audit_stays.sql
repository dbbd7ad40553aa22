-- No row of the log goes, not even for the destroyer (R14).
CREATE OR REPLACE FUNCTION topjob_audit_stays() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% in % mag niet: het logboek blijft (R14)', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
