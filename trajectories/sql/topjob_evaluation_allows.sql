-- Why an evaluation allows no learn-work contract; nothing when it does (R7, R8).
CREATE OR REPLACE FUNCTION topjob_evaluation_allows(evaluation bigint) RETURNS text LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  facts record;
BEGIN
  IF (SELECT count(DISTINCT role) FROM trajectories_evaluationview
      WHERE evaluation_id = evaluation AND is_positive AND role IN ('jongere', 'werkgever', 'jobcoach')) < 3
     OR EXISTS (SELECT 1 FROM trajectories_evaluationview WHERE evaluation_id = evaluation AND NOT is_positive) THEN
    RETURN 'Een leerwerkcontract volgt alleen op drie positieve oordelen (R7)';
  END IF;
  SELECT e.wants_wage_subsidy OR coalesce(g.needs_wage_value, false) AS by_rule, e.wage_value_needed AS decided,
         x.trajectory_id, x.starts_on INTO facts FROM trajectories_evaluation e
    JOIN trajectories_trialperiod x ON x.id = e.trial_id
    JOIN trajectories_trajectory t ON t.id = x.trajectory_id
    LEFT JOIN candidates_targetgroup g ON g.id = t.target_group_id WHERE e.id = evaluation;
  IF NOT facts.by_rule AND facts.decided IS NULL THEN
    RETURN 'Eerst wordt besloten of loonwaarde nodig is (R8)';
  END IF;
  IF (facts.by_rule OR facts.decided)
     AND NOT EXISTS (SELECT 1 FROM trajectories_wagevalue w
                     WHERE w.trajectory_id = facts.trajectory_id AND w.determined_on >= facts.starts_on) THEN
    RETURN 'Zonder de loonwaarde is de evaluatie niet compleet (R8)';
  END IF;
  RETURN NULL;
END $$;
