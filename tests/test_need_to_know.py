"""Who reads which part of a file (decision 28): every address as each role, against the table in `need_to_know.csv`.

Each part of one person's file holds a mark that stands nowhere else. Somebody goes through every address of the product, files
and calendar included, and must have come across exactly the marks that the table gives them. The table is written by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts import verbs
from accounts.access import NOBODY, rule_of
from accounts.audit import record
from accounts.models import Absence, LawSetting, Membership, Organisation, Reading, Role, User
from accounts.models.roles import CASE_ROLES
from accounts.need_to_know import GUIDES_SEE, NEEDS, PART_OF_PAGE, Part
from candidates import actions as candidate_actions
from candidates import knowing
from candidates.models import Candidate, ContactMoment, FinanceCheck, LifeArea, LifeSnapshot
from candidates.views.who_sees import PARTS
from demo.walk import Team, Walk, Words
from matching import actions as matching_actions
from tests import databases, factories, matrix
from tests.matrix import Subject, rows_of
from tests.test_repository import allows, own_routes
from tests.trajectories.conftest import make_walk, render_lightly, walk_to
from tests.trajectories.test_queries import ask_too_much, opened, there
from topjob import clock, outbox
from topjob.money import euro
from trajectories import actions
from trajectories.journey.need_to_know import PART_OF_TABLE, parts_of
from trajectories.keeping.joining import keys_to_person
from trajectories.models import Completion, Contract, ExitTalk, GeneratedDocument, Paper, Scan, SupportStep, Trajectory
from trajectories.pages.calendar import calendar_of, dates_of
from trajectories.pages.cards import PART_OF_CARD
from trajectories.pages.steps import PAGES
from trajectories.process.work import WORK
from trajectories.process.workflow import step_named, step_names
from trajectories.views import case_page

TABLE = Path(__file__).with_name("need_to_know.csv")
MARKS: dict[str, str] = {
    "basis": "Merkstraatnaam",
    "bsn": "111222333",
    "aanmelding": "Merk: motivatie bij aanmelding",
    "redenen": "Merk: waarom het zo ging",
    "akkoord": "PP-2026-0505",
    "gesprekken": "Merk: kamer waar gepraat wordt",
    "notities": "Merk: wat er gezegd is",
    "foto": "Merk: zo gaat het nu",
    "ondersteuning": "Merk: hulpvragen besproken",
    "financien": "Merk: schulden in beeld",
    "qfit": "Merk: extra hulp op het werk",
    "cv": "Merk: stapelde dozen",
    "toestemming": "Merk Toestemming BV",
    "zoekprofiel": "Merk: liever buiten",
    "passend": "Merk: besluit over de match",
    "plek": "Merkplek magazijn",
    "startplan": "Merk: leert zagen",
    "documenten": "Merk: scan onleesbaar",
    "contract": "",  # what the last contract pays
    "proefperiode": "Heeft zich ziek gemeld",
    "evaluatie": "Op tijd hulp vragen.",
    "loonwaarde": "M. de Groot, loonwaardedeskundige",
    "regelingen": "Merk: kenmerk van de regeling",
    "jobcoach": "Merk: de week doorgenomen",
    "quickscan": "Klaar voor een volgende stap.",
    "advies": "Merk: past bij het vak",
    "nazorg": "Gebeld: werk gaat.",
    "exitgesprek": "Merk: fijn geholpen",
    "afronding": "Merk: map ligt in de kast",
}


@dataclass
class File:
    """One person whose file holds a mark in every part, and who read it."""

    subject: Subject
    readers: dict[str, User]
    marks: dict[str, str]
    day: date


@pytest.fixture(scope="module")
def marked_database(cluster, django_db_setup, django_db_blocker, own_files) -> Iterator[tuple[str, File]]:
    with cluster.clone() as name:
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), databases.django_uses(name):
            patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
            patch.setattr(outbox, "tell_celery", lambda pk: None)
            made = _marked()
        yield name, made


@pytest.fixture
def in_file(marked_database: tuple[str, File]) -> Iterator[File]:
    name, made = marked_database
    with databases.django_uses(name), clock.at(made.day, 23):
        yield made


@pytest.fixture
def file(in_file: File, db: None) -> File:
    return in_file


# --- the file ---------------------------------------------------------------------------------------------------------
def _marked() -> File:
    team = factories.team()
    vacancy = matrix.vacancy_of("20")
    vacancy.title = MARKS["plek"]
    vacancy.save()
    payer = factories.client(client_type=Organisation.ClientType.UWV)
    walk = make_walk(team, client=payer, group="wajong", stream=2, motivation=MARKS["aanmelding"])
    walk.words = _words()
    _person(walk, payer)
    walk_to(walk, vacancy, "BEMIDDELBAAR")
    _intake(walk, team)
    walk_to(walk, vacancy, "STARTPLAN")
    walk.draft_plan().send_plan()
    extras = {"scan": _scan(walk, team)}
    walk_to(walk, vacancy, "PROEFPERIODE").interrupt()
    walk_to(walk, vacancy, "LEERWERK").coach().put_on_paper("leerwerk")
    joined = _joined(walk, team)
    with clock.at(walk.day, 21):
        extras |= rows_of(walk, team, vacancy) | {"joined": joined}
    walk_to(walk, vacancy, "NAZORG")
    _arrange(walk)
    wage = euro(Contract.objects.filter(trajectory=walk.trajectory).latest("pk").hourly_wage)
    walk.day = walk.fresh().aftercares.get().check_ins.first().due_on
    walk.check_in()
    _ahead(walk, team)
    subject = Subject(walk.fresh(), vacancy, team.regisseur, walk.day, extras)
    return File(subject, _readers(team, walk.day), MARKS | {"contract": wage}, walk.day)


def _words() -> Words:
    return Words(
        default_foto=("Ging wisselend.", MARKS["foto"], "Wil dit zelf kunnen."),
        choice=MARKS["passend"],
        talk=MARKS["notities"],
        support=MARKS["ondersteuning"],
        goals=(("vakmanschap", MARKS["startplan"], "Samen oefenen."),),
        coaching=MARKS["jobcoach"],
        advice=MARKS["advies"],
    )


def _person(walk: Walk, payer: Organisation) -> None:
    with clock.at(walk.day):
        LawSetting.objects.create(
            key="bsn_toegestaan", value="ja", valid_from=clock.today(), client=payer, source="x", legal_basis="Suwi"
        )
        person = Candidate.objects.get(pk=walk.candidate.pk)
        person.street, person.bsn = MARKS["basis"], MARKS["bsn"]
        person.save()


def _intake(walk: Walk, team: Team) -> None:
    who, by = walk.fresh().candidate, team.regisseur
    with clock.at(walk.day, 18):
        candidate_actions.check_finance(
            FinanceCheck(candidate=who, outcome="geregeld", source="kandidaat", remarks=MARKS["financien"]), by=by
        )
        candidate_actions.save_qfit_support(who, extra_support=MARKS["qfit"], by=by)
        who.experiences.create(organisation="Een bedrijf", role=MARKS["cv"], started_on=date(2024, 1, 1))
        planned = ContactMoment(
            candidate=who, kind="loopbaan", at=walk.at() + timedelta(days=900), place=MARKS["gesprekken"], by=by
        )
        candidate_actions.plan_contact(planned, by=by)
        company = factories.EmployerOrganisationFactory(name=MARKS["toestemming"])
        candidate_actions.give_consent(who, organisation=company, channel="gesprek", share_cv=True, by=by)
        matching_actions.refine_profile(who, {"remark": MARKS["zoekprofiel"]}, by=team.career_adviser)
        concept = who.search_profiles.concepts().get()
        matching_actions.confirm_profile(concept, by=team.career_adviser)


def _scan(walk: Walk, team: Team) -> Scan:
    return matrix.refused_scan(walk, team, MARKS["documenten"])


def _joined(walk: Walk, team: Team) -> Candidate:
    """A file of the same person, of which the Foto and a talk stay behind."""
    joined = factories.CandidateFactory(region=walk.candidate.region)
    LifeSnapshot.objects.create(
        candidate=joined, area=LifeArea.objects.first(), present=MARKS["foto"], updated_at=clock.now()
    )
    with clock.at(walk.day, 20):
        actions.join_files(walk.fresh().candidate, joined, by=team.frontoffice)
    return joined


def _arrange(walk: Walk) -> None:
    walk.arrange_support(in_register=True)
    step = SupportStep.objects.filter(trajectory=walk.trajectory).order_by("-pk").first()
    with clock.at(walk.day, 20):
        actions.record_support_step(
            walk.fresh(),
            organisation=step.organisation,
            kind=step.kind,
            outcome=step.outcome,
            on=walk.day,
            note=MARKS["regelingen"],
            by=walk.team.personnel,
        )


def _ahead(walk: Walk, team: Team) -> None:
    """What comes with closing, put there beforehand: so that every page has something to show on one day."""
    case = walk.fresh()
    with clock.at(walk.day, 22):
        record(
            verbs.HAND_OVER,
            case,
            by=team.regisseur,
            candidate_id=case.candidate_id,
            trajectory_id=case.pk,
            reason=MARKS["redenen"],
        )
        ExitTalk.objects.create(
            trajectory=case, was_held=True, on=walk.day, feedback=MARKS["exitgesprek"], grade=8, by=team.backoffice
        )
        Completion.objects.create(trajectory=case, remarks=MARKS["afronding"], at=clock.now(), by=team.backoffice)


def _readers(team: Team, day: date) -> dict[str, User]:
    """Colleagues who don't guide this person, and those who do: by name, or covering for who is named."""
    others = [role for role in NEEDS if role != Role.JOBCOACH]
    readers = {str(role): factories.staff(role) for role in others}
    cover = factories.staff(Role.WERKMAKELAAR)
    Absence.objects.create(
        person=team.job_broker,
        cover=cover,
        role=Role.WERKMAKELAAR,
        region=factories.region("20"),
        starts_on=day,
        ends_on=day,
        created_by=cover,
        created_at=clock.now(),
    )
    return readers | {"waarnemer": cover, "jobcoach": team.jobcoach}


