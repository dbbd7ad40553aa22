"""Which parts of a case a reader sees (`accounts.need_to_know`), asked of the case; and what its log and papers belong to."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, Value
from django.http import Http404

from accounts import verbs
from accounts.access import opens_for
from accounts.models import Role, User
from accounts.need_to_know import Part, Parts, gains_as_guide, needed_by, part_at, part_of, roles_here, seen
from accounts.verbs import Verb
from trajectories.models import Deadline, GeneratedDocument, Paper, PlanParty, Trajectory
from trajectories.models.guides import guiding, is_guide
from trajectories.timing.kinds import MONEY


def asked_along(user: User) -> dict[str, Any]:
    """What a question for a case answers besides for this reader; nothing where it can make no difference."""
    if not gains_as_guide(user.roles):
        return {}
    is_guided = ExpressionWrapper(guiding(user), output_field=BooleanField())
    return {"read_by": Value(user.pk), "is_guided": is_guided}


def held_here(case: Trajectory, user: User) -> set[str]:
    """What somebody is for this case; in departments 1, 3 and 4 the loopbaanadviseur is regisseur as well (decision 5)."""
    held = roles_here(user, case.region_id)
    return held | {Role.REGISSEUR} if Role.LOOPBAANADVISEUR in held and not case.department.is_maatwerq else held


def parts_of(case: Trajectory, user: User) -> Parts:
    """What this reader may read of this case; kept with it."""
    kept = case.__dict__.setdefault("kept_parts", {})
    if user.pk not in kept:
        held = held_here(case, user)
        coaches = user.has_role(Role.JOBCOACH) and case.coached_by(user)
        kept[user.pk] = seen(held, guides=_guides(case, user, held), coaches=coaches)
    return kept[user.pk]


def _guides(case: Trajectory, user: User, held: set[str]) -> bool:
    if not gains_as_guide(held):
        return False
    if case.__dict__.get("read_by") == user.pk:
        return case.is_guided  # type: ignore[attr-defined]
    if hasattr(case, "is_covered"):  # its guides were asked along with it
        return is_guide(case, user, held)
    return Trajectory.objects.filter(guiding(user), pk=case.pk).exists()


def sees(case: Trajectory, user: User, part: Part | None) -> bool:
    """Whether this reader needs this part of the case; what belongs to no part is open to who sees the case."""
    return part is None or part in needed_by(held_here(case, user)) or part in parts_of(case, user)


def require(case: Trajectory, user: User, view: Any) -> None:
    """Not found, when a page belongs to a part that this reader doesn't need."""
    if not sees(case, user, part_of(view)):
        raise Http404


def opens(case: Trajectory, user: User, path: str) -> bool:
    """Whether a page about this case or its person opens for this reader: its rule lets them in and they need that part."""
    return opens_for(user, path) and sees(case, user, part_at(path))


# --- Documents -------------------------------------------------------------------------------------------------------
PART_OF_PAPER = {Paper.Kind.EVALUATION: Part.EVALUATION, Paper.Kind.WAGE_VALUE: Part.WAGE}


def part_of_paper(kind: str) -> Part:
    """What a paper tells of; a contract unless it says otherwise."""
    return PART_OF_PAPER.get(Paper.Kind(kind), Part.CONTRACT)


def part_of_document(row: GeneratedDocument) -> Part:
    """What a PDF tells of."""
    if row.kind in (GeneratedDocument.Kind.PLAN, GeneratedDocument.Kind.PLAN_SIGNED):
        return Part.PLAN
    paper = Paper.objects.filter(Q(document=row) | Q(signed_document=row)).only("kind").first()
    return part_of_paper(paper.kind) if paper else Part.PLAN


def require_document(row: GeneratedDocument, user: User) -> None:
    """Not found, when staff ask for a PDF of a part that isn't theirs to know. Its parties have it by other rights (R16)."""
    case = (
        Trajectory.objects.visible_to(user)
        .select_related("department", "candidate")
        .filter(pk=row.trajectory_id)
        .first()
    )
    is_own = case is not None and case.candidate.user_id == user.pk
    if case is not None and not is_own and not sees(case, user, part_of_document(row)):
        raise Http404


def part_of_signable(party: PlanParty) -> Part:
    return part_of_paper(party.paper.kind) if party.paper is not None else Part.PLAN


def require_signable(case: Trajectory, user: User, party: PlanParty) -> None:
    """The same for a signature on paper."""
    if not sees(case, user, part_of_signable(party)):
        raise Http404


