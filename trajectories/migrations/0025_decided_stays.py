"""What R14 calls a decision stays as it was taken, and a state goes with the rows that prove it (DECISIONS 29).

`topjob_state_lacks` answers in words what a state misses, or nothing; it is asked when everything of a transaction is there, and by
`manage.py verify`. Only steps of `trajectories/workflow.py` exist; `tests/trajectories/test_attacks.py` holds the two together.
"""

from django.db import migrations, models

from topjob.triggers import keep, protect

OPEN = (
    "AANGEMELD",
    "INTAKE",
    "BEMIDDELBAAR",
    "SOLLICITATIE",
    "STARTPLAN",
    "PROEFPERIODE",
    "EVALUATIE",
    "LEERWERK",
    "ADVIES",
    "BANENPOOL",
    "NAZORG",
)
STEPS = (
    ("AANGEMELD", "INTAKE"),
    ("INTAKE", "BEMIDDELBAAR"),
    ("BEMIDDELBAAR", "SOLLICITATIE"),
    ("SOLLICITATIE", "BEMIDDELBAAR"),
    ("SOLLICITATIE", "STARTPLAN"),
    ("SOLLICITATIE", "NAZORG"),
    ("STARTPLAN", "BEMIDDELBAAR"),
    ("STARTPLAN", "PROEFPERIODE"),
    ("PROEFPERIODE", "EVALUATIE"),
    ("PROEFPERIODE", "BEMIDDELBAAR"),
    ("PROEFPERIODE", "ADVIES"),
    ("EVALUATIE", "LEERWERK"),
    ("EVALUATIE", "BEMIDDELBAAR"),
    ("EVALUATIE", "ADVIES"),
    ("LEERWERK", "ADVIES"),
    ("ADVIES", "BANENPOOL"),
    ("BANENPOOL", "ADVIES"),
    ("BANENPOOL", "NAZORG"),
    ("BANENPOOL", "BEMIDDELBAAR"),
    ("NAZORG", "BANENPOOL"),
    *((state, "AFSLUITING") for state in OPEN),
    ("AFSLUITING", "AFGESLOTEN"),
)

SIGNED = """
CREATE FUNCTION topjob_signers_missing(plan bigint, paper bigint, document bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH signed AS (
    SELECT s.role::text AS role, s.signed_on FROM trajectories_signature s
    JOIN trajectories_generateddocument d ON d.id = topjob_signers_missing.document AND d.sha256 = s.document_sha256
    WHERE s.plan_id = topjob_signers_missing.plan OR s.paper_id = topjob_signers_missing.paper
  ), asked AS (
    SELECT unnest(ARRAY['jongere', 'werkgever', 'jobcoach']) AS role WHERE topjob_signers_missing.plan IS NOT NULL
    UNION SELECT 'vertegenwoordiger' FROM signed y, trajectories_startplan p
      JOIN trajectories_trajectory t ON t.id = p.trajectory_id JOIN candidates_candidate c ON c.id = t.candidate_id
      WHERE p.id = topjob_signers_missing.plan AND y.role = 'jongere' AND extract(year FROM age(y.signed_on, c.birth_date)) < 18
    UNION SELECT party FROM trajectories_planparty WHERE paper_id = topjob_signers_missing.paper
  )
  SELECT array_agg(role ORDER BY role) FROM asked WHERE role NOT IN (SELECT role FROM signed)
$$;

CREATE FUNCTION topjob_all_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  missing text[];
BEGIN
  IF OLD.status <> 'verzonden' OR NEW.signed_at IS NULL OR NEW.document_id IS NULL THEN
    RAISE EXCEPTION 'Getekend wordt alleen wat verzonden en vastgelegd is (R5)' USING ERRCODE = '23001';
  END IF;
  IF TG_TABLE_NAME = 'trajectories_startplan' THEN
    missing := topjob_signers_missing(NEW.id, NULL, NEW.document_id);
  ELSE
    missing := topjob_signers_missing(NULL, NEW.id, NEW.document_id);
  END IF;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'Nog niet getekend door: % (R4)', array_to_string(missing, ', ') USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER trajectories_{table}_signed BEFORE UPDATE OF status ON trajectories_{table} FOR EACH ROW"
    " WHEN (NEW.status = 'getekend' AND OLD.status <> 'getekend') EXECUTE FUNCTION topjob_all_signed();"
    for table in ("startplan", "paper")
)

LINKS = """
CREATE FUNCTION topjob_link_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change text[] := ARRAY['token_hash', 'sent_at', 'channel', 'expires_at', 'voided_at'];
BEGIN
  IF OLD.used_at IS NOT NULL THEN
    RAISE EXCEPTION 'Een gebruikte link verandert niet (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.voided_at IS NOT NULL AND NEW.voided_at IS NULL THEN
    RAISE EXCEPTION 'Een vervallen link gaat niet weer open (R14)' USING ERRCODE = '23001';
  END IF;
  IF OLD.declined_at IS NULL THEN
    may_change := may_change || ARRAY['used_at', 'declined_at', 'decline_reason'];
  END IF;
  IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
    RAISE EXCEPTION 'Van een persoonlijke link verandert niet van wie of waarvoor hij is, en een weigering blijft (R14)'
      USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_partylink_fixed BEFORE UPDATE ON trajectories_partylink
  FOR EACH ROW EXECUTE FUNCTION topjob_link_fixed();