# --- going through everything ----------------------------------------------------------------------------------------
def declared() -> dict[str, dict[str, bool]]:
    with TABLE.open(encoding="utf-8", newline="") as rows:
        found = {row.pop("onderdeel"): row for row in csv.DictReader(rows)}
    return {part: {who: answer == "ja" for who, answer in row.items()} for part, row in found.items()}


def addresses(subject: Subject, user: User) -> list[str]:
    """Every address that shows somebody's data, about this person; each document and decision of theirs besides."""
    routes = [route for route in own_routes() if "(?P" not in route.pattern and route.view.shows != NOBODY]
    routes = [route for route in routes if rule_of(route.view).needs_login and allows(route, user)]
    found = [matrix.address(route.pattern, subject) for route in routes]
    case = subject.case
    found += [f"/documenten/traject/{pk}/" for pk in GeneratedDocument.objects.values_list("pk", flat=True)]
    found += [f"/trajecten/{case.pk}/documenten/{pk}/" for pk in case.papers.values_list("pk", flat=True)]
    found += [f"/matchbesluiten/{pk}/" for pk in case.candidate.match_decisions.values_list("pk", flat=True)]
    found += [f"/zoeken/?q={case.candidate.last_name}"]
    return list(dict.fromkeys(address for address in found if address))


