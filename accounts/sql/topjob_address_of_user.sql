-- allauth's table says nothing else than the user's row.
CREATE OR REPLACE FUNCTION topjob_address_of_user() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.accounts_user u
    WHERE u.id = NEW.user_id AND lower(u.email) = NEW.email AND NEW."primary"
      AND NEW.verified = (u.email_verified_at IS NOT NULL)
  ) THEN
    RAISE EXCEPTION 'dit adres is niet dat van gebruiker %', NEW.user_id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER account_emailaddress_of_user BEFORE INSERT OR UPDATE ON account_emailaddress
  FOR EACH ROW EXECUTE FUNCTION topjob_address_of_user();
