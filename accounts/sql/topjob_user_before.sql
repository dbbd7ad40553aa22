-- An address that changes without its proof has none any more; the version of somebody's sessions only goes up.
CREATE OR REPLACE FUNCTION topjob_user_before() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF lower(NEW.email) <> lower(OLD.email) AND NEW.email_verified_at IS NOT DISTINCT FROM OLD.email_verified_at THEN
    NEW.email_verified_at := NULL;
  END IF;
  NEW.session_version := greatest(OLD.session_version, NEW.session_version);
  IF NEW.is_active <> OLD.is_active THEN
    NEW.session_version := NEW.session_version + 1;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER accounts_user_before BEFORE UPDATE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION topjob_user_before();