def met_by(user: User, file: File) -> dict[str, list[str]]:
    """Which marks somebody comes across, and where."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    found: dict[str, list[str]] = {}
    pages = {"agenda": calendar_of(dates_of(user)).decode()}
    everything = reverse("trajectories:timeline", args=[file.subject.case.pk]) + "?toon=alles"
    for address in (*addresses(file.subject, user), everything):
        response = browser.get(address)
        assert response.status_code < 500, address
        if response.status_code == 200:
            pages[address] = b"".join(response).decode("utf-8", "replace")
    for address, text in pages.items():
        for part, mark in file.marks.items():
            if mark in unescape(text):
                found.setdefault(part, []).append(address)
    return found


def test_the_table_names_every_part() -> None:
    assert list(declared()) == [str(part) for part in Part] == list(MARKS)


@pytest.mark.walk
@pytest.mark.parametrize("who", list(next(iter(declared().values()))))
def test_somebody_meets_exactly_the_parts_that_are_theirs_to_know(
    file: File, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(case_page, "HISTORY_PAGE", 500)  # all that happened on one page
    found = met_by(file.readers[who], file)
    table = {part: row[who] for part, row in declared().items()}
    too_much = {part: found[part] for part in found if not table[part]}
    too_little = [part for part, is_read in table.items() if is_read and part not in found]
    assert not too_much
    assert not too_little
    _nothing_closed_is_logged(file.readers[who], table)


def _nothing_closed_is_logged(reader: User, table: dict[str, bool]) -> None:
    """What wasn't shown isn't said to have been read."""
    logged = set(Reading.objects.filter(actor=reader).values_list("page", flat=True))
    closed = {str(page) for page, part in PART_OF_PAGE.items() if not table[part]}
    assert not logged & closed


@pytest.mark.walk
def test_searching_finds_nobody_by_what_stands_in_the_file(file: File) -> None:
    browser = Client()
    browser.force_login(file.readers["regisseur"])
    for part, mark in file.marks.items():
        if part not in ("basis", "plek"):
            assert not browser.get("/zoeken/", {"q": mark}).context["people"], part


PART_OF_PDF = {"evaluatie": "evaluatie", "loonwaarde": "loonwaarde"}


@pytest.mark.parametrize("kind", ["startplan", *Paper.Kind.values])
def test_a_pdf_opens_for_who_may_read_what_it_tells(file: File, kind: str) -> None:
    """What is set in a PDF can't be searched for marks: each kind is asked for by everybody."""
    plan = GeneratedDocument.objects.filter(kind="startplan").earliest("pk")
    row = plan if kind == "startplan" else _pdf_of_paper(file, plan, kind)
    table = declared()["startplan" if kind == "startplan" else PART_OF_PDF.get(kind, "contract")]
    for who, is_read in table.items():
        browser = Client()
        browser.force_login(file.readers[who])
        answer = browser.get(f"/documenten/traject/{row.pk}/")
        assert answer.status_code == (200 if is_read else 404), who
        assert b"".join(answer).startswith(b"%PDF") == is_read


