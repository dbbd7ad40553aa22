-- A loonwaarde is settled when all tasks are measured and both opinions are there, with the outcome that follows (R8).
CREATE OR REPLACE FUNCTION topjob_wage_assessment() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  total bigint;
  shares int;
  unmeasured int;
  outcome int;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.finished_at IS NOT NULL AND current_user <> 'topjob_destroyer' THEN
      RAISE EXCEPTION 'Een vastgestelde loonwaardemeting blijft bewaard (R8, R14)' USING ERRCODE = '23001';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.finished_at IS NOT NULL THEN
      RAISE EXCEPTION 'Een loonwaardemeting begint open (R8)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.finished_at IS NOT NULL THEN
    RAISE EXCEPTION 'Een vastgestelde loonwaardemeting verandert niet (R8, R14)' USING ERRCODE = '23001';
  END IF;
  IF NEW.finished_at IS NULL THEN RETURN NEW; END IF;
  SELECT sum(share::bigint * pace * quality * net_time), coalesce(sum(share), 0),
         count(*) FILTER (WHERE pace IS NULL OR quality IS NULL OR net_time IS NULL)
    INTO total, shares, unmeasured FROM trajectories_wagetask WHERE assessment_id = NEW.id;
  IF shares <> 100 OR unmeasured > 0 THEN
    RAISE EXCEPTION 'De hoofdtaken zijn samen niet 100%% of niet alle gemeten (R8)' USING ERRCODE = '23001';
  END IF;
  IF (SELECT count(*) FROM trajectories_wageopinion WHERE assessment_id = NEW.id) <> 2 THEN
    RAISE EXCEPTION 'De zienswijze van werkgever en jongere hoort bij de loonwaarde (R8)' USING ERRCODE = '23001';
  END IF;
  SELECT percentage INTO outcome FROM trajectories_wagevalue
    WHERE id = NEW.value_id AND trajectory_id = NEW.trajectory_id;
  IF outcome IS DISTINCT FROM round(total / 1000000.0)::int THEN
    RAISE EXCEPTION 'De loonwaarde is niet de uitkomst van de meting (R8)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_wageassessment_fixed BEFORE INSERT OR UPDATE OR DELETE
  ON trajectories_wageassessment
  FOR EACH ROW EXECUTE FUNCTION topjob_wage_assessment();
