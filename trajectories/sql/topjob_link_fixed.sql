-- A personal link stays whose it is and what it is for; used or refused is for good (R14).
CREATE OR REPLACE FUNCTION topjob_link_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := ARRAY['token_hash', 'sent_at', 'channel', 'expires_at', 'voided_at'];
BEGIN
  IF OLD.used_at IS NOT NULL THEN
    RAISE EXCEPTION 'Een gebruikte link verandert niet (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.voided_at IS NOT NULL AND NEW.voided_at IS NULL THEN
    RAISE EXCEPTION 'Een vervallen link gaat niet weer open (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.declined_at IS NULL THEN
    may_change := may_change || ARRAY['used_at', 'declined_at', 'decline_reason'];
  END IF;
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Van een persoonlijke link verandert niet van wie of waarvoor hij is, en een weigering blijft (R14)'
      USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_partylink_fixed BEFORE UPDATE ON trajectories_partylink
  FOR EACH ROW EXECUTE FUNCTION topjob_link_fixed();
