"""Facts and guards about a person: who is eligible (R2), who is motivated (R1), and what a file still lacks (R3).

A guard returns nothing, or the reason in Dutch with the page where it is put right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts import law
from accounts.models import Client, Department, Role, User
from candidates import likeness
from candidates.models import (
    Ability,
    Candidate,
    CandidateDocument,
    Consent,
    ContactMoment,
    Education,
    EligibilityRule,
    FinanceCheck,
    Interest,
    LabourProspect,
    LegalRepresentative,
    LifeArea,
    LifeSnapshot,
    QFit,
    Registration,
    SupportNeed,
    SupportReview,
    TargetGroup,
    WorkExperience,
)
from candidates.models.person import age_on
from topjob import clock
from topjob.dates import why_not_yet
from topjob.errors import Reason

Verdict = EligibilityRule.Verdict
YOUNGEST, OLDEST_IN_PROJECT, ADULT = 16, 26, 18
MAATWERQ_PARTS = ("foto", "support", "finance")


# --- R2: who is eligible ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Eligibility:
    """The verdict of table 4.2 with the reason people read; `verdict` is None while something is still unknown."""

    verdict: str | None
    reason_text: str
    # Whether somebody asks for a place of MaatwerQ at all: for others the table is no obstacle.
    concerns: bool = True

    @property
    def is_yes(self) -> bool:
        return self.verdict == Verdict.YES

    @property
    def label(self) -> str:
        labels = {
            Verdict.YES: _("Past bij MaatwerQ"),
            Verdict.PART: _("Past in een deel van de gevallen bij MaatwerQ"),
            Verdict.NO: _("Past niet bij MaatwerQ"),
        }
        if not self.concerns:
            return _("Geldt alleen voor MaatwerQ")
        return labels[Verdict(self.verdict)] if self.verdict else _("Nog niet te bepalen")

    @property
    def text(self) -> str:
        """The reason as people read it, with what it means for who asks for something else."""
        if self.concerns:
            return self.reason_text
        return _("De wens is een andere plek; daarvoor gelden doelgroep en leeftijd niet. Bij MaatwerQ: %(why)s") % {
            "why": self.reason_text
        }

    @property
    def tone(self) -> str:
        """Colour of the notice: good, care, bad or info."""
        if not self.concerns:
            return "info"
        return {Verdict.YES: "good", Verdict.PART: "care", Verdict.NO: "bad"}.get(self.verdict, "info")  # type: ignore[call-overload]


def eligibility(
    birth_date: date | None,
    target_group: TargetGroup | None,
    rules: Iterable[EligibilityRule],
    planned_start: date,
    wants_project: bool = False,
    stream_number: int | None = None,
) -> Eligibility:
    """R2: table 4.2 on the age at the planned trial start (decision 2).

    Projects take 16 up to and including 26, stream 1 outside projects 18–26, streams 2 and 3 from 18.
    """
    if birth_date is None or target_group is None:
        return Eligibility(None, _("Vul de geboortedatum en de doelgroep in."))
    age = age_on(birth_date, planned_start)
    refusal = _refused_by_age(age, wants_project, stream_number) or _refused_by_group(
        target_group, wants_project, stream_number
    )
    if refusal:
        return Eligibility(Verdict.NO, refusal)
    return _by_table(age, target_group, rules)


def _refused_by_age(age: int, wants_project: bool, stream_number: int | None) -> str:
    """Why the age rules this out whatever the group; empty when it doesn't."""
    if age < YOUNGEST:
        return _("Op de startdatum %(age)d jaar: jonger dan 16 kan niet.") % {"age": age}
    if wants_project and age > OLDEST_IN_PROJECT:
        return _("Op de startdatum %(age)d jaar: een leerwerkproject is voor 16 tot en met 26 jaar.") % {"age": age}
    if age < ADULT and not wants_project:
        return _("Op de startdatum %(age)d jaar: onder de 18 kan alleen een leerwerkproject.") % {"age": age}
    if age < ADULT and stream_number in (2, 3):
        return _("Op de startdatum %(age)d jaar: stroom 2 en 3 zijn vanaf 18 jaar.") % {"age": age}
    if stream_number == 1 and age > OLDEST_IN_PROJECT:
        return _("Op de startdatum %(age)d jaar: stroom 1 is tot en met 26 jaar.") % {"age": age}
    return ""


def _refused_by_group(group: TargetGroup, wants_project: bool, stream_number: int | None) -> str:
    if group.projects_and_stream_1_only and not wants_project and stream_number not in (None, 1):
        return _("%(group)s kan alleen in een leerwerkproject of stroom 1.") % {"group": group}
    return ""


