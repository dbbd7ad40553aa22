"""The world of the access matrix: one person's case per relation, everybody who might look, and what each address names.

A relation says whose something is, seen from the team of region 20: `own` (they guide it), `colleague` (other guides, the
same region, another company and opdrachtgever), `foreign` (another region and everything else too) and `closed` (theirs,
but the file is closed). `nowhere` names nothing that exists: what somebody may not know of must look exactly like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Absence, Branch, KindOfPlace, LawSetting, Organisation, Region, Role, SavedFilter, User
from candidates.models import (
    Candidate,
    CandidateDocument,
    Consent,
    ContactMoment,
    EligibilityRule,
    LegalRepresentative,
    LifeArea,
    SupportNeed,
    WorkExperience,
)
from demo.walk import Team, Walk
from employers.models import EmployerContact, IntakeDate, Vacancy
from matching.models import MatchDecision
from tests import factories
from tests.trajectories.conftest import make_vacancy, make_walk, walk_to
from topjob import clock
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.documents import papers
from trajectories.models import (
    CheckIn,
    GeneratedDocument,
    LegalHold,
    Paper,
    PlanParty,
    Scan,
    Trajectory,
    TrialInterruption,
)
from trajectories.process.periods import period_end

RELATIONS = {"own": "e", "colleague": "c", "foreign": "v", "closed": "d"}
# Names that stand nowhere else, so that a page that shows one says whom it shows.
NAMES = {"own": "Eigenweide", "colleague": "Buurmanstra", "foreign": "Verwegsma", "closed": "Afgerondema"}
TEAM = factories.TEAM_ROLES
NOWHERE = 987_654_321
NOWHERE_WORD = "bestaat-niet"
NOWHERE_UUID = "00000000-0000-4000-8000-000000000000"
PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass
class Subject:
    """One person's case, and the company, opdrachtgever and colleague that belong to it."""

    case: Trajectory
    vacancy: Vacancy
    guide: User
    day: date
    extras: dict[str, Any] = field(default_factory=dict)
    found: dict[Named, Any] = field(default_factory=dict)

    def named(self, means: Named) -> Any:
        """What a name stands for here; looked up once."""
        if means not in self.found:
            self.found[means] = means(self)
        return self.found[means]

    @property
    def candidate(self) -> Candidate:
        return self.case.candidate


@dataclass
class World:
    subjects: dict[str, Subject]
    people: dict[str, User | None]
    day: date


def build() -> World:
    """By the real actions; the last day of anybody's story is today for all."""
    team, colleagues, foreign = factories.team(), factories.team(), _team_of("29")
    subjects = {
        "own": _subject("own", team, "20"),
        "colleague": _subject("colleague", colleagues, "20"),
        "foreign": _subject("foreign", foreign, "29"),
    }
    subjects["closed"] = _subject("closed", team, "20", subjects["own"].vacancy)
    own, other = subjects["own"], subjects["foreign"]
    youth = factories.candidate_user()
    Candidate.objects.filter(pk=own.case.candidate_id).update(user=youth)
    roles = dict(zip(factories.TEAM_ROLES, vars(team).values(), strict=True))
    people: dict[str, User | None] = {str(role): user for role, user in roles.items()}
    people |= {
        str(Role.BEHEERDER): factories.staff(Role.BEHEERDER),
        str(Role.WERKGEVER): factories.representative(own.vacancy.employer.organisation),
        str(Role.OPDRACHTGEVER): factories.representative(_payer(own), role=Role.OPDRACHTGEVER),
        str(Role.KANDIDAAT): youth,
        "niemand": None,
        "andere werkgever": factories.representative(other.vacancy.employer.organisation),
        "andere opdrachtgever": factories.representative(_payer(other), role=Role.OPDRACHTGEVER),
        "andere regio": factories.staff(*factories.TEAM_ROLES, region_code="29"),
        "afgesloten account": factories.staff(*factories.TEAM_ROLES),
    }
    return World(subjects, people, max(subject.day for subject in subjects.values()))


def _payer(subject: Subject) -> Organisation:
    return Organisation.objects.get(pk=subject.case.client_id)


def _team_of(region: str) -> Team:
    return Team(*(factories.staff(role, region_code=region) for role in factories.TEAM_ROLES))


