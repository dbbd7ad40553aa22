"""What people do in matching, in the order of the work: zoekprofiel, weights, shortlist, decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import verbs
from accounts.audit import Actor, By, record
from accounts.models import KindOfPlace, Role, User
from candidates.models import Candidate, Registration
from candidates.models.registration import Transport
from employers.models import FunctionProfile, Vacancy
from matching import pairs, rules
from matching.access import CONFIRMER_ROLES, DECIDER_ROLES, EDITOR_ROLES, READER_ROLES
from matching.criteria import LOADS, SPEC_VERSION, bits_of
from matching.models import (
    CriterionWeight,
    FunctionDemand,
    FunctionSkill,
    MatchDecision,
    Place,
    ProfileSkill,
    SearchProfile,
    Shortlisted,
    Tip,
)
from matching.models.skill import tokens
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.undo import undoing

Decision = MatchDecision.Decision
DECIDED = {
    Decision.PROPOSED: verbs.MATCH_PROPOSED,
    Decision.DISCUSSED: verbs.MATCH_DISCUSSED,
    Decision.REJECTED: verbs.MATCH_REJECTED,
    Decision.PLACED: verbs.MATCH_PLACED,
}
# Without a wish of their own: what is usual with this means of transport.
USUAL_REACH_KM: dict[str, int] = {
    Transport.FOOT: 4,
    Transport.BIKE: 12,
    Transport.MOPED: 20,
    Transport.PUBLIC: 30,
    Transport.CAR: 35,
}
STANDARD_MUSTS = ("kind", "distance")
# What a new version takes over of the one before it.
KEPT = (
    "kind_ids",
    "branch_ids",
    "hours_min",
    "hours_max",
    "weekdays",
    "transport",
    "max_distance_km",
    "level",
    "start_from",
    "start_until",
    "has_licence",
    "language_level",
    "needs_mentor",
    "needs_jobcoach",
    "needs_quiet_place",
    "must_bits",
    "remark",
)
OUTCOME = ("eligible_project", "eligible_stream_1", "eligible_streams_2_3", "is_available", "searching_since")
LOAD_CODES = dict(
    zip(
        ("tillen", "staan", "zitten", "prikkels", "tempo", "wisseling", "sociaal", "hoogte", "buiten", "diensten"),
        LOADS,
        strict=True,
    )
)


def require_here(candidate: Candidate, *roles: str, by: By) -> None:
    """Refuse what isn't this person's: a role counts in the region of the candidate, not anywhere else."""
    user = by.user if isinstance(by, Actor) else by
    if user is not None and not user.has_role_in(candidate.region_id, *roles):
        names = ", ".join(str(role.label).lower() for role in Role if role in roles)
        raise Refused(_("Dit doet in deze regio: %(roles)s.") % {"roles": names})


# --- Zoekprofiel
@transaction.atomic
def create_basic_profile(registration: Registration, *, by: By) -> SearchProfile:
    """Step 1d: the first zoekprofiel, from what was said at registration. A concept that is open already stays."""
    candidate = _locked(registration.candidate)
    concept = candidate.search_profiles.concepts().first()
    if concept is not None:
        return concept
    profile = _new_version(candidate, by=by)
    profile.kind_ids = sorted(registration.kinds_of_place.values_list("pk", flat=True))
    profile.branch_ids = sorted(registration.branches.values_list("pk", flat=True))
    profile.hours_min = profile.hours_max = registration.hours_per_week
    profile.transport = registration.transport
    profile.max_distance_km = registration.max_distance_km or USUAL_REACH_KM.get(registration.transport)
    profile.start_from = registration.planned_start
    profile.must_bits = profile.must_bits or bits_of(list(STANDARD_MUSTS))
    profile.save()
    record(verbs.PROFILE_MADE, profile, by=by, candidate_id=candidate.pk, version=profile.version)
    return profile


@transaction.atomic
def refine_profile(candidate: Candidate, data: Mapping[str, Any], *, by: By) -> SearchProfile:
    """Step 2e: change the concept, or start a new version from the confirmed one, which stays as it was.

    `data` holds fields of SearchProfile, and under "skills" pairs of skill id and level.
    """
    candidate = _locked(candidate)
    require_here(candidate, *EDITOR_ROLES, by=by)
    profile = candidate.search_profiles.concepts().first() or _new_version(candidate, by=by)
    for name, value in data.items():
        if name != "skills":
            setattr(profile, name, value)
    _take_limits(profile)
    profile.save()
    if "skills" in data:
        _set_skills(profile, dict(data["skills"]))
    record(verbs.PROFILE_REFINED, profile, by=by, candidate_id=candidate.pk, version=profile.version)
    return profile


@transaction.atomic
def confirm_profile(profile: SearchProfile, *, by: User) -> SearchProfile:
    """R3: from now on this version counts; the one before it is kept as lapsed."""
    candidate = _locked(profile.candidate)
    require_here(candidate, *CONFIRMER_ROLES, by=by)
    profile = SearchProfile.objects.select_for_update().get(pk=profile.pk)
    if reason := rules.is_concept(profile):
        raise Refused(reason)
    if missing := rules.profile_usable(profile):
        raise Refused(*missing)
    candidate.search_profiles.confirmed().update(status=SearchProfile.Status.SUPERSEDED)
    profile.status = SearchProfile.Status.CONFIRMED
    profile.confirmed_at, profile.confirmed_by = clock.now(), by
    profile.save()
    record(verbs.PROFILE_CONFIRMED, profile, by=by, candidate_id=candidate.pk, version=profile.version)
    _ask_for_tips(profile)
    return profile


@transaction.atomic
def record_outcome(candidate: Candidate, *, project: bool, stream_1: bool, streams_2_3: bool) -> None:
    """Keep the outcome of R2, the only thing matching knows of target group and age (decision 14)."""
    _living(candidate).update(eligible_project=project, eligible_stream_1=stream_1, eligible_streams_2_3=streams_2_3)


@transaction.atomic
def set_available(candidate: Candidate, available: bool, *, case_since: date) -> None:
    """Whether the person can be placed now: BEMIDDELBAAR or in the banenpool.

    Somebody looks for work since the first day of that in this trajectory, also after a trial that came to nothing.
    """
    if available:
        earlier = Q(searching_since=None) | Q(searching_since__lt=case_since)
        _living(candidate).filter(earlier).update(searching_since=clock.today())
    changed = _living(candidate).exclude(is_available=available).update(is_available=available)
    confirmed = candidate.search_profiles.confirmed().first()
    if changed and available and confirmed is not None:
        _ask_for_tips(confirmed)


def _living(candidate: Candidate) -> Any:
    return candidate.search_profiles.exclude(status=SearchProfile.Status.SUPERSEDED)


def _locked(candidate: Candidate) -> Candidate:
    """One writer at a time per person, so that versions follow each other."""
    return Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)


def _new_version(candidate: Candidate, *, by: By) -> SearchProfile:
    """The next version as a concept, filled from the last one and from the person's file."""
    last = candidate.search_profiles.order_by("-version").first()
    number = candidate.search_profiles.aggregate(last=Max("version"))["last"] or 0
    profile = SearchProfile(candidate=candidate, version=number + 1, region=candidate.region, created_at=clock.now())
    profile.created_by = by.user if isinstance(by, Actor) else by
    if last is not None:
        for name in (*KEPT, *OUTCOME):
            setattr(profile, name, getattr(last, name))
    else:
        profile.level = _highest_level(candidate)
    place = Place.objects.of(candidate.postcode)
    if place is not None:
        profile.pc4, profile.x, profile.y = place.pc4, place.x, place.y
    _take_limits(profile)
    profile.save()
    if last is not None:
        _set_skills(profile, dict(last.skills.values_list("skill_id", "level")))
    return profile


