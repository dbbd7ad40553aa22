-- What proves the state of one case stays with that case (R14).
CREATE OR REPLACE FUNCTION topjob_proof_moved() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'Dit blijft bij het traject waar het van is (R14)' USING ERRCODE = '23001';
END $$;
