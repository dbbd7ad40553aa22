-- Who loses or changes a role begins anew; giving one does so in the action.
CREATE OR REPLACE FUNCTION topjob_role_lost() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.accounts_user SET session_version = session_version + 1 WHERE id = OLD.user_id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER accounts_membership_lost AFTER UPDATE OR DELETE ON accounts_membership
  FOR EACH ROW EXECUTE FUNCTION topjob_role_lost();