def _highest_level(candidate: Candidate) -> int | None:
    return candidate.educations.filter(has_diploma=True).aggregate(highest=Max("level"))["highest"]


def _take_limits(profile: SearchProfile) -> None:
    """Limitations at work stand in the Q-fit; a version copies what holds when it is made."""
    limits = dict(profile.candidate.limitations.values_list("load", "maximum"))
    for code, load in LOAD_CODES.items():
        setattr(profile, f"limit_{load}", limits.get(code))


def _set_skills(profile: SearchProfile, levels: dict[int, int]) -> None:
    profile.skills.all().delete()
    ProfileSkill.objects.bulk_create(
        [ProfileSkill(profile=profile, skill_id=skill, level=level) for skill, level in sorted(levels.items())]
    )
    profile.skill_tokens = tokens(levels)
    profile.save(update_fields=["skill_tokens"])


def _ask_for_tips(profile: SearchProfile) -> None:
    key = f"profile-{profile.pk}-{clock.now().isoformat()}"
    outbox.enqueue("profile_changed", key=key, profile=profile.pk)


# --- What functions ask
@transaction.atomic
def set_demand(function: FunctionProfile, data: Mapping[str, Any], *, by: User) -> FunctionDemand:
    """Verplicht or wens per criterion, fixed weekdays and competences of a function."""
    demand, _created = FunctionDemand.objects.update_or_create(
        function=function, defaults={"must_bits": data["must_bits"], "weekdays": data["weekdays"]}
    )
    function.skills.all().delete()
    FunctionSkill.objects.bulk_create(
        [FunctionSkill(function=function, skill_id=skill, level=level) for skill, level in data["skills"]]
    )
    record(verbs.DEMAND_SET, function, by=by)
    for vacancy in function.vacancies.filter(status=Vacancy.Status.OPEN):
        outbox.enqueue("vacancy_changed", key=f"vacancy-{vacancy.pk}-{clock.now().isoformat()}", vacancy=vacancy.pk)
    return demand


