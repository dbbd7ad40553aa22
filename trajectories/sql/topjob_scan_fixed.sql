-- A scan of a signature is confirmed or refused once, and otherwise stays (R14).
CREATE OR REPLACE FUNCTION topjob_scan_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := ARRAY['confirmed_at', 'confirmed_by_id', 'refused_at', 'refused_by_id', 'refused_reason'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'Een scan van een handtekening blijft bewaard (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.confirmed_at IS NOT NULL OR OLD.refused_at IS NOT NULL
     OR (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Een scan van een handtekening verandert niet (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_scan_fixed BEFORE UPDATE OR DELETE ON trajectories_scan
  FOR EACH ROW EXECUTE FUNCTION topjob_scan_fixed();