"""

# What is fixed from a certain moment on.
DECIDED = """
CREATE TRIGGER trajectories_advice_given BEFORE UPDATE ON trajectories_advice
  FOR EACH ROW WHEN (OLD.given_at IS NOT NULL) EXECUTE FUNCTION topjob_refuse_change();
CREATE TRIGGER trajectories_evaluation_decided BEFORE UPDATE ON trajectories_evaluation
  FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION topjob_refuse_change();
CREATE TRIGGER trajectories_trainingend_fixed BEFORE UPDATE ON trajectories_trainingend
  FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();
CREATE TRIGGER trajectories_aftercare_stopped BEFORE UPDATE ON trajectories_aftercare
  FOR EACH ROW WHEN (OLD.stopped_on IS NOT NULL) EXECUTE FUNCTION topjob_refuse_change();

CREATE FUNCTION topjob_closed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT state FROM trajectories_trajectory WHERE id = OLD.trajectory_id) = 'AFGESLOTEN' THEN
    RAISE EXCEPTION 'Een gesloten dossier verandert niet (R15)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_exittalk_closed BEFORE UPDATE ON trajectories_exittalk
  FOR EACH ROW EXECUTE FUNCTION topjob_closed_stays();
CREATE TRIGGER trajectories_completion_closed BEFORE UPDATE ON trajectories_completion
  FOR EACH ROW EXECUTE FUNCTION topjob_closed_stays();
"""
KEPT = (
    "trajectories_advice",
    "trajectories_evaluation",
    "trajectories_trialperiod",
    "trajectories_application",
    "trajectories_seatclaim",
    "trajectories_aftercare",
    "trajectories_exittalk",
    "trajectories_completion",
    "trajectories_partylink",
)

GROUPS = """
CREATE FUNCTION topjob_group_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.group_size < (
    SELECT count(*) FROM trajectories_projectparticipation WHERE project_id = NEW.id AND left_on IS NULL
  ) THEN
    RAISE EXCEPTION 'Er zitten meer deelnemers in deze groep (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER employers_learnworkproject_in_use BEFORE UPDATE OF group_size ON employers_learnworkproject
  FOR EACH ROW WHEN (NEW.group_size IS DISTINCT FROM OLD.group_size) EXECUTE FUNCTION topjob_group_in_use();

CREATE OR REPLACE FUNCTION topjob_group_size() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  size int;
BEGIN
  IF NEW.left_on IS NOT NULL THEN RETURN NEW; END IF;
  -- Waits for whoever changes the size now, or takes another place.
  SELECT group_size INTO size FROM employers_learnworkproject WHERE id = NEW.project_id FOR NO KEY UPDATE;
  IF size IS NOT NULL AND (NEW.seat_number > size OR size <= (
    SELECT count(*) FROM trajectories_projectparticipation WHERE project_id = NEW.project_id AND left_on IS NULL AND id <> NEW.id
  )) THEN
    RAISE EXCEPTION 'De groep van dit project is vol (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER trajectories_projectparticipation_size ON trajectories_projectparticipation;
CREATE TRIGGER trajectories_projectparticipation_size BEFORE INSERT OR UPDATE OF project_id, seat_number, left_on
  ON trajectories_projectparticipation FOR EACH ROW EXECUTE FUNCTION topjob_group_size();