# --- Weights
@transaction.atomic
def set_weights(kind: KindOfPlace | None, weights: Mapping[str, tuple[int, int]], *, by: User) -> list[CriterionWeight]:
    """The beheerder decides how heavily each criterion counts for a kind of place, or by default."""
    CriterionWeight.objects.filter(kind_of_place=kind).delete()
    rows = CriterionWeight.objects.bulk_create(
        [
            CriterionWeight(kind_of_place=kind, criterion=code, person=person, employer=employer)
            for code, (person, employer) in weights.items()
        ]
    )
    if rows:
        record(verbs.WEIGHTS_SET, rows[0], by=by, kind=kind.pk if kind else None, weights=dict(weights))
    return rows


# --- Shortlist and decisions
@transaction.atomic
def shortlist(candidate: Candidate, vacancy: Vacancy, *, by: User) -> Shortlisted:
    """Keep a vacancy beside a person. Twice is the same as once."""
    require_here(candidate, *DECIDER_ROLES, by=by)
    row, created = Shortlisted.objects.get_or_create(
        candidate=candidate, vacancy=vacancy, defaults={"at": clock.now(), "by": by}
    )
    if created:
        record(verbs.SHORTLISTED, vacancy, by=by, candidate_id=candidate.pk)
    return row


@transaction.atomic
def unshortlist(candidate: Candidate, vacancy: Vacancy, *, by: User) -> None:
    """Take a vacancy off a person's shortlist."""
    require_here(candidate, *DECIDER_ROLES, by=by)
    removed, _rows = Shortlisted.objects.filter(candidate=candidate, vacancy=vacancy).delete()
    if removed:
        record(verbs.UNSHORTLISTED, vacancy, by=by, candidate_id=candidate.pk)


@undoing("shortlist")
def undo_shortlist(*, by: User, candidate: int, vacancy: int, was_kept: bool) -> str:
    """Back on the shortlist, or off it again."""
    person = Candidate.objects.visible_to(by).filter(pk=candidate).first()
    found = Vacancy.objects.visible_to(by).filter(pk=vacancy).first()
    if person is None or found is None:
        raise Refused(_("Deze persoon of vacature is er niet meer."))
    if was_kept:
        shortlist(person, found, by=by)
        return _("‘%(title)s’ staat weer op de shortlist.") % {"title": found.title}
    unshortlist(person, found, by=by)
    return _("‘%(title)s’ staat niet meer op de shortlist.") % {"title": found.title}


@transaction.atomic
def decide(candidate: Candidate, vacancy: Vacancy, decision: str, *, by: By, reason: str = "") -> MatchDecision:
    """Keep what was decided about a pair, with exactly what the criteria said then, so that it can be repeated.

    A decision against the ranking is fine and asks for a reason.
    """
    require_here(candidate, *DECIDER_ROLES, by=by)
    return keep_decision(candidate, vacancy, decision, by=by, reason=reason)


def keep_decision(candidate: Candidate, vacancy: Vacancy, decision: str, *, by: By, reason: str = "") -> MatchDecision:
    """The same for a step of the trajectory, which asks by itself whose work it is."""
    pair = pairs.pair_of(candidate, vacancy)
    rank = pair.rank()
    if missing := rules.reason_given(decision, reason, rank=rank):
        raise Refused(missing)
    row = MatchDecision.objects.create(
        candidate=candidate,
        vacancy=vacancy,
        decision=decision,
        reason=reason,
        at=clock.now(),
        by=by.user if isinstance(by, Actor) else by,
        profile_version=pair.profile.version,
        spec_version=SPEC_VERSION,
        weights=pair.weights_as_data(),
        inputs=pair.inputs,
        input_hash=pair.input_hash,
        scores=pair.verdict.scores,
        knock_outs=list(pair.verdict.knock_outs),
        total=pair.verdict.total,
        reverse_total=pair.verdict.reverse_total,
        rank=rank,
    )
    record(DECIDED[Decision(decision)], row, by=by, candidate_id=candidate.pk, vacancy=vacancy.pk)
    return row


def mark_seen(tips: QuerySet[Tip], *, by: User) -> int:
    """The werkmakelaar has seen these tips."""
    return tips.update(seen_at=clock.now())


@undoing("tips")
def unsee(*, by: User, pks: list[int]) -> str:
    """These tips stand in the list again, as far as their people are still this person's work."""
    theirs = Tip.objects.filter(pk__in=pks, candidate__in=Candidate.objects.in_regions_of(by, *READER_ROLES))
    back = theirs.update(seen_at=None)
    return ngettext("%(n)s tip staat er weer.", "%(n)s tips staan er weer.", back) % {"n": back}


# --- Check on equal chances
@transaction.atomic
def start_audit(*, by: User) -> None:
    """Have the check run by a worker; the run itself is kept."""
    message = outbox.enqueue("match_audit", key=f"match-audit-{clock.now().isoformat()}")
    record(verbs.EQUAL_CHANCES_CHECK_ASKED, message, by=by)