def _pdf_of_paper(file: File, like: GeneratedDocument, kind: str) -> GeneratedDocument:
    facts = {"kind": "document", "file": like.file.name, "sha256": like.sha256, "size": like.size}
    case = file.subject.case
    row = GeneratedDocument.objects.create(trajectory_id=case.pk, created_at=like.created_at, **facts)
    about = {"kind": kind, "subject_id": 987_654, "summary": "Kern", "created_by": case.regisseur}
    Paper.objects.create(trajectory_id=case.pk, document=row, created_at=like.created_at, **about)
    return row


# --- one declaration --------------------------------------------------------------------------------------------------
def test_a_role_that_is_elsewhere_needs_nothing_here(file: File) -> None:
    """Regisseur in another region and backoffice in this one: what the backoffice needs."""
    user = factories.staff(Role.BACKOFFICE)
    Membership.objects.create(user=user, role=Role.REGISSEUR, region=factories.region("29"))
    assert parts_of(file.subject.case, user) == NEEDS[Role.BACKOFFICE]


def test_who_is_named_reads_as_guide(file: File) -> None:
    case = Trajectory.objects.get(pk=file.subject.case.pk)
    guide = User.objects.get(pk=case.career_adviser_id)
    assert parts_of(case, guide) == GUIDES_SEE | NEEDS[Role.LOOPBAANADVISEUR]
    assert knowing.parts_of(case.candidate, guide) == GUIDES_SEE | NEEDS[Role.LOOPBAANADVISEUR]


def test_who_is_named_but_has_no_role_here_any_more_is_no_guide(file: File) -> None:
    user = User.objects.get(pk=file.subject.case.career_adviser_id)
    user.memberships.update(role=Role.WERKMAKELAAR)
    assert parts_of(Trajectory.objects.get(pk=file.subject.case.pk), user) == NEEDS[Role.WERKMAKELAAR]


def test_outside_maatwerq_the_loopbaanadviseur_reads_as_regisseur(file: File) -> None:
    case = Trajectory.objects.get(pk=file.subject.case.pk)
    case.department = type(case.department).objects.get(code="jeugd")
    assert parts_of(case, file.readers["loopbaanadviseur"]) == NEEDS[Role.REGISSEUR]