def _by_table(age: int, group: TargetGroup, rules: Iterable[EligibilityRule]) -> Eligibility:
    """The cell of table 4.2; bands are half-open on birthdays."""
    words = {"group": group, "age": age}
    for rule in rules:
        if (
            rule.target_group_id == group.pk
            and rule.age_from <= age
            and (rule.age_until is None or age < rule.age_until)
        ):
            text = _cell_text(rule.verdict) % words
            if group.projects_and_stream_1_only and rule.verdict != Verdict.NO:
                text += " " + _("Alleen in een leerwerkproject of stroom 1.")
            return Eligibility(rule.verdict, text)
    return Eligibility(
        Verdict.NO, _("%(group)s, op de startdatum %(age)d jaar: deze leeftijd staat niet in de tabel.") % words
    )


def _cell_text(verdict: str) -> str:
    return {
        Verdict.YES: _("%(group)s, op de startdatum %(age)d jaar: past volgens de tabel."),
        Verdict.PART: _("%(group)s, op de startdatum %(age)d jaar: past soms. Beslis zelf en leg de reden vast."),
        Verdict.NO: _("%(group)s, op de startdatum %(age)d jaar: past niet volgens de tabel."),
    }[Verdict(verdict)]


def eligibility_of(
    registration: Registration, stream_number: int | None = None, *, wants_project: bool | None = None
) -> Eligibility:
    """R2 for a registration, without the override; today counts while no start date is planned.

    `wants_project` asks about a learn-work project or about a place outside one, whatever the registration wishes.
    """
    group = registration.target_group
    rules = list(group.eligibility_rules.all()) if group else []
    return eligibility(
        registration.candidate.birth_date,
        group,
        rules,
        registration.planned_start or clock.today(),
        registration.wants_project if wants_project is None else wants_project,
        stream_number,
    )


def asks_maatwerq(registration: Registration) -> bool:
    """Whether table 4.2 concerns this person: assigned to MaatwerQ, or asking for a kind of place that MaatwerQ mediates."""
    if registration.department is not None:
        return registration.department.is_maatwerq
    kinds = registration.kinds_of_place.select_related("department")
    return wishes_maatwerq(registration.wish, registration.wants_project) or any(
        k.department.is_maatwerq for k in kinds
    )


def wishes_maatwerq(wish: str, wants_project: bool) -> bool:
    """Only a leerwerkplek may be one of MaatwerQ's; a bijbaantje or a regular job never is. No wish yet: it may be."""
    return wants_project or wish in ("", Registration.Wish.LEARN_WORK)


def shown_eligibility(registration: Registration) -> Eligibility:
    """R2 as a registration's page shows it: as a verdict only to who asks for a place of MaatwerQ."""
    return replace(eligibility_of(registration), concerns=asks_maatwerq(registration))


def is_eligible_with(registration: Registration, stream_number: int | None = None) -> bool:
    """R2 with the recorded override: staff may admit somebody the table refuses or only admits in part."""
    return bool(registration.override_reason) or eligibility_of(registration, stream_number).is_yes


# --- R13: one person, one file ---------------------------------------------------------------------------------------

# Who says that two files are of one person, or of two, and joins them: in the region of each.
JOINERS = (Role.FRONTOFFICE,)


def may_join(user: User, *people: Candidate) -> bool:
    """Whether somebody may decide about these files."""
    return {person.region_id for person in people} <= set(user.regions_as(*JOINERS))


def likeness_decided(registration: Registration) -> Reason | None:
    """R13: before a trajectory begins, somebody said of every file that is alike whether it is the same person's."""
    alike = likeness.undecided_of(registration.candidate)
    if not alike:
        return None
    text = _("Deze persoon lijkt op iemand die al bekend is. Beslis eerst of het dezelfde persoon is.")
    return Reason(text, "trajectories:alike", registration.candidate_id)


# --- Guards for trajectories -----------------------------------------------------------------------------------------


def motivation_recorded(registration: Registration) -> Reason | None:
    """R1: the person's own words and the frontoffice's judgement that they are motivated are in the registration."""
    if registration.motivation.strip() and registration.is_motivated:
        return None
    if registration.is_motivated is False:
        text = _("De aanmelding zegt dat de kandidaat niet gemotiveerd is.")
    else:
        text = _("De motivatie staat nog niet in de aanmelding.")
    return Reason(text, "candidates:registration", registration.pk)