def _subject(relation: str, team: Team, region: str, vacancy: Vacancy | None = None) -> Subject:
    """Somebody of this region who learns and works, or is done, with a row of everything that an address can name."""
    is_closed = relation == "closed"
    vacancy = vacancy or vacancy_of(region)
    payer = factories.client(client_type=Organisation.ClientType.UWV)
    walk = make_walk(team, client=payer, region=region, group="wajong", stream=2)
    _call(walk.candidate, NAMES[relation])
    walk_to(walk, vacancy, "STARTPLAN")
    walk.draft_plan().send_plan()
    extras = {"scan": refused_scan(walk, team, "Niet te lezen.")}
    walk_to(walk, vacancy, "PROEFPERIODE")
    walk.interrupt()
    walk_to(walk, vacancy, "LEERWERK").coach().put_on_paper("leerwerk", signed=is_closed)
    walk.with_school(period_end(walk.day, 12))
    with clock.at(walk.day, 21):
        extras |= rows_of(walk, team, vacancy)
        if not is_closed:
            extras |= unfinished(walk, team)
    if is_closed:
        walk_to(walk, vacancy, "AFGESLOTEN")
    if relation in ("own", "foreign"):
        extras |= on_the_way(team, payer, vacancy)
    return Subject(walk.fresh(), vacancy, team.regisseur, walk.day, extras)


def unfinished(walk: Walk, team: Team) -> dict[str, Any]:
    """What only stands open in a case that goes on: a document that isn't sent yet, an illness without an end."""
    case, by = walk.fresh(), team.regisseur
    subject = next(row for row in papers.subjects_of(case) if row.kind == Paper.Kind.EVALUATION)
    trial = case.trials.latest("pk")
    return {
        "draft_paper": actions.make_paper(case, kind=subject.kind, subject_id=subject.pk, by=by),
        "illness": TrialInterruption.objects.create(
            trial=trial, kind="ziek", starts_on=clock.today(), reason="Griep.", recorded_at=clock.now(), recorded_by=by
        ),
    }


def on_the_way(team: Team, payer: Organisation, vacancy: Vacancy) -> dict[str, Any]:
    """People of the same team who didn't get so far: one introduced to the company, one whose plan is being drafted."""
    region = vacancy.region.code
    applying, drafting = (make_walk(team, client=payer, region=region, group="wajong", stream=2) for _ in range(2))
    walk_to(applying, vacancy, "SOLLICITATIE")
    with clock.at(applying.day, 21):
        shared = _document(applying.candidate, team.regisseur)
    walk_to(drafting, vacancy, "STARTPLAN").draft_plan()
    return {"proposal": applying.fresh().current_application, "shared": shared, "drafting": drafting.fresh()}


def _call(person: Candidate, name: str) -> None:
    person.last_name, person.email = name, f"{name.lower()}@post.example"
    person.save(update_fields=["last_name", "email"])


def vacancy_of(region: str) -> Vacancy:
    where = factories.region(region)
    organisation = factories.EmployerOrganisationFactory(region=where)
    vacancy = make_vacancy(seats=6, employer=factories.EmployerFactory(organisation=organisation), region=where)
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        factories.EmployerContactFactory(employer=vacancy.employer, function=EmployerContact.Function(function))
    return vacancy


def refused_scan(walk: Walk, team: Team, reason: str) -> Scan:
    """A scan that a colleague turned down; then the party signs by its link after all."""
    party = walk.fresh().current_plan.parties.get(party="werkgever")
    paper = SimpleUploadedFile("scan.pdf", factories.pdf_file(), "application/pdf")
    with clock.at(walk.day, 12):
        scan = actions.upload_scan(party, paper, signed_on=walk.day, by=team.regisseur)
        actions.refuse_scan(scan, reason=reason, by=team.backoffice)
    return scan


def rows_of(walk: Walk, team: Team, vacancy: Vacancy) -> dict[str, Any]:
    """What the walk itself doesn't make, one of each."""
    who, by, now = walk.candidate, team.regisseur, clock.now()
    twin = factories.CandidateFactory(
        first_name=who.first_name, last_name=who.last_name, birth_date=who.birth_date, region=who.region, phone=""
    )
    joined = factories.CandidateFactory(region=who.region)
    start = clock.today()
    return {
        "twin": twin,
        "joined": joined,
        "join": actions.join_files(who, joined, by=team.frontoffice),
        "representative": LegalRepresentative.objects.create(
            candidate=who, name="Ans Bakker", relation="ouder", email="ans@post.example"
        ),
        "offer": factories.OfferFactory(registration=walk.trajectory.registration),
        "need": SupportNeed.objects.create(
            candidate=who, area=LifeArea.objects.first(), question="Waar kan ik wonen?", created_at=now
        ),
        "experience": WorkExperience.objects.create(
            candidate=who, organisation="Een bedrijf", role="Hulp", started_on=date(2024, 1, 1)
        ),
        "document": _document(who, by),
        "sroi": factories.SroiFactory(employer=vacancy.employer),
        "project": (project := factories.ProjectFactory(employer=vacancy.employer)),
        "intake_date": IntakeDate.objects.create(project=project, on=start),
        "hold": LegalHold.objects.create(candidate=who, reason="Bezwaar", placed_at=now, placed_by=by),
        "absence": _absence(who.region, by),
        "planned_talk": ContactMoment.objects.create(
            candidate=who, kind=ContactMoment.Kind.COACHING, status=ContactMoment.Status.PLANNED, at=now, by=by
        ),
        "filter": SavedFilter.objects.create(
            owner=by, page="trajectories:list", name=f"Filter {who.pk}", query="due=laat", created_at=now
        ),
        "leaver": factories.UserFactory(is_active=False),
    }


