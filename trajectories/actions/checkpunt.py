"""A Checkpunt: assignment, intake, and who guides the person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import AuditEntry, Department, Role, User
from candidates import actions as candidate_actions
from candidates import rules as candidate_rules
from candidates.models import Registration
from employers.models import Stream
from matching import actions as matching_actions
from topjob import clock
from topjob.errors import Reason, Refused, rule_words
from topjob.undo import undoing
from trajectories.journey.core import By, lock, lock_of, log, require_work, taking, touch
from trajectories.journey.receiving import receive
from trajectories.models import Deadline, Trajectory
from trajectories.process import rules
from trajectories.process.workflow import Journey
from trajectories.timing import deadlines
from trajectories.timing.kinds import TICKED_BY_HAND


@transaction.atomic
def assign(
    registration: Registration,
    *,
    department: Department,
    regisseur: User | None = None,
    career_adviser: User | None = None,
    job_broker: User | None = None,
    stream: Stream | None = None,
    by: User,
) -> Trajectory:
    """The frontoffice assigns a registration to a department and its guides; the trajectory begins (step 1f, R1, R13)."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related("candidate__region")
    locked = rows.get(pk=registration.pk)
    _refuse_assignment(locked, department, regisseur, career_adviser, by)
    _refuse_unfit(locked, department, stream)
    _end_registration(locked, department)
    guides = {"regisseur": regisseur, "career_adviser": career_adviser, "job_broker": job_broker}
    trajectory = _begin(locked, department=department, stream=stream, **guides)
    matching_actions.create_basic_profile(locked, by=by)
    store_eligibility(trajectory)
    trajectory.turn = trajectory.turn_role
    touch(trajectory)
    receive(trajectory, tuple(guides), by=by)
    log(
        verbs.ASSIGN, trajectory, by=by, states=("", trajectory.state), department=department.pk, registration=locked.pk
    )
    registration.refresh_from_db()
    return trajectory


def _begin(registration: Registration, **given: Any) -> Trajectory:
    """The trajectory of a registration, with what was given at the assignment."""
    now = clock.now()
    return Trajectory.objects.create(
        candidate=registration.candidate,
        registration=registration,
        region=registration.candidate.region,
        client=registration.client,
        target_group=registration.target_group,
        state_since=now,
        last_change_at=now,
        created_at=now,
        **given,
    )


def _refuse_assignment(
    registration: Registration, department: Department, regisseur: User | None, adviser: User | None, by: User
) -> None:
    reasons = []
    if not by.has_role_in(registration.candidate.region_id, Role.FRONTOFFICE):
        reasons.append(Reason(_("Toewijzen doet de frontoffice van de regio.")))
    if not registration.is_open:
        reasons.append(Reason(_("Deze aanmelding is al afgehandeld."), "candidates:registration", registration.pk))
    reasons += _other_files_of(registration)
    if department.is_maatwerq and regisseur is None:
        reasons.append(Reason(_("Kies de regisseur.")))
    if not department.is_maatwerq and adviser is None:
        reasons.append(Reason(_("Kies de loopbaanadviseur.")))
    if reasons:
        raise Refused(*reasons, title=_("Toewijzen aan een afdeling"))


def _other_files_of(registration: Registration) -> list[Reason]:
    """R13: a person has one open trajectory, whatever file it hangs on; who is alike is decided first."""
    running = Trajectory.objects.open().filter(candidate=registration.candidate).first()
    if running is not None:
        return [Reason(rule_words(Trajectory, "one_open_trajectory_per_person"), "trajectories:detail", running.pk)]
    alike = candidate_rules.likeness_decided(registration)
    return [alike] if alike else []


def _refuse_unfit(registration: Registration, department: Department, stream: Stream | None) -> None:
    """R1 and R2 bind MaatwerQ, and are asked while the registration can still be completed (decision 25)."""
    if not department.is_maatwerq:
        return
    number = stream.number if stream else None
    if missing := candidate_rules.reasons_against_maatwerq(registration, number):
        raise Refused(*missing, title=_("Toewijzen aan een afdeling"))


def _end_registration(registration: Registration, department: Department) -> None:
    registration.status = Registration.Status.ASSIGNED
    registration.department = department
    registration.ended_at = clock.now()
    registration.save(update_fields=["status", "department", "ended_at"])


def store_eligibility(trajectory: Trajectory) -> None:
    """Store the outcome of R2 for matching, which never reads the benefit itself (decision 14)."""
    registration = trajectory.registration
    if registration.override_reason or not trajectory.department.is_maatwerq:
        outcome = {"project": True, "stream_1": True, "streams_2_3": True}
        adult = trajectory.candidate.age_on(registration.planned_start or clock.today()) >= candidate_rules.ADULT
        outcome["streams_2_3"] = adult
    else:
        prefetch_related_objects([registration], "target_group__eligibility_rules")
        outcome = {
            "project": _fits(registration, wants_project=True, stream=1),
            "stream_1": _fits(registration, wants_project=False, stream=1),
            "streams_2_3": _fits(registration, wants_project=False, stream=2),
        }
    matching_actions.record_outcome(trajectory.candidate, **outcome)


def _fits(registration: Registration, *, wants_project: bool, stream: int) -> bool:
    return candidate_rules.eligibility_of(registration, stream, wants_project=wants_project).is_yes