# The part on whose page a piece of work is done; what isn't here is done on a page that all read.
PAGE_OF_WORK = {
    "choose_vacancy": Part.MATCHES,
    "record_consent": Part.CONSENT,
    "record_talk": Part.PLACE,
    "draft_plan": Part.PLAN,
    "record_permission": Part.PAYER,
    "make_paper": Part.PAPERS,
    "upload_scan": Part.PAPERS,
    "judge_scan": Part.PAPERS,
    "record_support": Part.MONEY,
    "record_interruption": Part.TRIAL,
    "end_interruption": Part.TRIAL,
    "extend_trial": Part.TRIAL,
    "record_view": Part.EVALUATION,
    "decide_wage_value": Part.WAGE,
    "record_wage_value": Part.WAGE,
    "record_coaching": Part.COACHING,
    "record_hourly_wage": Part.CONTRACT,
    "record_practice_agreement": Part.CONTRACT,
    "record_quick_scan": Part.QUICKSCAN,
    "draft_advice": Part.ADVICE,
    "record_check_in": Part.AFTERCARE,
    "add_check_in": Part.AFTERCARE,
    "record_exit_talk": Part.EXIT,
    "record_completion": Part.COMPLETION,
}
ON_EVERYBODYS_PAGE = {"set_guides", "set_follow_up", "admit", "invite_candidate", "resend_link", "record_qualification"}


def test_who_does_some_work_reads_the_page_where_it_is_done() -> None:
    assert set(PAGE_OF_WORK) | ON_EVERYBODYS_PAGE == set(WORK)
    for name, part in PAGE_OF_WORK.items():
        without = [role for role in WORK[name].roles if role in CASE_ROLES and part not in NEEDS[Role(role)]]
        assert not without, name


def test_who_takes_a_step_reads_what_is_known_beside_it() -> None:
    for name in step_names():
        needed = {PART_OF_CARD[card] for card in PAGES[name].cards if card in PART_OF_CARD}
        for role in step_named(name).roles:
            if role in CASE_ROLES:
                assert needed <= NEEDS[Role(role)], (name, role)


def test_guides_read_what_their_roles_need() -> None:
    for role, parts in NEEDS.items():
        assert parts - {Part.BSN} <= GUIDES_SEE, role


def test_everything_that_hangs_on_a_person_belongs_to_a_part() -> None:
    """What a joined file still has is shown by part; a new table fails here until somebody decides who needs it."""
    assert {model._meta.label_lower for model, _key in keys_to_person()} <= set(PART_OF_TABLE)


# --- the table is read by who it is about ------------------------------------------------------------------------------
def test_the_person_reads_who_sees_what_with_the_names_of_the_guides(file: File) -> None:
    youth = factories.candidate_user()
    Candidate.objects.filter(pk=file.subject.case.candidate_id).update(user=youth)
    browser = Client()
    browser.force_login(youth)
    page = unescape(browser.get("/mijn/wie-ziet-wat/").content.decode())
    case = file.subject.case
    for guide in (case.regisseur, case.career_adviser, case.job_broker, case.jobcoach):
        assert guide.name in page
    assert file.readers["waarnemer"].name in page
    assert set(PARTS) == set(Part)
    for words in PARTS.values():
        assert str(words) in page


def test_the_beheerder_reads_the_table(file: File) -> None:
    browser = Client()
    browser.force_login(factories.staff(Role.BEHEERDER))
    rows = browser.get("/beheer/wie-ziet-wat/").context["rows"]
    table = declared()
    columns = {"Frontoffice": "frontoffice", "Personeelsdiensten": "personeelsdiensten", "Backoffice": "backoffice"}
    columns |= {"Werkmakelaar": "werkmakelaar", "Jobcoach": "jobcoach", "Begeleider": "waarnemer"}
    for part, (_label, cells) in zip(Part, rows, strict=True):
        shown = dict(cells)
        assert {name: shown[name] for name in columns} == {name: table[part][who] for name, who in columns.items()}


def test_asking_who_guides_costs_no_query(file: File) -> None:
    """It is asked along with the person: a page that keeps to its bound for a regisseur, does so for others."""
    person, case = file.subject.candidate.pk, file.subject.case.pk
    pages = [f"/trajecten/{case}/", f"/trajecten/{case}/regelingen/", f"/trajecten/{case}/documenten/"]
    pages += [f"/personen/{person}/{name}" for name in ("", "contact/", "foto/", "qfit/", "zoekprofiel/")]
    for who in ("werkmakelaar", "waarnemer", "loopbaanadviseur", "jobcoach"):
        found = opened(file.readers[who], pages)
        assert not ask_too_much(found), who
        assert there(found) >= len(pages) - 1