"""

STATES = f"""
CREATE FUNCTION topjob_step_exists(state_from text, state_to text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT (state_from, state_to) IN ({", ".join(f"('{start}', '{end}')" for start, end in STEPS)})
$$;

CREATE FUNCTION topjob_step_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'AANGEMELD' THEN
      RAISE EXCEPTION 'Een traject begint bij AANGEMELD (R1)' USING ERRCODE = '23001';
    END IF;
  ELSIF NOT topjob_step_exists(OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'Een traject gaat niet van % naar % (R14)', OLD.state, NEW.state USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trajectories_trajectory_begins BEFORE INSERT ON trajectories_trajectory
  FOR EACH ROW EXECUTE FUNCTION topjob_step_taken();
-- After the others: they say better what is missing.
CREATE TRIGGER trajectories_trajectory_step BEFORE UPDATE OF state ON trajectories_trajectory
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION topjob_step_taken();

CREATE FUNCTION topjob_state_lacks(trajectory bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
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

CREATE FUNCTION topjob_state_proven() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  facts jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  own bigint;
  lacks text;
BEGIN
  own := CASE TG_TABLE_NAME
    WHEN 'trajectories_trajectory' THEN (facts ->> 'id')::bigint
    WHEN 'trajectories_evaluation' THEN (SELECT trajectory_id FROM trajectories_trialperiod WHERE id = (facts ->> 'trial_id')::bigint)
    WHEN 'trajectories_seatclaim' THEN
      (SELECT trajectory_id FROM trajectories_application WHERE id = (facts ->> 'application_id')::bigint)
    ELSE (facts ->> 'trajectory_id')::bigint END;
  lacks := topjob_state_lacks(own);
  IF lacks IS NOT NULL THEN
    RAISE EXCEPTION 'Traject %: de stand % mist %', own, (SELECT state FROM trajectories_trajectory WHERE id = own), lacks
      USING ERRCODE = '23001';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER trajectories_trajectory_proven AFTER INSERT OR UPDATE OF state, department_id, registration_id
  ON trajectories_trajectory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();
"""
PROOFS = {
    "application": "trajectory_id",
    "trialperiod": "trajectory_id",
    "evaluation": "trial_id",
    "seatclaim": "application_id",
    "placement": "trajectory_id",
    "contract": "trajectory_id",
    "trainingend": "trajectory_id",
    "advice": "trajectory_id",
    "aftercare": "trajectory_id",
}
MOVED = """
CREATE FUNCTION topjob_proof_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Dit blijft bij het traject waar het van is (R14)' USING ERRCODE = '23001';
END $$;
"""
PROVEN = MOVED + "".join(
    f"CREATE CONSTRAINT TRIGGER trajectories_{table}_proves AFTER INSERT OR UPDATE OR DELETE ON trajectories_{table}"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION topjob_state_proven();"
    f"CREATE TRIGGER trajectories_{table}_moved BEFORE UPDATE OF {key} ON trajectories_{table} FOR EACH ROW"
    f" WHEN (OLD.{key} IS DISTINCT FROM NEW.{key}) EXECUTE FUNCTION topjob_proof_moved();"
    for table, key in PROOFS.items()
)
PERIOD = models.Q(period__isempty=False, period__startswith__isnull=False)


class Migration(migrations.Migration):
    dependencies = [
        ("trajectories", "0024_signed_copy"),
        ("candidates", "0009_search_text"),
        ("matching", "0010_fair_ties"),
        ("employers", "0003_search_text"),
    ]
    operations = [
        *protect("trajectories_payerpermission", "trajectories_trialextension", "trajectories_quickscan"),
        *keep(*KEPT),
        migrations.RunSQL(SIGNED, migrations.RunSQL.noop),
        migrations.RunSQL(LINKS, migrations.RunSQL.noop),
        migrations.RunSQL(DECIDED, migrations.RunSQL.noop),
        migrations.RunSQL(GROUPS, migrations.RunSQL.noop),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
        migrations.RunSQL(PROVEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "seatclaim", models.CheckConstraint(condition=PERIOD, name="seat_has_period")
        ),
        migrations.AddConstraint(
            "placement", models.CheckConstraint(condition=PERIOD, name="placement_has_period")
        ),
        migrations.AddConstraint(
            "contract",
            models.CheckConstraint(
                condition=PERIOD & models.Q(period__startswith=models.F("starts_on")), name="contract_has_period"
            ),
        ),
        migrations.AddConstraint(
            "evaluation",
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decision="")
                | models.Q(
                    decided_at__isnull=False, decision__in=["continue_learning", "other_place", "seek_advice"]
                ),
                name="evaluation_decision_has_moment",
            ),
        ),
    ]