@transaction.atomic
def set_guides(trajectory: Trajectory, *, by: By, **guides: User | None) -> Trajectory:
    """Change who guides the person: regisseur, career_adviser, job_broker, jobcoach. Deadlines move along to the new owner."""
    locked = lock(trajectory)
    require_work("set_guides", locked, by=by)
    others = [name for name, user in guides.items() if getattr(locked, f"{name}_id") != (user and user.pk)]
    for name, user in guides.items():
        setattr(locked, name, user)
    if "jobcoach" in guides:
        locked.candidate.jobcoach = guides["jobcoach"]
        locked.candidate.save(update_fields=["jobcoach"])
    touch(locked)
    receive(locked, others, by=by)
    log(verbs.SET_GUIDES, locked, by=by, **{name: user.pk if user else None for name, user in guides.items()})
    trajectory.refresh_from_db()
    return locked


@transaction.atomic
def admit(trajectory: Trajectory, *, reason: str, by: User) -> Trajectory:
    """R2: admit somebody whom the table refuses or admits in part, until the intake starts; the reason stays visible."""
    locked = lock(trajectory)
    require_work("admit", locked, by=by)
    if not locked.department.is_maatwerq:
        raise Refused(_("Doelgroep en leeftijd gelden alleen bij MaatwerQ."))
    candidate_actions.record_override(locked.registration, reason=reason, by=by)
    store_eligibility(locked)
    touch(locked)
    log(verbs.ADMIT, locked, by=by, registration=locked.registration_id)
    return locked


@transaction.atomic
def tick_off(deadline: Deadline, *, by: By, reason: str = "") -> dict[str, Any]:
    """A guide ticks off a deadline that only a person can judge. Gives what `tick_back` needs."""
    locked = lock_of(deadline)
    deadline.refresh_from_db(fields=["closed_at"])
    if deadline.kind not in TICKED_BY_HAND or deadline.closed_at is not None:
        raise Refused(Reason(_("Deze termijn sluit vanzelf als het werk gedaan is."), "trajectories:detail", locked.pk))
    deadlines.close(deadline)
    chosen = locked.follow_up_on
    if deadline.kind == Deadline.Kind.FOLLOW_UP:
        locked.follow_up_on = None
    touch(locked)
    log(verbs.TICK_OFF, locked, by=by, reason=reason, deadline=deadline.pk, kind=deadline.kind)
    last = AuditEntry.objects.last_of(locked.candidate_id)
    return {"pk": deadline.pk, "follow_up_on": chosen.isoformat() if chosen else "", "last": last}


@undoing("tick_off")
@transaction.atomic
def tick_back(*, by: User, pk: int, follow_up_on: str, last: int) -> str:
    """Open a deadline again that was ticked off a moment ago, unless something happened since; what came in its place goes."""
    deadline = Deadline.objects.visible_to(by).filter(pk=pk).exclude(closed_at=None).first()
    if deadline is None:
        raise Refused(_("Deze termijn is niet meer afgevinkt."))
    locked = lock_of(deadline)
    if AuditEntry.objects.anything_since(locked.candidate_id, last):
        raise Refused(_("De termijn blijft afgevinkt: er is intussen iets gebeurd."))
    same = Deadline.objects.filter(trajectory=locked, kind=deadline.kind, subject_id=deadline.subject_id)
    same.open().delete()
    same.filter(pk=pk).update(closed_at=None, was_late=False)
    if deadline.kind == Deadline.Kind.FOLLOW_UP:
        locked.follow_up_on = date.fromisoformat(follow_up_on) if follow_up_on else None
    touch(locked)
    log(verbs.TICKED_BACK, locked, by=by, deadline=pk, kind=deadline.kind)
    return _("De termijn staat weer open.")


@transaction.atomic
def set_follow_up(trajectory: Trajectory, *, on: date, by: User) -> dict[str, str]:
    """Choose the day on which somebody looks at this case again, instead of the usual number of days.

    Gives what `take_follow_up_back` needs.
    """
    locked = lock(trajectory)
    require_work("set_follow_up", locked, by=by)
    if wrong := rules.why_not_followed_up_on(on):
        raise Refused(wrong)
    before = locked.follow_up_on.isoformat() if locked.follow_up_on else ""
    locked.follow_up_on = on
    touch(locked)
    log(verbs.SET_FOLLOW_UP, locked, by=by, day=on.isoformat())
    return {"before": before}


@transaction.atomic
def take_follow_up_back(trajectory: Trajectory, *, before: str, by: User) -> None:
    """The day is again what it was before it was chosen a moment ago."""
    locked = lock(trajectory)
    require_work("set_follow_up", locked, by=by)
    locked.follow_up_on = date.fromisoformat(before) if before else None
    touch(locked)
    log(verbs.FOLLOW_UP_TAKEN_BACK, locked, by=by, day=before)


@transaction.atomic
def start_intake(trajectory: Trajectory, *, by: By) -> None:
    """The regisseur takes the person on (R1, R2)."""
    with taking(Journey.start_intake, trajectory, by=by) as locked:
        store_eligibility(locked)


@transaction.atomic
def complete_intake(trajectory: Trajectory, *, by: By) -> None:
    """The file is complete; matching may begin (R3)."""
    with taking(Journey.complete_intake, trajectory, by=by) as locked:
        store_eligibility(locked)