def _absence(region: Region, by: User) -> Absence:
    """Somebody of this region who isn't there today, covered for by this person."""
    return Absence.objects.create(
        person=factories.staff(Role.REGISSEUR, region_code=region.code),
        cover=by,
        role=Role.REGISSEUR,
        region=region,
        starts_on=clock.today(),
        ends_on=clock.today(),
        created_by=by,
        created_at=clock.now(),
    )


def _document(who: Candidate, by: User) -> CandidateDocument:
    row = CandidateDocument(
        candidate=who,
        kind=CandidateDocument.Kind.CV,
        title="CV",
        original_name="cv.pdf",
        size=8,
        content_type="application/pdf",
        sha256="0" * 64,
        uploaded_at=clock.now(),
        uploaded_by=by,
    )
    row.file.save("cv", ContentFile(b"%PDF-1.7"), save=False)
    row.save()
    return row


# --- what an address names --------------------------------------------------------------------------------------------

Named = Callable[[Subject], Any]


def _extra(name: str) -> Named:
    return lambda subject: subject.extras[name].pk if name in subject.extras else None


def _first(manager: str, **by: str) -> Named:
    """The first row of something that hangs on the case."""
    return lambda subject: getattr(subject.case, manager).filter(**by).values_list("pk", flat=True).first()


def _of(model: Any, by: str, owner: str = "candidate") -> Named:
    def find(subject: Subject) -> Any:
        whose = {"candidate": subject.candidate, "case": subject.case, "employer": subject.vacancy.employer}[owner]
        return model.objects.filter(**{by: whose}).values_list("pk", flat=True).first()

    return find


def _any(model: Any) -> Named:
    """Something that is nobody's in particular."""
    return lambda subject: model.objects.values_list("pk", flat=True).first()


CASE: Named = lambda subject: subject.case.pk  # noqa: E731
PERSON: Named = lambda subject: subject.candidate.pk  # noqa: E731
EMPLOYER: Named = lambda subject: subject.vacancy.employer_id  # noqa: E731
VACANCY: Named = lambda subject: subject.vacancy.pk  # noqa: E731
FUNCTION: Named = lambda subject: subject.vacancy.function_id  # noqa: E731
GUIDE: Named = lambda subject: subject.guide.pk  # noqa: E731

