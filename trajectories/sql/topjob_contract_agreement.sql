-- What was agreed without a trial fits its kind: a wage in an arbeidsovereenkomst only, a last day where that is asked, hours that
-- somebody under 18 may work (Arbeidstijdenwet), and an allowance where there may be one. A volunteer's has a maximum per hour and
-- month. All by the rules of the first day.
CREATE OR REPLACE FUNCTION topjob_contract_agreement() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  agreed trajectories_agreementkind;
  payer bigint;
  years int;
BEGIN
  IF NEW.agreement_id IS NULL THEN RETURN NEW; END IF;
  SELECT * INTO agreed FROM trajectories_agreementkind a WHERE a.id = NEW.agreement_id;
  IF (agreed.pays = 'loon') <> (NEW.kind = 'direct') THEN
    RAISE EXCEPTION 'Loon hoort bij een arbeidsovereenkomst' USING ERRCODE = '23001';
  END IF;
  IF agreed.ends AND NEW.ends_on IS NULL THEN
    RAISE EXCEPTION 'Deze overeenkomst heeft een laatste dag' USING ERRCODE = '23001';
  END IF;
  SELECT t.client_id, extract(year FROM age(NEW.starts_on, k.birth_date)) INTO payer, years
    FROM trajectories_trajectory t JOIN candidates_candidate k ON k.id = t.candidate_id WHERE t.id = NEW.trajectory_id;
  IF years < topjob_law('werken_vanaf_leeftijd', NEW.starts_on, payer)::int
     OR years < 16 AND NEW.hours_per_week > topjob_law('werken_uren_tot_16', NEW.starts_on, payer)::int
     OR years < 18 AND NEW.hours_per_week > topjob_law('werken_uren_tot_18', NEW.starts_on, payer)::int THEN
    RAISE EXCEPTION 'Op deze leeftijd mag iemand zo lang niet werken' USING ERRCODE = '23001';
  END IF;
  IF NEW.allowance IS NULL THEN RETURN NEW; END IF;
  IF agreed.pays NOT IN ('vergoeding', 'vrijwilligersvergoeding') THEN
    RAISE EXCEPTION 'Bij deze overeenkomst hoort geen vergoeding' USING ERRCODE = '23001';
  END IF;
  IF agreed.pays = 'vrijwilligersvergoeding' AND (
    NEW.allowance * CASE WHEN NEW.allowance_per = 'uur' THEN NEW.hours_per_week * 52.0 / 12 ELSE 1 END
      > topjob_law('vrijwilliger_maand', NEW.starts_on, payer)::numeric
    OR NEW.allowance_per = 'uur' AND NEW.allowance > topjob_law(
      CASE WHEN years < 21 THEN 'vrijwilliger_uur_jong' ELSE 'vrijwilliger_uur' END, NEW.starts_on, payer)::numeric) THEN
    RAISE EXCEPTION 'Deze vergoeding is hoger dan een vrijwilliger mag krijgen' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_contract_agreement BEFORE INSERT OR UPDATE OF kind, agreement_id, ends_on, allowance,
  allowance_per, hours_per_week, starts_on, trajectory_id ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_contract_agreement();
