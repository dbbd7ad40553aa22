"""What someone can do with a trajectory now: the buttons, and for the blocked ones every reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.db.models import BigIntegerField, Value
from django.urls import reverse

from accounts.audit import actor
from accounts.models import User
from candidates.models import Consent
from candidates.sharing import EmployerView, employer_view, number_of, shared_name
from topjob.errors import Reason
from trajectories.journey.need_to_know import opens
from trajectories.models import Application, PlanParty, Trajectory
from trajectories.models.plan import known_to_company
from trajectories.process.step import Line, Step
from trajectories.process.work import WORK
from trajectories.process.workflow import steps_from

# Pages that hold nothing but work: who doesn't do it has nothing to open there.
ONLY_FOR = {
    "trajectories:admit": "admit",
    "trajectories:consent": "record_consent",
    "trajectories:talk": "record_talk",
    "trajectories:plan_party": "draft_plan",
    "trajectories:interruptions": "record_interruption",
    "trajectories:extend_trial": "extend_trial",
    "trajectories:qualification": "record_qualification",
}


@dataclass(frozen=True)
class AvailableAction:
    """One step as a button: enabled, or with each missing thing and a link to where it is filled in."""

    name: str
    label: str
    url: str
    enabled: bool
    reasons: list[Reason] = field(default_factory=list)
    is_mine: bool = True
    is_way_out: bool = False
    method: str = "get"
    # What it needs in this case, met or not; why this person isn't the one to take it, if so.
    lines: list[Line] = field(default_factory=list)
    forbidden: str = ""
    # Whether something has to be in place first: such a step is what a case works towards, the others are chosen.
    is_worked_for: bool = False

    @property
    def is_on_the_way(self) -> bool:
        """Whether this case can come to it as it is; else another step follows from here."""
        return not any(line.is_path and line.missing for line in self.lines)


def available_actions(trajectory: Trajectory, user: User) -> list[AvailableAction]:
    """The steps from here, in the order of the journey; the reason shown is the guard's own."""
    return [_button(step, trajectory, user) for step in steps_from(trajectory.state)]


def _button(step: Step, trajectory: Trajectory, user: User) -> AvailableAction:
    forbidden = step.forbidden(trajectory, actor(user))
    lines = [_line_for(line, trajectory, user) for line in step.checklist(trajectory)]
    reasons = [line.missing for line in lines if line.missing] + ([forbidden] if forbidden else [])
    return AvailableAction(
        name=step.name,
        label=str(step.label),
        url=reverse("trajectories:step", args=[trajectory.pk, step.name]),
        enabled=not reasons,
        reasons=reasons,
        is_mine=forbidden is None,
        is_way_out=step.ends,
        lines=lines,
        forbidden=forbidden.text if forbidden else "",
        is_worked_for=bool(step.needs),
    )


def _line_for(line: Line, trajectory: Trajectory, user: User) -> Line:
    return replace(line, missing=for_reader([line.missing], trajectory, user)[0]) if line.missing else line


def for_reader(reasons: list[Reason], trajectory: Trajectory, user: User) -> list[Reason]:
    """The same reasons; a page that isn't this reader's to open is no link."""
    return [reason if _opens(reason, trajectory, user) else replace(reason, link="") for reason in reasons]


def _opens(reason: Reason, trajectory: Trajectory, user: User) -> bool:
    if reason.link in ONLY_FOR:
        return may_work(trajectory, user, ONLY_FOR[reason.link]) and opens(trajectory, user, reason.url)
    return not reason.url or opens(trajectory, user, reason.url)


def may_work(trajectory: Trajectory, user: User, work: str) -> bool:
    """Whether this person does this work beside the steps (`work.WORK`) now, where the trajectory stands."""
    return not WORK[work].refusals(trajectory, actor(user))


def shared_view(application: Application) -> EmployerView:
    """Exactly what the employer of an application sees of the person (R16): by the consent of now, while it is in play."""
    return employer_view(application.trajectory.candidate, _consent_of(application))


def name_shared(application: Application) -> str:
    """How the employer of an application may call the person, for lists (R16)."""
    return shared_name(application.trajectory.candidate, _consent_of(application))


def is_known_to(case: Trajectory, organisation_id: int) -> bool:
    """Whether a company may know who somebody is: by consent, or by the contract that both signed (R16)."""
    columns = {"candidate": "candidate", "trajectory": "pk", "organisation": "company"}
    of_company = Trajectory.objects.annotate(company=Value(organisation_id, BigIntegerField()))
    return of_company.filter(known_to_company(**columns), pk=case.pk).exists()


def name_for_party(party: PlanParty) -> str:
    """How mails and pages for a party call the youth; somebody of the company reads what the company may know (R16)."""
    case = party.signable.trajectory
    is_known = not is_withheld_from(party)
    return case.candidate.full_name if is_known else number_of(case.candidate)


def is_withheld_from(party: PlanParty) -> bool:
    """Whether this party is of a company that may not know (any more) who it is about (R16)."""
    signable = party.signable
    if not party.is_of_the_company or signable.organisation_id is None:
        return False
    return not is_known_to(signable.trajectory, signable.organisation_id)


def _consent_of(application: Application) -> Consent | None:
    if application.status not in (Application.Status.INTRODUCED, Application.Status.ACCEPTED):
        return None
    consents = application.trajectory.candidate.consents.all()
    valid = (row for row in consents if row.is_valid and row.organisation_id == application.organisation_id)
    return next(valid, None)