# The beginning of a route → what its names mean there; the longest beginning counts, "" is for everywhere.
NAMED: dict[str, dict[str, Named]] = {
    "": {
        "candidate_pk": PERSON,
        "vacancy_pk": VACANCY,
        "function_pk": FUNCTION,
        "other_pk": _extra("twin"),
        "join_pk": _extra("join"),
        "link_pk": _first("links", used_at=None, voided_at=None),
        "party_pk": _of(PlanParty, "paper__trajectory", "case"),
        "scan_pk": _extra("scan"),
        "contract_pk": _first("contracts"),
        "practice_pk": _first("practice_agreements"),
        "paper_pk": _first("papers", kind=Paper.Kind.LEARN_WORK),
        "subject_pk": _first("contracts"),
        "offer_pk": _extra("offer"),
        "kind_pk": _any(KindOfPlace),
        "membership_pk": lambda subject: subject.guide.memberships.values_list("pk", flat=True).first(),
    },
    "/filters/": {"pk": _extra("filter")},
    "/trajecten/": {"pk": CASE},
    "/trajecten/<int:pk>/onderbrekingen/": {"row_pk": _of(TrialInterruption, "trial__trajectory", "case")},
    "/trajecten/<int:pk>/onderbrekingen/<int:row_pk>/einde/": {"row_pk": _extra("illness")},
    "/trajecten/<int:pk>/startplan/bewaren/": {"pk": _extra("drafting")},
    "/trajecten/<int:pk>/startplan/partij/": {"pk": _extra("drafting")},
    "/trajecten/<int:pk>/documenten/<int:paper_pk>/partij/": {"paper_pk": _extra("draft_paper")},
    "/trajecten/<int:pk>/nazorg/": {"row_pk": _of(CheckIn, "aftercare__trajectory", "case")},
    "/personen/": {"pk": PERSON},
    "/personen/<int:pk>/oud-dossier/": {"pk": _extra("joined")},
    "/personen/<int:pk>/vertegenwoordigers/": {"row_pk": _extra("representative")},
    "/personen/<int:pk>/qfit/": {"row_pk": _extra("experience")},
    "/personen/<int:pk>/cv/": {"row_pk": _extra("experience")},
    "/personen/<int:pk>/ondersteuning/": {"row_pk": _extra("need")},
    "/personen/<int:pk>/documenten/": {"row_pk": _extra("document")},
    "/personen/<int:pk>/contact/": {"row_pk": _extra("planned_talk")},
    "/personen/<int:pk>/toestemming/": {"row_pk": _of(Consent, "candidate")},
    "/aanmeldingen/": {"pk": lambda subject: subject.case.registration_id},
    "/termijnen/": {"pk": _first("deadlines")},
    "/documenten/traject/": {"pk": _of(GeneratedDocument, "trajectory", "case")},
    "/werkgever/": {"pk": EMPLOYER},
    "/werkgever/voorstellen/": {"pk": _extra("proposal"), "row_pk": _extra("shared")},
    "/werkgever/deelnemers/": {"pk": CASE},
    "/werkgever/links/": {"pk": _first("links", used_at=None, voided_at=None, party__party="werkgever")},
    "/werkgever/contacten/": {"pk": _of(EmployerContact, "employer", "employer")},
    "/werkgever/functies/": {"pk": FUNCTION},
    "/werkgever/vacatures/": {"pk": VACANCY},
    "/werkgevers/": {"pk": EMPLOYER},
    "/werkgevers/contacten/": {"pk": _of(EmployerContact, "employer", "employer")},
    "/werkgevers/functies/": {"pk": FUNCTION},
    "/werkgevers/sroi/": {"pk": _extra("sroi")},
    "/vacatures/": {"pk": VACANCY},
    "/projecten/": {"pk": _extra("project")},
    "/projecten/instroom/": {"pk": _extra("intake_date")},
    "/opdrachtgever/": {"pk": CASE},
    "/matchbesluiten/": {"pk": _of(MatchDecision, "candidate")},
    "/afwezigheid/": {"pk": _extra("absence")},
    "/mijn/links/": {"pk": _first("links", used_at=None, voided_at=None, party__party="jongere")},
    "/mijn/documenten/": {"row_pk": _extra("document")},
    "/mijn/cv/": {"row_pk": _extra("experience")},
    "/mijn/toestemming/": {"row_pk": _of(Consent, "candidate")},
    "/beheer/gebruikers/": {"pk": GUIDE},
    "/beheer/gebruikers/<int:pk>/aan/": {"pk": _extra("leaver")},
    "/beheer/regels/": {"pk": _any(LawSetting)},
    "/beheer/tabellen/": {"pk": _any(Branch)},
    "/beheer/tabellen/<slug:slug>/<int:pk>/weg/": {"pk": _any(EligibilityRule)},
    "/beheer/werk/": {"pk": _any(OutboxMessage)},
    "/inzage/reden/": {"pk": PERSON},
    "/beheer/bewaren/langer/": {"pk": _extra("hold")},
}
# Words that mean the same for everybody.
WORDS = {
    "party": "werkgever",
    "number": 1,
    "position": 1,
    "/trajecten/<int:pk>/stap/": "stop",
    "/trajecten/<int:pk>/regelingen/": "lkv-aangifte",
    "/trajecten/<int:pk>/documenten/maken/": "leerwerk",
    "/personen/<int:pk>/qfit/": "ervaring",
    "/personen/<int:pk>/cv/": "ervaring",
    "/mijn/cv/": "ervaring",
    "/beheer/tabellen/": "branches",
    "/beheer/tabellen/<slug:slug>/<int:pk>/weg/": "doelgroepregels",
    "/beheer/teksten/": "leerwerk",
}


def meaning(pattern: str, name: str) -> Named | None:
    """What a name in an address stands for, or None when it is a word."""
    fitting = [begin for begin in NAMED if pattern.startswith(begin) and name in NAMED[begin]]
    return NAMED[max(fitting, key=len)][name] if fitting else None


def word_in(pattern: str, name: str) -> Any:
    fitting = [begin for begin in WORDS if begin.startswith("/") and pattern.startswith(begin)]
    return WORDS[name] if name in WORDS else WORDS[max(fitting, key=len)] if fitting else None


def address(pattern: str, subject: Subject | None) -> str | None:
    """A route filled in for one relation, or with nothing that exists; None when there is nothing to name."""
    missing = False

    def fill(part: re.Match[str]) -> str:
        nonlocal missing
        name = part[2]
        means = meaning(pattern, name)
        if means is None:
            found = word_in(pattern, name)
            return str(found if found is not None else NOWHERE_WORD)
        found = subject.named(means) if subject else NOWHERE
        missing = missing or found is None
        return str(found)

    filled = PART.sub(fill, pattern)
    return None if missing else filled


def names_rows(pattern: str) -> bool:
    """Whether an address names something that is somebody's."""
    return any(meaning(pattern, part[2]) for part in PART.finditer(pattern))
