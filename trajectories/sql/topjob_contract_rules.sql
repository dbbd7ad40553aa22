-- What a contract rests on: probation, a trial's contract to the day, and when learn-work begins and how long it lasts (R9, R10).
CREATE OR REPLACE FUNCTION topjob_contract_rules() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  payer bigint := (SELECT client_id FROM trajectories_trajectory WHERE id = NEW.trajectory_id);
  evaluation bigint;
  refusal text;
  least int;
  most int;
BEGIN
  IF NEW.probation_months > 0 AND EXISTS (
    SELECT 1 FROM trajectories_trialperiod x JOIN trajectories_application a ON a.id = x.application_id
    WHERE x.trajectory_id = NEW.trajectory_id AND a.organisation_id = NEW.organisation_id
  ) THEN
    RAISE EXCEPTION 'Na een proefplaatsing bij dit bedrijf mag een contract geen proeftijd hebben' USING ERRCODE = '23001';
  END IF;
  IF NEW.kind = 'proef' THEN
    IF NEW.holder <> 'maatwerq' OR NOT EXISTS (
      SELECT 1 FROM trajectories_trialperiod x JOIN trajectories_startplan p ON p.id = x.plan_id
      WHERE x.trajectory_id = NEW.trajectory_id AND p.construction = '2'
        AND ((NEW.starts_on, NEW.ends_on) = (x.starts_on, x.ends_on) OR EXISTS (
          SELECT 1 FROM trajectories_trialextension v WHERE v.trial_id = x.id AND v.until = NEW.ends_on
            AND NEW.starts_on = 1 + greatest(x.ends_on, (SELECT max(w.until) FROM trajectories_trialextension w
                                                         WHERE w.trial_id = x.id AND w.until < v.until))))
    ) THEN
      RAISE EXCEPTION 'Een proefcontract is met MaatwerQ en duurt precies de proefperiode of haar verlenging (R10)'
        USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.kind <> 'leerwerk' THEN RETURN NEW; END IF;
  most := topjob_law('leerwerk_maximaal', NEW.starts_on, payer)::int;
  IF NEW.previous_id IS NULL THEN
    SELECT e.id INTO evaluation FROM trajectories_trialperiod x
      JOIN trajectories_evaluation e ON e.trial_id = x.id
      WHERE x.trajectory_id = NEW.trajectory_id AND topjob_trial_last_day(x.id) + 1 = NEW.starts_on
      ORDER BY x.starts_on DESC LIMIT 1;
    IF evaluation IS NULL THEN
      RAISE EXCEPTION 'Een leerwerkcontract begint op de dag na de proefperiode (R9)' USING ERRCODE = '23001';
    END IF;
    refusal := topjob_evaluation_allows(evaluation);
    IF refusal IS NOT NULL THEN RAISE EXCEPTION '%', refusal USING ERRCODE = '23001'; END IF;
    least := topjob_law('leerwerk_minimaal', NEW.starts_on, payer)::int;
  ELSE
    IF NEW.starts_on <> (SELECT coalesce(b.ended_early_on, b.ends_on) + 1 FROM trajectories_contract b
                         WHERE b.id = NEW.previous_id AND b.trajectory_id = NEW.trajectory_id) THEN
      RAISE EXCEPTION 'Een verlenging begint op de dag na het lopende contract' USING ERRCODE = '23001';
    END IF;
    least := 0;
  END IF;
  IF NEW.ends_on IS NULL OR NEW.ends_on > topjob_period_end(NEW.starts_on, most)
     OR least > 0 AND NEW.ends_on < topjob_period_end(NEW.starts_on, least) THEN
    RAISE EXCEPTION 'Een leerwerkcontract duurt van % tot en met % maanden (R9)', least, most USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_contract_rules BEFORE INSERT OR UPDATE OF kind, holder, starts_on, ends_on,
  trajectory_id, organisation_id, previous_id, probation_months ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_contract_rules();
