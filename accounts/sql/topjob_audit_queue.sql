-- A row that is logged waits for its link, from the same transaction on.
CREATE OR REPLACE FUNCTION topjob_audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO public.accounts_auditunsealed (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER accounts_auditentry_queued AFTER INSERT ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION topjob_audit_queue();
