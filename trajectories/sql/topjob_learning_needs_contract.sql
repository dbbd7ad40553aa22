-- Learn-work follows on three positive opinions, with a contract from the day after the trial (R7, R8, R9).
CREATE OR REPLACE FUNCTION topjob_learning_needs_contract() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  trial record;
BEGIN
  SELECT x.id, e.id AS evaluation INTO trial FROM trajectories_trialperiod x
    LEFT JOIN trajectories_evaluation e ON e.trial_id = x.id
    WHERE x.trajectory_id = NEW.id ORDER BY x.starts_on DESC LIMIT 1;
  IF trial.evaluation IS NULL OR topjob_evaluation_allows(trial.evaluation) IS NOT NULL THEN
    RAISE EXCEPTION 'Leerwerk volgt alleen op drie positieve oordelen en de loonwaarde (R7, R8)' USING ERRCODE = '23001';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM trajectories_contract c WHERE c.trajectory_id = NEW.id AND c.kind = 'leerwerk'
                 AND c.ended_early_on IS NULL AND c.starts_on = topjob_trial_last_day(trial.id) + 1) THEN
    RAISE EXCEPTION 'Leerwerk begint met een contract vanaf de dag na de proefperiode (R9)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_trajectory_learning BEFORE UPDATE OF state ON trajectories_trajectory
  FOR EACH ROW WHEN (NEW.state = 'LEERWERK' AND OLD.state IS DISTINCT FROM 'LEERWERK')
  EXECUTE FUNCTION topjob_learning_needs_contract();
