"""B: choosing a vacancy, introducing, the application talk, accepting or declining; seats (R13)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import actor
from accounts.models import Role, User
from candidates import actions as candidate_actions
from candidates.models import Consent
from employers.models import LearnWorkProject, Vacancy
from matching import actions as matching_actions
from matching.models import MatchDecision
from topjob import clock, outbox
from topjob.errors import Reason, Refused, promised
from trajectories.journey.core import By, lock, log, require_work, taking, touch
from trajectories.models import Application, ProjectParticipation, SeatClaim, Trajectory
from trajectories.process import rules
from trajectories.process.periods import ONE_DAY
from trajectories.process.workflow import Journey


@transaction.atomic
def choose_vacancy(trajectory: Trajectory, vacancy: Vacancy, *, by: User) -> Application:
    """The werkmakelaar, a named person, chooses a vacancy for someone; an earlier choice that wasn't introduced makes way."""
    locked = lock(trajectory)
    require_work("choose_vacancy", locked, by=by)
    if full := rules.no_seat_at(vacancy):
        raise Refused(full)
    locked.applications.filter(status=Application.Status.CHOSEN).update(
        status=Application.Status.WITHDRAWN, decided_at=clock.now()
    )
    application = Application.objects.create(
        trajectory=locked,
        vacancy=vacancy,
        organisation=vacancy.employer.organisation,
        chosen_at=clock.now(),
        chosen_by=by,
    )
    touch(locked)
    log(verbs.CHOOSE_VACANCY, locked, by=by, application=application.pk, vacancy=vacancy.pk)
    return application


@transaction.atomic
def choose_match(trajectory: Trajectory, vacancy: Vacancy, *, reason: str = "", by: User) -> Application:
    """Choose from the match: the choice, and what matching said at that moment (AI Act: a named person decides)."""
    application = choose_vacancy(trajectory, vacancy, by=by)
    matching_actions.keep_decision(
        application.trajectory.candidate, vacancy, MatchDecision.Decision.PROPOSED, by=by, reason=reason
    )
    return application


@transaction.atomic
def record_consent(trajectory: Trajectory, *, channel: str, by: User, **shares: bool) -> Consent:
    """Record what the person agreed to share with the employer of the chosen vacancy (R16)."""
    locked = lock(trajectory)
    require_work("record_consent", locked, by=by)
    application = locked.current_application
    if application is None:
        raise Refused(rules.no_vacancy_of(locked))
    existing = locked.candidate.consents.valid().filter(organisation=application.organisation).first()
    if existing is not None:
        candidate_actions.withdraw_consent(existing, by=by)
    consent = candidate_actions.give_consent(
        locked.candidate, organisation=application.organisation, channel=channel, by=by, **shares
    )
    application.consent = consent
    application.save(update_fields=["consent"])
    touch(locked)
    return consent


def tell_who_guides(consent: Consent) -> None:
    """Whoever has the turn hears that a company at which the person is introduced, or works, was shut out by them."""
    rows = Application.objects.filter(
        trajectory__candidate=consent.candidate_id,
        trajectory__closed_at=None,
        organisation=consent.organisation_id,
        status__in=(Application.Status.INTRODUCED, Application.Status.ACCEPTED),
    )
    for row in rows:
        outbox.enqueue("mail_consent_taken_back", key=f"consent-taken-back-{consent.pk}-{row.pk}", application=row.pk)


@transaction.atomic
def introduce(trajectory: Trajectory, *, by: By, talk_at: datetime | None = None) -> None:
    """Introduce the person to the employer of the chosen vacancy (R13, R16)."""
    with taking(Journey.introduce, trajectory, by=by) as locked:
        application = promised(locked.current_application)
        application.status = Application.Status.INTRODUCED
        application.introduced_at = clock.now()
        application.talk_at = talk_at
        if application.consent is None:
            application.consent = (
                locked.candidate.consents.valid().filter(organisation=application.organisation).first()
            )
        application.save()
        outbox.enqueue("mail_proposal", key=f"mail-proposal-{application.pk}", application=application.pk)


@transaction.atomic
def record_talk(trajectory: Trajectory, *, talk_at: datetime, notes: str, by: By) -> None:
    """Record that the application talk was held, by werkmakelaar or employer."""
    locked = lock(trajectory)
    require_work("record_talk", locked, by=by)
    if wrong := rules.talk_not_held_yet(talk_at):
        raise Refused(Reason(wrong, "trajectories:talk", locked.pk))
    application = promised(locked.current_application)
    application.talk_at, application.talk_held, application.talk_notes = talk_at, True, notes
    application.save(update_fields=["talk_at", "talk_held", "talk_notes"])
    touch(locked)
    log(verbs.RECORD_TALK, locked, by=by, application=application.pk)


