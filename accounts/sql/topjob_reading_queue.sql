-- A reading that is logged waits for its seal, from the same transaction on.
CREATE OR REPLACE FUNCTION topjob_reading_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO public.accounts_readingunsealed (reading_id) VALUES (NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER accounts_reading_queued AFTER INSERT ON accounts_reading
  FOR EACH ROW EXECUTE FUNCTION topjob_reading_queue();
