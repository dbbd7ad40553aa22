-- What belongs to a plan stays from the moment it is sent (R5).
CREATE OR REPLACE FUNCTION topjob_plan_part_fixed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  plan bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
  IF EXISTS (SELECT 1 FROM trajectories_startplan WHERE id = plan AND status <> 'concept')
     OR TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM trajectories_startplan WHERE id = OLD.plan_id AND status <> 'concept')
  THEN
    RAISE EXCEPTION 'Een verstuurd startplan verandert niet: maak een nieuwe versie (R5)' USING ERRCODE = '23001';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
