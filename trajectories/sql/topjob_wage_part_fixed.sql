-- What a settled loonwaarde rests on stays (R8, R14).
CREATE OR REPLACE FUNCTION topjob_wage_part_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  assessments bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.assessment_id]
    WHEN 'UPDATE' THEN ARRAY[OLD.assessment_id, NEW.assessment_id] ELSE ARRAY[NEW.assessment_id] END;
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
  PERFORM 1 FROM trajectories_wageassessment WHERE id = ANY (assessments) AND finished_at IS NOT NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'Een vastgestelde loonwaardemeting verandert niet (R8, R14)' USING ERRCODE = '23001';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