def eligible(registration: Registration, stream_number: int | None = None) -> Reason | None:
    """R2: the target group and age fit, or a recorded override says why it may."""
    if is_eligible_with(registration, stream_number):
        return None
    verdict = eligibility_of(registration, stream_number)
    text = _("Doelgroep en leeftijd passen niet: %(why)s") % {"why": verdict.reason_text}
    return Reason(text, "candidates:registration", registration.pk)


def reasons_against_maatwerq(registration: Registration, stream_number: int | None = None) -> list[Reason]:
    """R1, R2: what keeps somebody from being assigned to MaatwerQ; for the form and for the action."""
    asked = (motivation_recorded(registration), eligible(registration, stream_number))
    return [reason for reason in asked if reason is not None]


@dataclass(frozen=True)
class FileFacts:
    """What is in a person's file, counted in one query."""

    foto_areas: int
    foto_done: int
    support_open: int
    support_reviewed: bool
    finance_outcome: str | None
    intake_held: bool
    qfit_settled: bool
    has_experience: bool
    has_interest: bool
    has_ability: bool
    has_prospect: bool
    has_cv: bool
    has_portfolio: bool
    has_education: bool
    has_representative: bool
    consent_count: int
    client_id: int | None
    # Of the latest assigned registration; empty while nothing was assigned.
    department: str | None

    def asks(self, part: str) -> bool:
        """Whether the department asks for this part of the file: Foto and finance check are MaatwerQ's (R3, decision 5)."""
        return part not in MAATWERQ_PARTS or self.department in (None, Department.MAATWERQ)


def file_facts(candidate: Candidate) -> FileFacts:
    """Everything the guards and the tabs ask about a file, in one query."""
    return FileFacts(**_facts_of_files().get(pk=candidate.pk))


@cache
def _facts_of_files() -> QuerySet:
    """The question, put together once: that takes longer than the answer."""
    return Candidate.objects.order_by().annotate(**_fact_columns()).values(*FileFacts.__dataclass_fields__)


def _fact_columns() -> dict:
    mine = Q(candidate=OuterRef("pk"))
    complete = (
        LifeSnapshot.objects.filter(mine, area__is_active=True).exclude(past="").exclude(present="").exclude(wanted="")
    )
    return {
        "foto_areas": _count(LifeArea.objects.filter(is_active=True)),
        "foto_done": _count(complete),
        "support_open": _count(SupportNeed.objects.filter(mine, status=SupportNeed.Status.OPEN)),
        "support_reviewed": Exists(SupportReview.objects.filter(mine)),
        "finance_outcome": Subquery(FinanceCheck.objects.filter(mine).order_by("-at", "-pk").values("outcome")[:1]),
        "intake_held": Exists(
            ContactMoment.objects.filter(mine, kind=ContactMoment.Kind.INTAKE, status=ContactMoment.Status.HELD)
        ),
        "qfit_settled": Exists(QFit.objects.filter(mine, settled_at__isnull=False)),
        "has_experience": Exists(WorkExperience.objects.filter(mine)),
        "has_interest": Exists(Interest.objects.filter(mine)),
        "has_ability": Exists(Ability.objects.filter(mine)),
        "has_prospect": Exists(LabourProspect.objects.filter(mine)),
        "has_cv": Exists(CandidateDocument.objects.filter(mine, kind=CandidateDocument.Kind.CV)),
        "has_portfolio": Exists(CandidateDocument.objects.filter(mine).exclude(kind=CandidateDocument.Kind.CV)),
        "has_education": Exists(Education.objects.filter(mine)),
        "has_representative": Exists(LegalRepresentative.objects.filter(mine)),
        "consent_count": _count(Consent.objects.filter(mine).valid()),
        "department": Subquery(
            Registration.objects.filter(mine, department__isnull=False)
            .order_by("-created_at", "-pk")
            .values("department__code")[:1]
        ),
        "client_id": Subquery(
            Registration.objects.filter(mine, client__isnull=False).order_by("-created_at").values("client")[:1]
        ),
    }


def _count(queryset) -> Subquery:
    """A subquery that counts rows; 0 when there are none."""
    return Subquery(queryset.order_by().values(n=Func(F("pk"), function="COUNT")), output_field=IntegerField())


