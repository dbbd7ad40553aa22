"""R1–R18 asked of what is stored: no state that breaks a rule, no deadline without an owner. Plain SQL, apart from the guards.

Each question answers the ids of what is wrong. It doesn't use the actions' own rules, so that a mistake there shows here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from accounts.verify import check
from candidates.models import TargetGroup
from candidates.rules import eligibility
from trajectories.keeping import retention
from trajectories.keeping.decided import DECIDED
from trajectories.keeping.stored import STORED
from trajectories.models import Deadline, Trajectory
from trajectories.process.workflow import Journey, State, name_of

# How many rows are read at once: a case with its registration and its person.
CHUNK = 1000


@dataclass(frozen=True)
class Question:
    """What may not be: the words for one line, and the query that finds the ids it is true of."""

    text: Any
    sql: str


def took(step: Callable) -> str:
    """That a trajectory `t` took this step, in SQL."""
    return f"EXISTS (SELECT 1 FROM accounts_auditentry a WHERE a.trajectory_id = t.id AND a.verb = '{name_of(step)}')"


MAATWERQ = "JOIN accounts_department d ON d.id = t.department_id AND d.code = 'maatwerq'"
SIGNED = """SELECT 1 FROM trajectories_signature s JOIN trajectories_generateddocument g ON g.id = p.document_id
            WHERE s.plan_id = p.id AND s.document_sha256 = g.sha256 AND s.role = """
POSITIVE = """SELECT count(DISTINCT v.role) FROM trajectories_evaluationview v
              WHERE v.evaluation_id = e.id AND v.is_positive AND v.role IN ('jongere', 'werkgever', 'jobcoach')"""

# Contracts that pay less than the minimum wage on their first day, by the rules of the day before they were made and by those of
# now: an amount that came in between wasn't known when the wage was agreed, and the contract says that it rises with it. A
# praktijkovereenkomst that was recorded gave the share of the BBL, also when it turned out later that it holds no more.
UNDERPAID = """SELECT x.id FROM (
      SELECT c.id, c.hourly_wage, c.starts_on, t.client_id, extract(year FROM age(c.starts_on, k.birth_date))::int AS years,
             least(c.starts_on, (c.created_at AT TIME ZONE 'Europe/Amsterdam')::date - 1) AS known_on,
             EXISTS (SELECT 1 FROM trajectories_practiceagreement p
                     WHERE p.trajectory_id = t.id AND c.starts_on BETWEEN p.starts_on AND p.ends_on) AS in_bbl
      FROM trajectories_contract c JOIN trajectories_trajectory t ON t.id = c.trajectory_id
      JOIN candidates_candidate k ON k.id = t.candidate_id WHERE c.hourly_wage IS NOT NULL
    ) x CROSS JOIN LATERAL (VALUES (x.known_on), (x.starts_on)) AS d(day)
    GROUP BY x.id, x.hourly_wage HAVING x.hourly_wage < min(round(
      topjob_law('minimumloon_uur', d.day, x.client_id)::numeric * CASE WHEN x.years < 15 THEN 0 WHEN x.years >= 21 THEN 100
        ELSE least(topjob_law('minimumloon_' || x.years, d.day, x.client_id)::numeric,
                   CASE WHEN x.in_bbl AND x.years >= 18 THEN topjob_law('bbl_loon_' || x.years, d.day, x.client_id)::numeric END)
        END / 100, 2))"""

# Who is younger, or works longer, than the rules of the first day allow who starts without a trial (Arbeidstijdenwet).
TOO_YOUNG = """SELECT c.id FROM trajectories_contract c JOIN trajectories_trajectory t ON t.id = c.trajectory_id
      JOIN candidates_candidate k ON k.id = t.candidate_id
      CROSS JOIN LATERAL (SELECT extract(year FROM age(c.starts_on, k.birth_date)) AS years) a
    WHERE c.agreement_id IS NOT NULL AND a.years < 18 AND (
      a.years < topjob_law('werken_vanaf_leeftijd', c.starts_on, t.client_id)::int OR c.hours_per_week > topjob_law(
        CASE WHEN a.years < 16 THEN 'werken_uren_tot_16' ELSE 'werken_uren_tot_18' END, c.starts_on, t.client_id)::int)"""

# What a volunteer gets an hour or a month, above the most of the first day (Wet op de loonbelasting art. 2 lid 6).
OVERPAID = """SELECT c.id FROM trajectories_contract c JOIN trajectories_trajectory t ON t.id = c.trajectory_id
      JOIN trajectories_agreementkind a ON a.id = c.agreement_id AND a.pays = 'vrijwilligersvergoeding'
      JOIN candidates_candidate k ON k.id = t.candidate_id
    WHERE c.allowance * CASE WHEN c.allowance_per = 'uur' THEN c.hours_per_week * 52.0 / 12 ELSE 1 END
        > topjob_law('vrijwilliger_maand', c.starts_on, t.client_id)::numeric
      OR c.allowance_per = 'uur' AND c.allowance > topjob_law(
        CASE WHEN extract(year FROM age(c.starts_on, k.birth_date)) < 21 THEN 'vrijwilliger_uur_jong'
          ELSE 'vrijwilliger_uur' END, c.starts_on, t.client_id)::numeric"""

RULES: tuple[tuple[str, Any, tuple[Question, ...]], ...] = (
    (
        "R1",
        _("MaatwerQ begint met een toegewezen aanmelding van iemand die gemotiveerd is"),
        (
            Question(
                _("Traject %(id)s: de intake begon zonder toegewezen aanmelding met motivatie."),
                f"""SELECT t.id FROM trajectories_trajectory t {MAATWERQ}
                    JOIN candidates_registration r ON r.id = t.registration_id
                    WHERE {took(Journey.start_intake)} AND (r.status <> 'TOEGEWEZEN'
                      OR r.department_id IS DISTINCT FROM t.department_id OR r.is_motivated IS NOT TRUE
                      OR btrim(r.motivation) = '')""",
            ),
        ),
    ),
    (
        "R3",
        _("Geen voorstel zonder Foto, toets, financiën en bevestigd zoekprofiel"),
        (
            Question(
                _("Traject %(id)s: voorgesteld zonder Foto, toets van ondersteuningsvragen of toets financiën."),
                f"""SELECT t.id FROM trajectories_trajectory t {MAATWERQ} WHERE {took(Journey.introduce)} AND NOT (
                      EXISTS (SELECT 1 FROM candidates_lifesnapshot f WHERE f.candidate_id = t.candidate_id)
                      AND EXISTS (SELECT 1 FROM candidates_supportreview f WHERE f.candidate_id = t.candidate_id)
                      AND EXISTS (SELECT 1 FROM candidates_financecheck f WHERE f.candidate_id = t.candidate_id))""",
            ),
            Question(
                _("Traject %(id)s: voorgesteld zonder bevestigd zoekprofiel."),
                f"""SELECT t.id FROM trajectories_trajectory t WHERE {took(Journey.introduce)} AND NOT EXISTS (
                      SELECT 1 FROM matching_searchprofile z
                      JOIN candidates_candidate c ON c.id = z.candidate_id
                      WHERE t.candidate_id IN (c.id, c.joined_into_id) AND z.confirmed_at IS NOT NULL)""",
            ),
        ),
    ),
    (
        "R4",
        _("Geen proefperiode zonder alle handtekeningen, op tijd"),
        (
            Question(
                _("Proefperiode %(id)s: niet door jongere, werkgever en jobcoach getekend."),
                f"""SELECT x.id FROM trajectories_trialperiod x JOIN trajectories_startplan p ON p.id = x.plan_id
                    WHERE NOT EXISTS ({SIGNED} 'jongere') OR NOT EXISTS ({SIGNED} 'werkgever')
                      OR NOT EXISTS ({SIGNED} 'jobcoach')""",
            ),
            Question(
                _("Proefperiode %(id)s: begon vóór de laatste handtekening."),
                """SELECT x.id FROM trajectories_trialperiod x
                   WHERE x.starts_on < (SELECT max(s.signed_on) FROM trajectories_signature s WHERE s.plan_id = x.plan_id)
                """,
            ),
            Question(
                _("Proefperiode %(id)s: onder de 18 en niet getekend door een wettelijk vertegenwoordiger."),
                f"""SELECT x.id FROM trajectories_trialperiod x JOIN trajectories_startplan p ON p.id = x.plan_id
                    JOIN trajectories_trajectory t ON t.id = x.trajectory_id
                    JOIN candidates_candidate c ON c.id = t.candidate_id
                    JOIN trajectories_signature y ON y.plan_id = p.id AND y.role = 'jongere'
                    WHERE extract(year FROM age(y.signed_on, c.birth_date)) < 18 AND NOT EXISTS ({SIGNED} 'vertegenwoordiger')
                """,
            ),
        ),
    ),
    (
        "R5",
        _("Een getekend startplan heeft zijn document, en dat is wat getekend is"),
        (
            Question(
                _("Startplan %(id)s: getekend, maar zonder vastgelegd document."),
                """SELECT id FROM trajectories_startplan
                   WHERE status IN ('getekend', 'vervangen') AND (document_id IS NULL OR signed_at IS NULL)""",
            ),
            Question(
                _("Handtekening %(id)s: zonder gebruikte code en zonder nagekeken scan."),
                """SELECT s.id FROM trajectories_signature s
                   LEFT JOIN trajectories_signingcode c ON c.id = s.code_id AND c.used_at IS NOT NULL
                   LEFT JOIN trajectories_scan n ON n.id = s.scan_id AND n.confirmed_by_id <> n.uploaded_by_id
                   WHERE s.method <> 'link' AND c.id IS NULL AND n.id IS NULL""",
            ),
            Question(
                _("Handtekening %(id)s: staat onder een ander document dan dat waar hij bij hoort."),
                """SELECT s.id FROM trajectories_signature s JOIN trajectories_paper p ON p.id = s.paper_id
                   LEFT JOIN trajectories_generateddocument g ON g.id = p.document_id
                   WHERE g.sha256 IS DISTINCT FROM s.document_sha256""",
            ),
            Question(
                _("Handtekening %(id)s: staat onder een ander document dan dat van het startplan."),
                """SELECT s.id FROM trajectories_signature s JOIN trajectories_startplan p ON p.id = s.plan_id
                   LEFT JOIN trajectories_generateddocument g ON g.id = p.document_id
                   WHERE g.sha256 IS DISTINCT FROM s.document_sha256""",
            ),
        ),
    ),
    (
        "R6",
        _("Een proefperiode duurt haar kalendermaanden"),
        (
            Question(
                _("Proefperiode %(id)s: eindigt niet op de laatste dag van haar kalendermaanden."),
                """SELECT id FROM trajectories_trialperiod WHERE ends_on <> topjob_period_end(starts_on, months)""",
            ),
            Question(
                _("Proefperiode %(id)s: volgt het getekende startplan niet."),
                """SELECT x.id FROM trajectories_trialperiod x JOIN trajectories_startplan p ON p.id = x.plan_id
                   WHERE x.starts_on <> p.trial_starts_on OR x.months <> p.trial_months""",
            ),
        ),
    ),
    (
        "R7",
        _("Het contract volgt alleen als alle partijen positief zijn"),
        (
            Question(
                _("Evaluatie %(id)s: doorgegaan zonder drie positieve oordelen."),
                f"""SELECT e.id FROM trajectories_evaluation e WHERE e.decision = 'continue_learning' AND (
                      ({POSITIVE}) < 3 OR EXISTS (SELECT 1 FROM trajectories_evaluationview v
                                                  WHERE v.evaluation_id = e.id AND NOT v.is_positive))""",
            ),
        ),
    ),
    (
        "R8",
        _("Waar loonwaarde nodig is, is zij er"),
        (
            Question(
                _("Evaluatie %(id)s: doorgegaan zonder de loonwaarde die nodig was."),
                """SELECT e.id FROM trajectories_evaluation e JOIN trajectories_trialperiod x ON x.id = e.trial_id
                   JOIN trajectories_trajectory t ON t.id = x.trajectory_id
                   LEFT JOIN candidates_targetgroup g ON g.id = t.target_group_id
                   WHERE e.decision = 'continue_learning'
                     AND (coalesce(g.needs_wage_value, false) OR e.wants_wage_subsidy OR coalesce(e.wage_value_needed, false))
                     AND NOT EXISTS (SELECT 1 FROM trajectories_wagevalue w WHERE w.trajectory_id = t.id)""",
            ),
        ),
    ),
    (
        "R9",
        _("Een leerwerkcontract volgt op de proefperiode en duurt zijn maanden"),
        (
            Question(
                _("Contract %(id)s: korter of langer dan mocht toen het gemaakt werd."),
                """SELECT id FROM trajectories_contract WHERE kind = 'leerwerk' AND (
                     (min_months > 0 AND ends_on < topjob_period_end(starts_on, min_months))
                     OR (max_months IS NOT NULL AND ends_on > topjob_period_end(starts_on, max_months)))""",
            ),
            Question(
                _("Contract %(id)s: begint niet op de dag na een proefperiode of eerder contract."),
                """SELECT c.id FROM trajectories_contract c LEFT JOIN trajectories_contract b ON b.id = c.previous_id
                   WHERE c.kind = 'leerwerk' AND NOT (b.id IS NOT NULL
                       AND c.starts_on = coalesce(b.ended_early_on, b.ends_on) + 1)
                     AND NOT EXISTS (SELECT 1 FROM trajectories_trialperiod x WHERE x.trajectory_id = c.trajectory_id
                       AND c.starts_on = 1 + greatest(x.ends_on, coalesce(
                         (SELECT max(v.until) FROM trajectories_trialextension v WHERE v.trial_id = x.id), x.ends_on)))
                """,
            ),
        ),
    ),
    (
        "R10",
        _("Constructie 2 heeft een contract van precies de proefperiode"),
        (
            Question(
                _("Proefperiode %(id)s: constructie 2 zonder contract van precies de proefperiode."),
                """SELECT x.id FROM trajectories_trialperiod x JOIN trajectories_startplan p ON p.id = x.plan_id
                   WHERE p.construction = '2' AND NOT EXISTS (SELECT 1 FROM trajectories_contract c
                     WHERE c.trajectory_id = x.trajectory_id AND c.kind = 'proef' AND c.holder = 'maatwerq'
                       AND c.starts_on = x.starts_on AND c.ends_on = x.ends_on)""",
            ),
        ),
    ),
    (
        "R11",
        _("Niemand raakt uit beeld"),
        (
            Question(
                _("Traject %(id)s: in leerwerk zonder leerwerkcontract."),
                """SELECT t.id FROM trajectories_trajectory t WHERE t.state = 'LEERWERK' AND NOT EXISTS (
                     SELECT 1 FROM trajectories_contract c
                     WHERE c.trajectory_id = t.id AND c.kind = 'leerwerk' AND c.ended_early_on IS NULL)""",
            ),
            Question(
                _("Traject %(id)s: opleiding afgerond zonder vastgelegd einde."),
                f"""SELECT t.id FROM trajectories_trajectory t WHERE {took(Journey.finish_training)} AND NOT EXISTS (
                     SELECT 1 FROM trajectories_trainingend x WHERE x.trajectory_id = t.id)""",
            ),
        ),
    ),
    (
        "R12",
        _("Nazorg duurt ten hoogste twaalf maanden"),
        (
            Question(
                _("Nazorg %(id)s: duurt langer dan twaalf maanden."),
                "SELECT id FROM trajectories_aftercare WHERE ends_on > topjob_period_end(starts_on, 12)",
            ),
            Question(
                _("Traject %(id)s: staat op nazorg zonder lopende nazorg, of andersom."),
                """SELECT t.id FROM trajectories_trajectory t WHERE (t.state = 'NAZORG') <> EXISTS (
                     SELECT 1 FROM trajectories_aftercare n WHERE n.trajectory_id = t.id AND n.stopped_on IS NULL)""",
            ),
        ),
    ),
    (
        "loon",
        _("Elk contract noemt een loon van ten minste het minimumloon (BW 7:655, WML)"),
        (
            Question(
                _("Contract %(id)s: het uurloon is lager dan het minimumloon voor de leeftijd op de eerste dag."),
                UNDERPAID,
            ),
            Question(
                _("Contract %(id)s: wat iemand krijgt past niet bij wat er is afgesproken."),
                """SELECT c.id FROM trajectories_contract c JOIN trajectories_agreementkind a ON a.id = c.agreement_id
                   WHERE (a.pays = 'loon') <> (c.kind = 'direct') OR c.allowance IS NOT NULL
                     AND a.pays NOT IN ('vergoeding', 'vrijwilligersvergoeding')""",
            ),
            Question(_("Contract %(id)s: zo veel uren mag iemand op die leeftijd niet werken."), TOO_YOUNG),
            Question(_("Contract %(id)s: de vergoeding is hoger dan een vrijwilliger mag krijgen."), OVERPAID),
            Question(
                _("Contract %(id)s: staat op papier, in woorden die het loon noemen, zonder loon."),
                """SELECT c.id FROM trajectories_contract c JOIN trajectories_paper p ON p.subject_id = c.id
                   JOIN trajectories_papertemplate w ON w.id = p.template_id AND w.clauses LIKE '%{uurloon}%'
                   WHERE p.status IN ('verzonden', 'getekend') AND c.hourly_wage IS NULL""",
            ),
            Question(
                _("Startplan %(id)s: constructie 2, verstuurd in woorden die het loon noemen, zonder loon."),
                """SELECT p.id FROM trajectories_startplan p JOIN trajectories_plantemplate w ON w.id = p.template_id
                   WHERE p.construction = '2' AND p.status IN ('verzonden', 'getekend') AND w.trial LIKE '%{uurloon}%'
                     AND p.hourly_wage IS NULL""",
            ),
        ),
    ),
    (
        "R13",
        _("Eén traject, één plaatsing, één contract tegelijk; niet meer mensen dan plaatsen"),
        (
            Question(
                _("Kandidaat %(id)s: meer dan één lopend traject."),
                """SELECT candidate_id FROM trajectories_trajectory WHERE state <> 'AFGESLOTEN'
                   GROUP BY candidate_id HAVING count(*) > 1""",
            ),
            Question(
                _("Kandidaat %(id)s: samengevoegd met een ander dossier, en er hangt nog werk aan."),
                """SELECT c.id FROM candidates_candidate c JOIN candidates_candidate k ON k.id = c.joined_into_id
                   WHERE k.joined_into_id IS NOT NULL
                     OR EXISTS (SELECT 1 FROM trajectories_trajectory t WHERE t.candidate_id = c.id)
                     OR EXISTS (SELECT 1 FROM candidates_registration r WHERE r.candidate_id = c.id)""",
            ),
            Question(
                _("Kandidaat %(id)s: twee contracten op één moment."),
                """SELECT DISTINCT a.candidate_id FROM trajectories_contract a JOIN trajectories_contract b
                   ON a.candidate_id = b.candidate_id AND a.id < b.id AND a.period && b.period""",
            ),
            Question(
                _("Kandidaat %(id)s: twee plaatsingen op één moment."),
                """SELECT DISTINCT a.candidate_id FROM trajectories_placement a JOIN trajectories_placement b
                   ON a.candidate_id = b.candidate_id AND a.id < b.id AND a.period && b.period""",
            ),
            Question(
                _("Vacature %(id)s: meer mensen dan plaatsen."),
                """SELECT v.id FROM employers_vacancy v WHERE v.seats < (SELECT count(*) FROM trajectories_seatclaim c
                     WHERE c.vacancy_id = v.id AND NOT c.cancelled AND upper_inf(c.period))""",
            ),
            Question(
                _("Leerwerkproject %(id)s: de groep is groter dan mag."),
                """SELECT p.id FROM employers_learnworkproject p WHERE p.group_size < (
                     SELECT count(*) FROM trajectories_projectparticipation x WHERE x.project_id = p.id AND x.left_on IS NULL)
                """,
            ),
        ),
    ),
    (
        "R14",
        _("Elke verandering van stand staat in het logboek"),
        (
            Question(
                _("Traject %(id)s: de stand is niet die van de laatste logregel."),
                """SELECT t.id FROM trajectories_trajectory t WHERE t.state IS DISTINCT FROM (
                     SELECT a.state_to FROM accounts_auditentry a
                     WHERE a.trajectory_id = t.id AND a.state_to <> '' ORDER BY a.id DESC LIMIT 1)""",
            ),
            Question(
                _("Logregel %(id)s: begint bij een andere stand dan waar de vorige eindigde."),
                """SELECT id FROM (SELECT id, state_from, lag(state_to) OVER (PARTITION BY trajectory_id ORDER BY id) AS earlier
                     FROM accounts_auditentry WHERE trajectory_id IS NOT NULL AND state_to <> '') x
                   WHERE earlier IS NOT NULL AND state_from <> earlier""",
            ),
        ),
    ),
    (
        "R15",
        _("Sluiten vraagt exitgesprek en afronding, en begint de bewaartermijn"),
        (
            Question(
                _("Traject %(id)s: gesloten zonder exitgesprek, afronding of bewaartermijn."),
                """SELECT t.id FROM trajectories_trajectory t WHERE t.state = 'AFGESLOTEN' AND (
                     t.closed_at IS NULL OR t.retention_until IS NULL
                     OR NOT EXISTS (SELECT 1 FROM trajectories_exittalk x WHERE x.trajectory_id = t.id)
                     OR NOT EXISTS (SELECT 1 FROM trajectories_completion x WHERE x.trajectory_id = t.id
                       AND x.documents_complete AND x.client_informed AND x.invoice_settled AND x.accounts_closed))""",
            ),
        ),
    ),
    (
        "R16",
        _("Geen voorstel zonder toestemming"),
        (
            Question(
                _("Sollicitatie %(id)s: voorgesteld aan de werkgever zonder toestemming."),
                "SELECT id FROM trajectories_application WHERE introduced_at IS NOT NULL AND consent_id IS NULL",
            ),
        ),
    ),
    (
        "R18",
        _("Stoppen gaat met een reden"),
        (
            Question(
                _("Logregel %(id)s: een traject is gestopt zonder reden."),
                "SELECT id FROM accounts_auditentry WHERE verb = 'stop' AND state_to <> '' AND text_id IS NULL",
            ),
        ),
    ),
)


def _ask(questions: tuple[Question, ...]) -> Iterator[str]:
    for question in questions:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM ({question.sql}) AS found(id) ORDER BY id")
            ids = [pk for (pk,) in cursor.fetchall()]
        for pk in ids:
            yield str(question.text) % {"id": pk}


for _name, _label, _questions in RULES:
    check(_name, _label)(partial(_ask, _questions))


@check("tellingen", _("Elk opgeslagen cijfer is dat van zijn rijen"))
def figures_follow_rows() -> Iterator[str]:
    """Decision 30: counts and `last_…` that are stored say what their rows say."""
    return _ask(tuple(Question(text, sql) for text, sql in STORED))


@check("besluiten", _("Elke stand heeft haar bewijs, elk besluit is nog wat er besloten is"))
def decisions_stand() -> Iterator[str]:
    """R14, decision 29: no state without the rows that prove it, no decision that differs from the log."""
    return _ask(tuple(Question(text, sql) for text, sql in DECIDED))


@check("R2", _("Doelgroep en leeftijd passen, of het afwijken is vastgelegd"))
def eligibility_holds() -> Iterator[str]:
    """R2: who is past the start of the intake fits table 4.2 on the planned start, or staff recorded why not."""
    known = TargetGroup.objects.prefetch_related("eligibility_rules")
    groups = {row.pk: (row, list(row.eligibility_rules.all())) for row in known}
    started = Trajectory.objects.filter(department__code=Department.MAATWERQ).exclude(state=State.AANGEMELD)
    dated = started.filter(registration__planned_start__isnull=False, registration__override_reason="").order_by("pk")
    asked = ("candidate__birth_date", "target_group", "planned_start", "wants_project")
    columns = ("pk", "stream__number", *(f"registration__{name}" for name in asked))
    for pk, stream, born, number, start, project in dated.values_list(*columns).iterator(chunk_size=CHUNK):
        group, rules = groups.get(number, (None, []))
        if not eligibility(born, group, rules, start, project, stream).is_yes:
            yield str(_("Traject %(id)s: doelgroep en leeftijd passen niet en er is geen reden vastgelegd.")) % {
                "id": pk
            }


@check("termijnen", _("Elke open termijn heeft een eigenaar; elk lopend traject heeft een termijn"))
def deadlines_are_owned() -> Iterator[str]:
    """R11, R17: nothing that is due lies with nobody, and no open file is without a next date."""
    loose = Deadline.objects.open().filter(Q(owner=None) | Q(owner__is_active=False))
    for row in loose.order_by("pk").iterator(chunk_size=CHUNK):
        if row.owner_id is None:
            yield str(_("Termijn %(id)s van traject %(case)s heeft geen eigenaar.")) % {
                "id": row.pk,
                "case": row.trajectory_id,
            }
        else:
            yield str(_("Termijn %(id)s van traject %(case)s is van iemand die hier niet meer werkt.")) % {
                "id": row.pk,
                "case": row.trajectory_id,
            }
    closed = Deadline.objects.open().filter(trajectory__state="AFGESLOTEN").exclude(kind=Deadline.Kind.RETENTION)
    for pk in closed.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        yield str(_("Termijn %(id)s staat open op een gesloten traject.")) % {"id": pk}
    forgotten = Trajectory.objects.open().exclude(pk__in=Deadline.objects.open().values("trajectory"))
    for pk in forgotten.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        yield str(_("Traject %(id)s heeft geen enkele open termijn.")) % {"id": pk}


@check("vernietigd", _("Wat vernietigd is, is weg en blijft weg"))
def destroyed_stays_away() -> Iterator[str]:
    """A backup that was put back brought nobody back (fault 28)."""
    for pk in retention.came_back():
        yield str(_("Kandidaat %(id)s is vernietigd en staat er weer: draai “manage.py destroy --again”.")) % {"id": pk}
