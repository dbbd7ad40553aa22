-- What a state misses, in words; nothing when all that proves it is there. `manage.py verify` asks it too (ADR 17).
CREATE OR REPLACE FUNCTION topjob_state_lacks(trajectory bigint) RETURNS text LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own trajectories_trajectory;
  maatwerq boolean;
  trial bigint;
  evaluation trajectories_evaluation;
BEGIN
  SELECT * INTO own FROM trajectories_trajectory WHERE id = trajectory;
  IF NOT FOUND THEN RETURN NULL; END IF;
  maatwerq := (SELECT code = 'maatwerq' FROM accounts_department WHERE id = own.department_id);
  IF NOT EXISTS (SELECT 1 FROM candidates_registration r WHERE r.id = own.registration_id AND r.status = 'TOEGEWEZEN'
                 AND r.candidate_id = own.candidate_id AND r.department_id = own.department_id) THEN
    RETURN 'een aanmelding die is toegewezen (R1)';
  END IF;
  IF maatwerq AND own.state NOT IN ('AANGEMELD', 'AFSLUITING', 'AFGESLOTEN') AND NOT EXISTS (
    SELECT 1 FROM candidates_registration r
    WHERE r.id = own.registration_id AND r.is_motivated AND btrim(r.motivation) <> '') THEN
    RETURN 'motivatie (R1)';
  END IF;
  IF own.state NOT IN ('AANGEMELD', 'INTAKE', 'AFSLUITING', 'AFGESLOTEN') THEN
    IF NOT EXISTS (SELECT 1 FROM matching_searchprofile z JOIN candidates_candidate c ON c.id = z.candidate_id
                   WHERE own.candidate_id IN (c.id, c.joined_into_id) AND z.confirmed_at IS NOT NULL) THEN
      RETURN 'een bevestigd zoekprofiel (R3)';
    END IF;
    IF maatwerq AND NOT (EXISTS (SELECT 1 FROM candidates_lifesnapshot f WHERE f.candidate_id = own.candidate_id)
        AND EXISTS (SELECT 1 FROM candidates_supportreview f WHERE f.candidate_id = own.candidate_id)
        AND EXISTS (SELECT 1 FROM candidates_financecheck f WHERE f.candidate_id = own.candidate_id)) THEN
      RETURN 'de Foto, de toets van ondersteuningsvragen of de toets financiën (R3)';
    END IF;
  END IF;
  IF own.state NOT IN ('AFSLUITING', 'AFGESLOTEN') AND EXISTS (
    SELECT 1 FROM trajectories_contract k WHERE k.trajectory_id = trajectory
      AND upper(k.period) IS DISTINCT FROM coalesce(k.ended_early_on, k.ends_on) + 1) THEN
    RETURN 'een contract met de periode van zijn dagen (R13)';
  END IF;
  IF (own.state = 'NAZORG') <> EXISTS (
    SELECT 1 FROM trajectories_aftercare n WHERE n.trajectory_id = trajectory AND n.stopped_on IS NULL) THEN
    RETURN 'nazorg die loopt zolang de stand nazorg is (R12)';
  END IF;

  IF own.state = 'SOLLICITATIE' AND NOT EXISTS (
    SELECT 1 FROM trajectories_application a WHERE a.trajectory_id = trajectory AND a.status = 'voorgesteld'
      AND a.introduced_at IS NOT NULL AND a.consent_id IS NOT NULL) THEN
    RETURN 'een voorstel aan de werkgever met toestemming (R16)';
  END IF;
  IF own.state = 'STARTPLAN' AND NOT EXISTS (
    SELECT 1 FROM trajectories_application a JOIN trajectories_seatclaim s ON s.application_id = a.id
    WHERE a.trajectory_id = trajectory AND a.status = 'aangenomen' AND NOT s.cancelled AND upper_inf(s.period)) THEN
    RETURN 'een aangenomen sollicitatie met een plaats (R13)';
  END IF;
  IF own.state IN ('PROEFPERIODE', 'EVALUATIE', 'LEERWERK') THEN
    SELECT x.id INTO trial FROM trajectories_trialperiod x JOIN trajectories_application a ON a.id = x.application_id
      WHERE x.trajectory_id = trajectory AND a.status = 'aangenomen' AND x.broken_off_on IS NULL;
    IF trial IS NULL THEN RETURN 'een proefperiode die loopt (R4)'; END IF;
    IF NOT EXISTS (SELECT 1 FROM trajectories_placement p WHERE p.trajectory_id = trajectory AND p.kind = 'proef'
                   AND upper_inf(p.period)) THEN
      RETURN 'een plaatsing die loopt (R13)';
    END IF;
    SELECT * INTO evaluation FROM trajectories_evaluation e WHERE e.trial_id = trial;
    IF own.state = 'EVALUATIE' AND (evaluation.id IS NULL OR evaluation.decided_at IS NOT NULL) THEN
      RETURN 'een evaluatie die nog open staat (R7)';
    END IF;
    IF own.state = 'LEERWERK' AND (evaluation.decision IS DISTINCT FROM 'continue_learning' OR NOT EXISTS (
      SELECT 1 FROM trajectories_contract k WHERE k.trajectory_id = trajectory AND k.kind = 'leerwerk'
        AND k.ended_early_on IS NULL)) THEN
      RETURN 'het besluit om door te gaan en een leerwerkcontract (R7, R9)';
    END IF;
  END IF;
  IF own.state = 'ADVIES' AND NOT (
    EXISTS (SELECT 1 FROM trajectories_trainingend e WHERE e.trajectory_id = trajectory)
    OR EXISTS (SELECT 1 FROM trajectories_trialperiod x LEFT JOIN trajectories_evaluation e ON e.trial_id = x.id
               WHERE x.trajectory_id = trajectory AND (x.broken_off_on IS NOT NULL OR e.decision = 'seek_advice'))
    OR EXISTS (SELECT 1 FROM trajectories_advice a WHERE a.trajectory_id = trajectory AND a.given_at IS NOT NULL)) THEN
    RETURN 'een afgeronde opleiding, een besluit van de evaluatie of een afgebroken proefperiode (R7, R11)';
  END IF;
  IF own.state = 'BANENPOOL' AND (
    EXISTS (SELECT 1 FROM trajectories_advice a WHERE a.trajectory_id = trajectory AND a.given_at IS NULL)
    OR NOT EXISTS (SELECT 1 FROM trajectories_advice a WHERE a.trajectory_id = trajectory AND a.given_at IS NOT NULL
                   UNION ALL SELECT 1 FROM trajectories_aftercare n WHERE n.trajectory_id = trajectory)) THEN
    RETURN 'een vastgesteld advies, of nazorg die ophield (R11, R12)';
  END IF;
  IF own.state = 'NAZORG' AND NOT (
    EXISTS (SELECT 1 FROM trajectories_placement p WHERE p.trajectory_id = trajectory AND p.kind = 'baan' AND upper_inf(p.period))
    AND EXISTS (SELECT 1 FROM trajectories_contract k WHERE k.trajectory_id = trajectory AND k.ended_early_on IS NULL
                AND k.kind NOT IN ('proef', 'leerwerk'))) THEN
    RETURN 'een baan met een contract (R13)';
  END IF;
  IF own.state = 'AFGESLOTEN' AND (NOT EXISTS (
      SELECT 1 FROM trajectories_exittalk g JOIN trajectories_completion k ON k.trajectory_id = g.trajectory_id
      WHERE g.trajectory_id = trajectory AND k.documents_complete AND k.client_informed AND k.invoice_settled
        AND k.accounts_closed)) THEN
    RETURN 'het exitgesprek en de afronding (R15)';
  END IF;
  IF own.state = 'AFGESLOTEN' AND EXISTS (
    SELECT 1 FROM trajectories_placement p WHERE p.trajectory_id = trajectory AND upper_inf(p.period)
    UNION ALL SELECT 1 FROM trajectories_contract k WHERE k.trajectory_id = trajectory AND upper_inf(k.period)
    UNION ALL SELECT 1 FROM trajectories_seatclaim s JOIN trajectories_application a ON a.id = s.application_id
      WHERE a.trajectory_id = trajectory AND NOT s.cancelled AND upper_inf(s.period)) THEN
    RETURN 'het einde van wat gevolgd werd (R13)';
  END IF;
  RETURN NULL;
END $$;
