"""R4, R5, R6, R13 and R14 in PostgreSQL: a raw SQL statement can't break them either."""

from django.db import migrations

from topjob.triggers import protect

PLAN_FIXED = """
CREATE FUNCTION topjob_plan_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['status', 'document_id', 'signed_document_id', 'signed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'concept' THEN
      RAISE EXCEPTION 'Een startplan begint als concept (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'concept' AND current_user <> 'topjob_destroyer' THEN
      RAISE EXCEPTION 'Een verstuurd startplan blijft bewaard (R5)' USING ERRCODE = '23001';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status = 'concept' THEN RETURN NEW; END IF;
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Een verstuurd startplan verandert niet: maak een nieuwe versie (R5)' USING ERRCODE = '23001';
  END IF;
  IF (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id)
     OR (OLD.signed_document_id IS NOT NULL AND NEW.signed_document_id IS DISTINCT FROM OLD.signed_document_id)
     OR (OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at) THEN
    RAISE EXCEPTION 'Het vastgelegde document van een startplan verandert niet (R5)' USING ERRCODE = '23001';
  END IF;
  IF NEW.status <> OLD.status
     AND (OLD.status, NEW.status) NOT IN
         (('verzonden', 'getekend'), ('verzonden', 'ingetrokken'), ('getekend', 'vervangen')) THEN
    RAISE EXCEPTION 'Een startplan gaat niet van % naar % (R5)', OLD.status, NEW.status USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_startplan_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_startplan
  FOR EACH ROW EXECUTE FUNCTION topjob_plan_fixed();
CREATE TRIGGER trajectories_startplan_kept BEFORE TRUNCATE ON trajectories_startplan
  FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();
"""

PART_FIXED = """
CREATE FUNCTION topjob_plan_part_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
PARTS = ("learninggoal", "planagreement", "evaluationdate", "planparty")
PART_TRIGGERS = "".join(
    f"CREATE TRIGGER trajectories_{part}_fixed BEFORE INSERT OR UPDATE OR DELETE ON trajectories_{part}"
    " FOR EACH ROW EXECUTE FUNCTION topjob_plan_part_fixed();"
    f"CREATE TRIGGER trajectories_{part}_kept BEFORE TRUNCATE ON trajectories_{part}"
    " FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();"
    for part in PARTS
)

TRIAL_SIGNED = """
CREATE FUNCTION topjob_period_end(start date, months int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN extract(day FROM start + make_interval(months => months)) = extract(day FROM start)
              THEN (start + make_interval(months => months))::date - 1
              ELSE (start + make_interval(months => months))::date END
$$;
ALTER TABLE trajectories_trialperiod ADD CONSTRAINT trial_lasts_its_months
  CHECK (ends_on = topjob_period_end(starts_on, months));
ALTER TABLE trajectories_startplan ADD CONSTRAINT plan_trial_lasts_its_months
  CHECK (trial_ends_on = topjob_period_end(trial_starts_on, trial_months));

CREATE FUNCTION topjob_trial_signed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER trajectories_trialperiod_signed BEFORE INSERT OR UPDATE ON trajectories_trialperiod
  FOR EACH ROW EXECUTE FUNCTION topjob_trial_signed();
"""

SEATS = """
CREATE FUNCTION topjob_seat_exists() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  available int;
  in_use int;
BEGIN
  IF NEW.cancelled THEN RETURN NEW; END IF;
  SELECT seats INTO available FROM employers_vacancy WHERE id = NEW.vacancy_id FOR UPDATE;
  SELECT count(*) INTO in_use FROM trajectories_seatclaim
    WHERE vacancy_id = NEW.vacancy_id AND NOT cancelled AND upper_inf(period) AND id <> NEW.id;
  IF NEW.seat_number > available OR (upper_inf(NEW.period) AND in_use >= available) THEN
    RAISE EXCEPTION 'Deze vacature heeft niet meer dan % plaatsen (R13)', available USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_seatclaim_exists BEFORE INSERT OR UPDATE ON trajectories_seatclaim
  FOR EACH ROW EXECUTE FUNCTION topjob_seat_exists();

CREATE FUNCTION topjob_seats_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seats < OLD.seats AND NEW.seats < (
    SELECT count(*) FROM trajectories_seatclaim WHERE vacancy_id = NEW.id AND NOT cancelled AND upper_inf(period)
  ) THEN
    RAISE EXCEPTION 'Er zijn meer plaatsen in gebruik dan dit aantal (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER employers_vacancy_seats_in_use BEFORE UPDATE OF seats ON employers_vacancy
  FOR EACH ROW EXECUTE FUNCTION topjob_seats_in_use();

CREATE FUNCTION topjob_group_size() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  size int;
BEGIN
  SELECT group_size INTO size FROM employers_learnworkproject WHERE id = NEW.project_id;
  IF size IS NOT NULL AND NEW.seat_number > size THEN
    RAISE EXCEPTION 'De groep van dit project is vol (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_projectparticipation_size BEFORE INSERT OR UPDATE OF project_id, seat_number
  ON trajectories_projectparticipation FOR EACH ROW EXECUTE FUNCTION topjob_group_size();
"""

STATE_LOGGED = """
CREATE FUNCTION topjob_state_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT state FROM trajectories_trajectory WHERE id = NEW.id) IS DISTINCT FROM (
    SELECT state_to FROM accounts_auditentry
    WHERE trajectory_id = NEW.id AND state_to <> '' ORDER BY id DESC LIMIT 1
  ) THEN
    RAISE EXCEPTION 'Een verandering van stand staat altijd in het logboek (R14)' USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER trajectories_trajectory_state_logged AFTER UPDATE OF state ON trajectories_trajectory
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION topjob_state_logged();
"""


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0001_initial"), ("accounts", "0002_protect_log")]
    operations = [
        *protect(
            "trajectories_generateddocument",
            "trajectories_signature",
            "trajectories_evaluationview",
            "trajectories_evaluationscore",
        ),
        migrations.RunSQL(PLAN_FIXED, migrations.RunSQL.noop),
        migrations.RunSQL(PART_FIXED + PART_TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIAL_SIGNED, migrations.RunSQL.noop),
        migrations.RunSQL(SEATS, migrations.RunSQL.noop),
        migrations.RunSQL(STATE_LOGGED, migrations.RunSQL.noop),
    ]
