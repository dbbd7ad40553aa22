-- What was confirmed with a code stays as evidence (R14).
CREATE OR REPLACE FUNCTION topjob_code_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := ARRAY['code_hash', 'sent_at', 'expires_at', 'attempts', 'used_at', 'voided_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'Een code om te tekenen blijft bewaard (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.used_at IS NOT NULL OR (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Wat met een code is bevestigd verandert niet (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_signingcode_fixed BEFORE UPDATE OR DELETE ON trajectories_signingcode
  FOR EACH ROW EXECUTE FUNCTION topjob_code_fixed();