def foto_complete(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """R3: every life area of the Foto holds verleden, nu and gewenst."""
    facts = facts or file_facts(candidate)
    if facts.foto_done >= facts.foto_areas:
        return None
    text = _("De Foto is nog niet compleet: %(done)d van %(all)d leefgebieden ingevuld.")
    return Reason(text % {"done": facts.foto_done, "all": facts.foto_areas}, "candidates:foto", candidate.pk)


def support_settled(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """R3: the support questions were asked, and none is still open (housing, leisure and money may run in parallel)."""
    facts = facts or file_facts(candidate)
    if facts.support_open:
        text = _("Er zijn nog open ondersteuningsvragen.")
    elif not facts.support_reviewed:
        text = _("De toets op ondersteuningsvragen is nog niet gedaan.")
    else:
        return None
    return Reason(text, "candidates:support", candidate.pk)


def finance_checked(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """R3: the latest finance check says the money is settled."""
    facts = facts or file_facts(candidate)
    if facts.finance_outcome == FinanceCheck.Outcome.SETTLED:
        return None
    if facts.finance_outcome is None:
        text = _("De toets op financiën is nog niet gedaan.")
    else:
        text = _("De financiën zijn nog niet geregeld.")
    return Reason(text, "candidates:finance", candidate.pk)


def intake_talk_held(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """R3: the acquaintance and intake talk was held, not just planned."""
    facts = facts or file_facts(candidate)
    if facts.intake_held:
        return None
    return Reason(_("Het intakegesprek is nog niet gevoerd."), "candidates:contacts", candidate.pk)


def qfit_fillable(candidate: Candidate, facts: FileFacts | None = None) -> list[Reason]:
    """What Q-fit needs before it can be settled; experience and limitations may be absent."""
    facts = facts or file_facts(candidate)
    missing = [
        (facts.has_interest, _("Er staat nog geen interesse in de Q-fit.")),
        (facts.has_ability, _("Er staat nog geen kennis of vaardigheid in de Q-fit.")),
        (facts.has_prospect, _("Er staat nog geen arbeidsmarktkans in de Q-fit.")),
    ]
    return [Reason(text, "candidates:qfit", candidate.pk) for there, text in missing if not there]


def personal_complete(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """The person can be reached, and somebody signs along for whoever is under 18 (R4)."""
    facts = facts or file_facts(candidate)
    if not candidate.phone and not candidate.email:
        text = _("Er is geen telefoonnummer en geen e-mailadres.")
    elif candidate.is_minor_on(clock.today()) and not facts.has_representative:
        text = _("De kandidaat is jonger dan 18 en heeft nog geen wettelijk vertegenwoordiger.")
    else:
        return None
    return Reason(text, "candidates:person_data", candidate.pk)


def qfit_settled(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """Q-fit was settled by somebody."""
    facts = facts or file_facts(candidate)
    if facts.qfit_settled:
        return None
    return Reason(_("De Q-fit is nog niet vastgesteld."), "candidates:qfit", candidate.pk)


def cv_present(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """There is a CV: rows of experience or education, or an uploaded one."""
    facts = facts or file_facts(candidate)
    if facts.has_cv or facts.has_experience or facts.has_education:
        return None
    return Reason(_("Er staat nog niets in het CV."), "candidates:cv", candidate.pk)


def portfolio_present(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    facts = facts or file_facts(candidate)
    if facts.has_portfolio:
        return None
    return Reason(_("Er staat nog niets in het portfolio."), "candidates:portfolio", candidate.pk)


def consent_given(candidate: Candidate, facts: FileFacts | None = None) -> Reason | None:
    """At least one employer may see something (R16)."""
    facts = facts or file_facts(candidate)
    if facts.consent_count:
        return None
    return Reason(_("Er is nog voor geen enkele werkgever toestemming."), "candidates:consents", candidate.pk)


# --- BSN -------------------------------------------------------------------------------------------------------------


def bsn_allowed(client: Client | None, on: date) -> bool:
    """Whether the BSN may be recorded: off, unless this opdrachtgever has a setting with a legal basis (UAVG 46)."""
    if client is None:
        return False
    try:
        row = law.setting(law.Key.BSN_ALLOWED, on=on, client=client)
    except law.LawSetting.DoesNotExist:
        return False
    return row.value == "ja" and bool(row.legal_basis.strip()) and row.client_id == client.pk


# --- What comes too late or too early --------------------------------------------------------------------------------
def already_ended(status: str) -> str:
    """What somebody reads who handles a registration that a colleague handled meanwhile."""
    return _("Deze aanmelding is al afgehandeld: %(status)s.") % {"status": Registration.Status(status).label.lower()}


def talk_still_comes(status: str, at: datetime) -> str:
    """Why a talk can't have been held, or somebody can't have stayed away, at this moment; empty when it can."""
    if status not in (ContactMoment.Status.HELD, ContactMoment.Status.NO_SHOW):
        return ""
    return why_not_yet(at, _("Dit gesprek is nog niet geweest: de datum ligt in de toekomst."))
