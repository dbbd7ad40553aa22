"""What is stored though it could be counted, held against its rows (decision 30): `manage.py verify` asks these.

Each is the words for one line and the query that finds the ids of what differs. Whoever stores a count, a sum or a `last_…`
adds one.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PARTICIPATION = "SELECT x.id FROM trajectories_projectparticipation x WHERE x.trajectory_id IS NOT NULL AND "
LAST_STEP = """(SELECT a.at FROM accounts_auditentry a WHERE a.trajectory_id = t.id AND a.state_to <> ''
                {} ORDER BY a.id DESC LIMIT 1)"""

STORED: tuple[tuple[Any, str], ...] = (
    (
        _("Leerwerkproject %(id)s: de cijfers zijn niet die van de deelnemers."),
        """SELECT p.id FROM employers_learnworkproject p
           LEFT JOIN trajectories_projectparticipation x ON x.project_id = p.id AND x.started_on IS NOT NULL
           GROUP BY p.id HAVING (p.participants_count, p.passed_count, p.diploma_count, p.jobs_count) IS DISTINCT FROM
             (count(x.id), count(x.passed_trial_on), count(x.diploma_on), count(x.job_on))""",
    ),
    (
        _("Deelname %(id)s: begonnen zonder proefperiode van die dag."),
        PARTICIPATION
        + """x.started_on IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM trajectories_trialperiod r JOIN trajectories_startplan p ON p.id = r.plan_id
             WHERE p.application_id = x.application_id AND r.starts_on = x.started_on)""",
    ),
    (
        _("Deelname %(id)s: proefperiode gehaald zonder besluit om door te gaan."),
        PARTICIPATION
        + """x.passed_trial_on IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM trajectories_evaluation e JOIN trajectories_trialperiod r ON r.id = e.trial_id
             JOIN trajectories_startplan p ON p.id = r.plan_id
             WHERE p.application_id = x.application_id AND e.decision = 'continue_learning')""",
    ),
    (
        _("Deelname %(id)s: een baan zonder contract vanaf die dag."),
        PARTICIPATION
        + """x.job_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trajectories_contract c
             WHERE c.trajectory_id = x.trajectory_id AND c.kind = 'leerwerk' AND c.starts_on = x.job_on)""",
    ),
    (
        _("Deelname %(id)s: een diploma zonder kwalificatie van die dag."),
        PARTICIPATION
        + """x.diploma_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trajectories_qualification q
             WHERE q.trajectory_id = x.trajectory_id AND q."on" = x.diploma_on)""",
    ),
    (
        _("Vacature %(id)s: het aantal vrije plaatsen klopt niet met wie er een plaats heeft."),
        """SELECT v.id FROM employers_vacancy v WHERE v.seats - v.seats_free <> (SELECT count(*) FROM trajectories_seatclaim c
             WHERE c.vacancy_id = v.id AND NOT c.cancelled AND upper_inf(c.period))""",
    ),
    (
        _("Vacature %(id)s: het matchen rekent met een ander aantal vrije plaatsen."),
        """SELECT f.vacancy_id FROM matching_vacancyfact f JOIN employers_vacancy v ON v.id = f.vacancy_id
           WHERE f.seats_free <> v.seats_free""",
    ),
    (
        _("Traject %(id)s: de eerstvolgende termijn in de lijst is niet die van de termijnen zelf."),
        """SELECT t.id FROM trajectories_trajectory t WHERE t.due_on IS DISTINCT FROM (
             SELECT min(d.due_on) FROM trajectories_deadline d
             WHERE d.trajectory_id = t.id AND d.closed_at IS NULL AND t.state <> 'AFGESLOTEN')""",
    ),
    (
        _("Traject %(id)s: “in deze stand sinds” is niet het moment van de laatste stap."),
        f"""SELECT t.id FROM trajectories_trajectory t WHERE abs(extract(epoch FROM t.state_since -
            {LAST_STEP.format("AND a.state_from <> a.state_to")})) > 60""",
    ),
    (
        _("Traject %(id)s: “laatst gewijzigd” ligt vóór de laatste stap."),
        f"SELECT t.id FROM trajectories_trajectory t WHERE t.last_change_at < {LAST_STEP.format('')} - interval '1 day'",
    ),
    (
        _("Kandidaat %(id)s: de jobcoach is niet die van het lopende traject."),
        """SELECT c.id FROM candidates_candidate c WHERE c.jobcoach_id IS DISTINCT FROM (
             SELECT t.jobcoach_id FROM trajectories_trajectory t WHERE t.candidate_id = c.id AND t.state <> 'AFGESLOTEN')""",
    ),
)
