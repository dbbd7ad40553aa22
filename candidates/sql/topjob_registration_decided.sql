-- Why somebody was let in after all, and how a registration ended, stays (R2, R14).
CREATE OR REPLACE FUNCTION topjob_registration_decided() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.override_reason <> '' AND (NEW.override_reason, NEW.override_by_id, NEW.override_at)
     IS DISTINCT FROM (OLD.override_reason, OLD.override_by_id, OLD.override_at) THEN
    RAISE EXCEPTION 'Waarom iemand toch is toegelaten verandert niet (R2, R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.status <> 'NIEUW' AND (NEW.status, NEW.end_reason, NEW.ended_at, NEW.department_id)
     IS DISTINCT FROM (OLD.status, OLD.end_reason, OLD.ended_at, OLD.department_id) THEN
    RAISE EXCEPTION 'Een afgehandelde aanmelding blijft zoals zij is afgehandeld (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER candidates_registration_decided BEFORE UPDATE OF override_reason, override_by_id,
  override_at, status, end_reason, ended_at, department_id ON candidates_registration
  FOR EACH ROW EXECUTE FUNCTION topjob_registration_decided();
