-- Rows that stay as they are, whoever asks (R5, R14). Only the destroyer may DELETE: retention has released them.
CREATE OR REPLACE FUNCTION topjob_refuse_change() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% in % mag niet: deze gegevens liggen vast (R5, R14)', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
