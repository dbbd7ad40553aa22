-- allauth's table says what the user's row says, by itself.
CREATE OR REPLACE FUNCTION topjob_user_address() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM public.account_emailaddress WHERE user_id = NEW.id AND email <> lower(NEW.email);
  INSERT INTO public.account_emailaddress (user_id, email, verified, "primary")
    VALUES (NEW.id, lower(NEW.email), NEW.email_verified_at IS NOT NULL, true)
    ON CONFLICT (user_id, email) DO UPDATE SET verified = EXCLUDED.verified, "primary" = true;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER accounts_user_address_changed AFTER UPDATE ON accounts_user
  FOR EACH ROW WHEN (OLD.email <> NEW.email OR OLD.email_verified_at IS DISTINCT FROM NEW.email_verified_at)
  EXECUTE FUNCTION topjob_user_address();

CREATE OR REPLACE TRIGGER accounts_user_address_made AFTER INSERT ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION topjob_user_address();