@transaction.atomic
def decline_application(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """No click: employer, person or werkmakelaar says no, with a reason."""
    with taking(Journey.decline_application, trajectory, by=by, reason=reason) as locked:
        application = promised(locked.current_application)
        end_application(application, Application.Status.DECLINED)
        who = actor(by).user
        if who is None or application.organisation_id not in who.organisations_as(Role.WERKGEVER):
            tell_employer(application)


@transaction.atomic
def accept_application(
    trajectory: Trajectory, *, construction: str, route: str, level: str, planned_start: date, by: By
) -> None:
    """A positive talk: construction, route and level are agreed and a numbered seat is claimed (R13, decision 7)."""
    with taking(Journey.accept_application, trajectory, by=by) as locked:
        application = promised(locked.current_application)
        application.construction, application.route, application.level = construction, route, level
        application.planned_start = planned_start
        application.status = Application.Status.ACCEPTED
        application.decided_at = clock.now()
        application.save()
        claim_seat(application, planned_start)
        if application.vacancy.project is not None:
            _join_project(application, application.vacancy.project)


def claim_seat(application: Application, start: date) -> SeatClaim:
    """Claim the lowest free seat number from a date on; refused when all are taken (R13)."""
    vacancy = Vacancy.objects.select_for_update().get(pk=application.vacancy_id)
    period = DateRange(start, None)
    taken = set(_claims(vacancy).filter(period__overlap=period).values_list("seat_number", flat=True))
    free = next((number for number in range(1, vacancy.seats + 1) if number not in taken), None)
    if free is None:
        raise Refused(Reason(_("Alle plaatsen van deze vacature zijn bezet."), "employers:vacancy", vacancy.pk))
    claim = SeatClaim.objects.create(vacancy=vacancy, seat_number=free, application=application, period=period)
    _count_seats(vacancy)
    return claim


def free_seat(application: Application, last_day: date) -> None:
    """Give the seat back after the last day it was used; a claim that hadn't started is cancelled (decision 7)."""
    claim = SeatClaim.objects.select_for_update().filter(application=application, cancelled=False).first()
    if claim is None or claim.period.upper is not None:
        return
    vacancy = Vacancy.objects.select_for_update().get(pk=claim.vacancy_id)
    if last_day < claim.period.lower:
        claim.cancelled = True
    else:
        claim.period = cut_short(claim.period, last_day)
    claim.save()
    _count_seats(vacancy)


def free_seats(trajectory: Trajectory, last_day: date) -> None:
    """Give back every seat this person still holds, a direct placement's included."""
    for application in trajectory.applications.filter(claim__cancelled=False, claim__period__endswith=None):
        free_seat(application, last_day)


def cut_short(period: DateRange, last_day: date) -> DateRange:
    """The same period, ending on its last day (half-open in the database). Never ends before it begins."""
    return DateRange(period.lower, max(last_day, period.lower) + ONE_DAY)


def _claims(vacancy: Vacancy):
    return SeatClaim.objects.filter(vacancy=vacancy, cancelled=False)


def _count_seats(vacancy: Vacancy) -> None:
    """Keep the stored number of free seats, which matching reads, in step."""
    vacancy.seats_free = vacancy.seats - _claims(vacancy).filter(period__endswith=None).count()
    vacancy.save(update_fields=["seats_free"])


def _join_project(application: Application, project: LearnWorkProject) -> None:
    """Take the lowest free place in the group; refused when the group is full (R13)."""
    locked = LearnWorkProject.objects.select_for_update().get(pk=project.pk)
    taken = set(locked.participations.filter(left_on=None).values_list("seat_number", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if n not in taken)
    if locked.group_size is not None and number > locked.group_size:
        raise Refused(Reason(_("De groep van %(project)s is vol.") % {"project": project}))
    ProjectParticipation.objects.create(
        trajectory=application.trajectory,
        application=application,
        project=locked,
        seat_number=number,
        claimed_on=clock.today(),
    )


def mark_participation(application: Application | None, **dates: date) -> None:
    """Note an outcome of the project (started_on, passed_trial_on, job_on, diploma_on, left_on); the database counts it."""
    if application is not None:
        ProjectParticipation.objects.filter(application=application).update(**dates)


def tell_employer(application: Application) -> None:
    """The company that somebody was introduced to hears that it is off: the person is gone from its portal."""
    if application.introduced_at is not None:
        outbox.enqueue("mail_place_off", key=f"mail-place-off-{application.pk}", application=application.pk)


def end_application(application: Application, status: str, last_day: date | None = None) -> None:
    """Close the application and give back what it held."""
    last = last_day or clock.today()
    free_seat(application, last)
    application.status = status
    application.decided_at = application.decided_at or clock.now()
    application.save(update_fields=["status", "decided_at"])
    ProjectParticipation.objects.filter(application=application, left_on=None).update(left_on=last)
