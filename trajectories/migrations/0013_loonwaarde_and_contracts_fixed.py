"""R7–R10 in PostgreSQL: what a contract rests on, a settled loonwaarde that never changes; a raw statement can't break them."""

from django.db import migrations

from topjob.triggers import protect

FIXED = """
CREATE FUNCTION topjob_wage_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER trajectories_wageassessment_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_wageassessment
  FOR EACH ROW EXECUTE FUNCTION topjob_wage_assessment();
CREATE TRIGGER trajectories_wageassessment_kept BEFORE TRUNCATE ON trajectories_wageassessment
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();

CREATE FUNCTION topjob_wage_part_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
PARTS = ("wagetask", "wageopinion")
PART_TRIGGERS = "".join(
    f"CREATE TRIGGER trajectories_{part}_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_{part}"
    " FOR EACH ROW EXECUTE FUNCTION topjob_wage_part_fixed();"
    f"CREATE TRIGGER trajectories_{part}_kept BEFORE TRUNCATE ON trajectories_{part}"
    " FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();"
    for part in PARTS
)


CONTRACTS = """
CREATE FUNCTION topjob_law(key text, day date, client bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT s.value FROM accounts_lawsetting s
  WHERE s.key = topjob_law.key AND s.valid_from <= day AND (s.client_id IS NULL OR s.client_id = client)
  ORDER BY s.client_id IS NULL, s.valid_from DESC LIMIT 1
$$;

CREATE FUNCTION topjob_trial_last_day(trial bigint) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT greatest(x.ends_on, (SELECT max(v.until) FROM trajectories_trialextension v WHERE v.trial_id = x.id))
  FROM trajectories_trialperiod x WHERE x.id = trial
$$;

CREATE FUNCTION topjob_evaluation_allows(evaluation bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
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

CREATE FUNCTION topjob_contract_rules() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER trajectories_contract_rules BEFORE INSERT OR UPDATE OF kind, holder, starts_on, ends_on, trajectory_id,
    organisation_id, previous_id, probation_months ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_contract_rules();

CREATE FUNCTION topjob_trial_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM trajectories_startplan WHERE id = NEW.plan_id AND construction = '2') AND NOT EXISTS (
    SELECT 1 FROM trajectories_contract c WHERE c.trajectory_id = NEW.trajectory_id AND c.kind = 'proef'
      AND c.holder = 'maatwerq' AND (c.starts_on, c.ends_on) = (NEW.starts_on, NEW.ends_on)
  ) THEN
    RAISE EXCEPTION 'Bij constructie 2 hoort een contract van precies de proefperiode (R10)' USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER trajectories_trialperiod_contract AFTER INSERT ON trajectories_trialperiod
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_trial_contract();

CREATE FUNCTION topjob_learning_needs_contract() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER trajectories_trajectory_learning BEFORE UPDATE OF state ON trajectories_trajectory
  FOR EACH ROW WHEN (NEW.state = 'LEERWERK' AND OLD.state IS DISTINCT FROM 'LEERWERK')
  EXECUTE FUNCTION topjob_learning_needs_contract();
"""



class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_rules_of_money"), ("trajectories", "0012_loonwaarde_money_interruptions")]
    operations = [
        *protect("trajectories_wagevalue"),
        migrations.RunSQL(FIXED + PART_TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(CONTRACTS, migrations.RunSQL.noop),
    ]
