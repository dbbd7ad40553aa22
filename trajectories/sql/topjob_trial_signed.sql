-- No trial before youth, employer and jobcoach have signed, and under 18 a representative; it follows the signed plan (R4, R5).
CREATE OR REPLACE FUNCTION topjob_trial_signed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  plan trajectories_startplan;
  signed_roles text[];
  last_day date;
  youth_day date;
  born date;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.plan_id, NEW.application_id, NEW.trajectory_id, NEW.starts_on, NEW.months, NEW.ends_on)
       IS DISTINCT FROM
       (OLD.plan_id, OLD.application_id, OLD.trajectory_id, OLD.starts_on, OLD.months, OLD.ends_on) THEN
      RAISE EXCEPTION 'De afgesproken proefperiode verandert niet; verlengen is een eigen regel' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO plan FROM trajectories_startplan WHERE id = NEW.plan_id;
  SELECT array_agg(s.role::text), max(s.signed_on), max(s.signed_on) FILTER (WHERE s.role = 'jongere')
    INTO signed_roles, last_day, youth_day
    FROM trajectories_signature s JOIN trajectories_generateddocument d ON d.id = plan.document_id
    WHERE s.plan_id = plan.id AND s.document_sha256 = d.sha256;
  IF signed_roles IS NULL OR NOT signed_roles @> ARRAY['jongere', 'werkgever', 'jobcoach'] THEN
    RAISE EXCEPTION 'Geen proefperiode voordat jongere, werkgever en jobcoach hebben getekend (R4)' USING ERRCODE = '23001';
  END IF;
  SELECT c.birth_date INTO born FROM trajectories_trajectory t JOIN candidates_candidate c ON c.id = t.candidate_id
    WHERE t.id = NEW.trajectory_id;
  IF extract(year FROM age(youth_day, born)) < 18 AND NOT 'vertegenwoordiger' = ANY (signed_roles) THEN
    RAISE EXCEPTION 'Onder de 18 tekent een wettelijk vertegenwoordiger mee (R4)' USING ERRCODE = '23001';
  END IF;
  IF last_day > NEW.starts_on THEN
    RAISE EXCEPTION 'Een proefperiode begint nooit vóór de laatste handtekening (R4)' USING ERRCODE = '23001';
  END IF;
  IF NEW.starts_on <> plan.trial_starts_on OR NEW.months <> plan.trial_months OR NEW.trajectory_id <> plan.trajectory_id THEN
    RAISE EXCEPTION 'De proefperiode volgt het getekende startplan (R5)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_trialperiod_signed BEFORE INSERT OR UPDATE ON trajectories_trialperiod
  FOR EACH ROW EXECUTE FUNCTION topjob_trial_signed();