# --- The log and the deadlines ---------------------------------------------------------------------------------------
# What the log tells of, by the table it is about; what is about the case itself is told by what was done.
PART_OF_TABLE: dict[str, Part] = {
    "candidates.lifesnapshot": Part.FOTO,
    "candidates.qfit": Part.QFIT,
    "candidates.workexperience": Part.CV,
    "candidates.education": Part.CV,
    "candidates.candidatedocument": Part.CV,
    "candidates.interest": Part.QFIT,
    "candidates.ability": Part.QFIT,
    "candidates.worklimitation": Part.QFIT,
    "candidates.labourprospect": Part.QFIT,
    "candidates.supportneed": Part.SUPPORT,
    "candidates.supportreview": Part.SUPPORT,
    "candidates.financecheck": Part.FINANCE,
    "candidates.consent": Part.CONSENT,
    "candidates.registration": Part.REGISTRATION,
    "candidates.offer": Part.REGISTRATION,
    "candidates.legalrepresentative": Part.BASICS,
    "candidates.candidate": Part.BASICS,
    "candidates.filejoin": Part.BASICS,
    "candidates.differentpeople": Part.BASICS,
    "candidates.contactmoment": Part.NOTES,
    "matching.searchprofile": Part.PROFILE,
    "matching.matchdecision": Part.MATCHES,
    "matching.shortlisted": Part.MATCHES,
    "matching.tip": Part.MATCHES,
    "employers.vacancy": Part.MATCHES,
    "trajectories.trajectory": Part.BASICS,
    "trajectories.placement": Part.CONTRACT,
    "trajectories.contract": Part.CONTRACT,
    "trajectories.legalhold": Part.BASICS,
}
PART_OF_VERB: dict[Verb, Part] = {
    verbs.RECORD_INTERRUPTION: Part.TRIAL,
    verbs.END_INTERRUPTION: Part.TRIAL,
    verbs.EXTEND_TRIAL: Part.TRIAL,
    verbs.GIVE_VIEW: Part.EVALUATION,
    verbs.RECORD_VIEW: Part.EVALUATION,
    verbs.RECORD_NO_SHOW: Part.EVALUATION,
    verbs.DECIDE_WAGE_VALUE: Part.WAGE,
    verbs.RECORD_WAGE_VALUE: Part.WAGE,
    verbs.START_ASSESSMENT: Part.WAGE,
    verbs.RECORD_COACHING: Part.COACHING,
    verbs.RECORD_QUICK_SCAN: Part.QUICKSCAN,
    verbs.DRAFT_ADVICE: Part.ADVICE,
    verbs.RECORD_CHECK_IN: Part.AFTERCARE,
    verbs.ADD_CHECK_IN: Part.AFTERCARE,
    verbs.RECORD_EXIT_TALK: Part.EXIT,
    verbs.RECORD_COMPLETION: Part.COMPLETION,
    verbs.RECORD_SUPPORT: Part.MONEY,
    verbs.RECORD_SUPPORT_STEP: Part.MONEY,
    verbs.RECORD_HOURLY_WAGE: Part.CONTRACT,
    verbs.RECORD_PRACTICE_AGREEMENT: Part.CONTRACT,
    verbs.STOP_PRACTICE_AGREEMENT: Part.CONTRACT,
    verbs.TELL_WAGE_RISE: Part.CONTRACT,
    verbs.DECLINE_TO_SIGN: Part.PLAN,
    verbs.DECLINE_PAPER: Part.PLAN,
    verbs.REFUSE_SCAN: Part.PAPERS,
}


def log_not_for(parts: Parts) -> Q:
    """Rows of the log that tell of a part that isn't seen; talks that happened are told of to who may know of them."""
    tables = [table for table, part in PART_OF_TABLE.items() if part not in parts and part != Part.NOTES]
    hidden = Q(subject_type__in=tables)
    hidden |= Q(verb__in=[verb for verb, part in PART_OF_VERB.items() if part not in parts])
    if Part.MONEY not in parts:
        hidden |= Q(verb__in=(verbs.TICK_OFF, verbs.ESCALATE), details__kind__in=[str(kind) for kind in MONEY])
    return hidden


def deadlines_for(rows: list[Deadline], parts: Parts) -> list[Deadline]:
    """Deadlines that this reader may know of: that there is one for an arrangement says something of the person."""
    return [row for row in rows if row.kind not in MONEY or Part.MONEY in parts]
