-- An account is bound to one person at the provider, and stays bound to that one until the binding is taken away.
CREATE OR REPLACE FUNCTION topjob_bound_stays() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.user_id, NEW.provider, NEW.uid) IS DISTINCT FROM (OLD.user_id, OLD.provider, OLD.uid) THEN
    RAISE EXCEPTION 'een koppeling wijst altijd dezelfde persoon aan' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER socialaccount_bound_stays BEFORE UPDATE ON socialaccount_socialaccount
  FOR EACH ROW EXECUTE FUNCTION topjob_bound_stays();
