"""Beheer → Inzage: by person, by reader, what is unusual, and the export in the shape of the Logboek Dataverwerkingen."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.test import Client

from accounts import verbs
from accounts.models import AuditEntry, Reading, Role, User
from tests import factories
from topjob import clock
from trajectories.keeping.readings import unusual

HERE = "/beheer/inzage/"
DAY = date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def looked(reader: User | None, *people: int, page: str = "dossier", on: date = DAY, **facts) -> Reading:
    with clock.at(on, 10):
        values = {"at": clock.now(), "actor": reader, "party": "medewerker", "page": page, "people": list(people)}
        return Reading.objects.create(**values | facts)


@pytest.fixture
def beheer() -> Client:
    client = Client()
    client.force_login(factories.staff(Role.BEHEERDER))
    return client


@pytest.fixture
def rik() -> User:
    return factories.staff(Role.REGISSEUR)


def rows_of(answer) -> list[Reading]:
    return [item["row"] for item in answer.context["rows"]]


def test_one_searches_by_person_reader_page_and_day(beheer, rik) -> None:
    other = factories.staff(Role.BACKOFFICE)
    one = looked(rik, 5, 6, page="zoeken")
    two = looked(other, 6, page="financien", on=date(2026, 3, 4))
    for asked, found in [
        ({"person": 5}, [one]),
        ({"person": 6}, [two, one]),
        ({"reader": rik.email}, [one]),
        ({"page_kind": "financien"}, [two]),
        ({"date_until": "2026-03-03"}, [one]),
        ({"date_from": "2026-03-03", "date_until": "2026-03-01"}, []),
        ({"person": "x"}, []),
        ({"reader": "\x00"}, [two, one]),
    ]:
        answer = beheer.get(HERE, asked)
        assert [row for row in rows_of(answer) if row.page != "inzage"] == found, asked


def decrypted(subject: str, settings) -> bytes:
    """What only this organisation can read back."""
    key = hashlib.sha512(f"ldv-{settings.SALT_KEY[0]}".encode()).digest()
    return AESSIV(key).decrypt(base64.urlsafe_b64decode(subject + "=" * (-len(subject) % 4)), None)


def test_one_searches_by_the_name_of_the_person(beheer, rik) -> None:
    """One who fits is meant; of more people one chooses by number, and nothing is shown until then."""
    ozgur = factories.CandidateFactory(first_name="Özgür", last_name="Yıldız")
    looked(rik, ozgur.pk)
    looked(rik, 999_999)
    answer = beheer.get(HERE, {"name": "ozgur yildiz"})
    assert [row.people for row in rows_of(answer)] == [[ozgur.pk]] and "Özgür Yıldız" in answer.content.decode()
    namesake = factories.CandidateFactory(first_name="Özgür", last_name="Yıldız", birth_date=date(2003, 4, 5))
    both = beheer.get(HERE, {"name": "ozgur yildiz"})
    text = both.content.decode()
    assert rows_of(both) == [] and f"?person={namesake.pk}" in text and "5 apr 2003" in text
    assert Reading.objects.filter(page="inzage").latest("pk").people == sorted([ozgur.pk, namesake.pk])
    assert beheer.get(HERE + "export/", {"name": "ozgur yildiz"}).getvalue() == b""
    assert rows_of(beheer.get(HERE, {"name": "Bestaat Niet"})) == []
    assert "te kort" in beheer.get(HERE, {"name": "Ö"}).content.decode()


def test_looking_here_is_logged_too(beheer) -> None:
    looked(None, 5, 6, party="jongere")
    beheer.get(HERE, {"person": 5})
    assert Reading.objects.filter(page="inzage").get().people == [5]


@pytest.mark.parametrize(
    "asked", [{"date_until": "9999-12-31"}, {"date_until": "0001-01-01"}, {"date_from": "1999-12-31"}]
)
def test_a_day_of_another_era_is_said_beside_the_field(beheer, asked: dict[str, str]) -> None:
    for page in (HERE, f"{HERE}opvallend/", "/beheer/logboek/"):
        assert "Kies een dag tussen 2000 en 2100." in beheer.get(page, asked).content.decode()
    for export in (f"{HERE}export/", "/beheer/logboek/export/"):
        assert beheer.get(export, asked).status_code == 302


def test_who_looked_at_many_or_far_outside_the_own_cases_stands_out(rik) -> None:
    calm = factories.staff(Role.REGISSEUR)
    for number in range(1000, 1012):
        looked(rik, number)
    for number in range(1000, 1009):
        looked(calm, number)
    looked(calm, *range(2000, 2090), page="zoeken")  # a list is no sign of looking for somebody
    (found,) = unusual(DAY, DAY)
    assert (found.reader, found.day, found.people, found.outside) == (rik, DAY, 12, 12)
    assert unusual(date(2026, 3, 3), date(2026, 3, 9)) == []


def test_the_own_work_doesn_t_stand_out(rik) -> None:
    """The frontoffice works for everybody in the region; a guide and whoever covers work for those in their name."""
    front, cover = factories.staff(Role.FRONTOFFICE), factories.staff(Role.REGISSEUR)
    here = factories.region()
    people = [factories.CandidateFactory(region=here).pk for _ in range(11)]
    for pk in people:
        looked(front, pk)
        looked(cover, pk)
    assert [row.reader for row in unusual(DAY, DAY)] == [cover]
    others = [factories.CandidateFactory(region=factories.region("29")).pk for _ in range(11)]
    for pk in others:
        looked(front, pk)
    assert {row.reader: row.outside for row in unusual(DAY, DAY)} == {cover: 11, front: 11}


def test_the_page_of_what_stands_out(beheer, rik) -> None:
    for number in range(1000, 1012):
        looked(rik, number)
    asked = {"date_from": "2026-03-01", "date_until": "2026-03-31"}
    text = beheer.get(HERE + "opvallend/", asked).content.decode()
    assert rik.name in text and f"reader={rik.email.replace('@', '%40')}" in text
    too_long = beheer.get(HERE + "opvallend/", {"date_from": "2025-01-01"}).content.decode()
    assert "ten hoogste drie maanden" in too_long and "Niets opvallends" not in too_long  # nobody looked yet
    assert beheer.get(HERE + "opvallend/", {"date_from": "gisteren"}).status_code == 200


def test_what_was_looked_through_is_named_where_nothing_stands_out(beheer) -> None:
    text = beheer.get(HERE + "opvallend/", {"date_until": "2026-03-31"}).content.decode()
    assert "Van zo 1 mrt 2026 tot en met di 31 mrt 2026 keek niemand naar ongewoon veel personen." in text


@pytest.mark.parametrize("rows", [3, 70])
def test_the_pages_ask_the_same_few_questions(beheer, rows, django_assert_num_queries) -> None:
    for number in range(rows):
        looked(factories.staff(Role.REGISSEUR), 1000 + number)
    with django_assert_num_queries(7):
        beheer.get(HERE, {"page_kind": "dossier"})


def test_the_export_has_the_fields_of_the_ldv_and_of_nen_7513(beheer, rik, settings) -> None:
    row = looked(rik, 5, 6, page="zoeken", trace="3f2504e0-4f89-41d3-9a0c-0305e82c3301")
    looked(None, 6, page="startplan", party="werkgever")
    answer = beheer.get(HERE + "export/", {"person": 6})
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert answer["Content-Type"].startswith("application/x-ndjson") and len(lines) == 2
    by_link, line = lines
    assert line["trace_id"] == "3f2504e04f8941d39a0c0305e82c3301" and re.fullmatch("[0-9a-f]{16}", line["span_id"])
    assert re.fullmatch("[0-9a-f]{32}", by_link["trace_id"]) and line["span_id"] != by_link["span_id"]
    assert line["status_code"] == "STATUS_CODE_OK" and line["start_time"] == row.at.isoformat(timespec="milliseconds")
    said = line["attributes"]
    assert said["dpl.core.processing_activity_id"].endswith("/verwerkingen/zoeken")
    assert said["dpl.nen7513.eventTypeCode"] == "R"
    assert said["dpl.core.data_subject_id_type"].endswith("/versleuteld-kandidaatnummer")
    subjects = {one["attributes"]["dpl.core.data_subject_id"] for one in lines}
    assert len(subjects) == 1 and decrypted(subjects.pop(), settings) == b"6"
    assert said["dpl.nen7513.users"][0]["roleIDCode"] == ["regisseur"] and said["dpl.nen7513.participants"]
    assert by_link["attributes"]["dpl.nen7513.users"][0]["roleIDCode"] == ["werkgever"]
    assert "nen7513.AuditSourceId" in line["resource"]["attributes"]
    assert AuditEntry.objects.filter(verb=verbs.READINGS_EXPORTED).count() == 1
    assert "Exporteren voor het Logboek Dataverwerkingen" in beheer.get(HERE).content.decode()


@pytest.mark.parametrize("page", ["", "opvallend/", "export/"])
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.BEHEERDER, Role.WERKGEVER, Role.OPDRACHTGEVER}))
def test_nobody_but_the_beheerder(client, page, role) -> None:
    client.force_login(factories.staff(role) if role != Role.KANDIDAAT else factories.candidate_user())
    assert client.get(HERE + page).status_code == 404


# --- Outside the own work ---
@pytest.fixture
def asked(settings) -> None:
    settings.ASK_REASON_ROLES = [Role.REGISSEUR]


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_by_default_nobody_is_asked_why(rik) -> None:
    assert browser_of(rik).get(f"/personen/{factories.CandidateFactory().pk}/").status_code == 200


def test_outside_the_own_work_one_says_why_first_and_the_person_reads_it(rik, asked) -> None:
    me = factories.CandidateFactory(user=factories.candidate_user())
    page, file = browser_of(rik), f"/personen/{me.pk}/foto/"
    asking = page.get(file + "?a=1")
    assert asking.status_code == 302 and not Reading.objects.exists()
    form = page.get(asking.url)
    assert form.status_code == 200 and me.full_name not in form.content.decode() and not Reading.objects.exists()
    empty = page.post(asking.url, {"reason": " ", "next": file})
    assert empty.status_code == 200 and not AuditEntry.objects.filter(candidate_id=me.pk).exists()
    through = page.post(asking.url, {"reason": "Valt vandaag in voor Sanne", "next": file + "?a=1"})
    assert through.url == file + "?a=1" and page.get(through.url).status_code == 200
    entry = AuditEntry.objects.get(candidate_id=me.pk)
    assert (entry.actor, entry.text.text) == (rik, "Valt vandaag in voor Sanne")
    assert Reading.objects.get().reason_id == entry.pk
    assert "Valt vandaag in voor Sanne" in browser_of(me.user).get("/mijn/bekeken/").content.decode()
    other = factories.CandidateFactory()
    assert page.get(f"/personen/{other.pk}/").status_code == 302  # a reason is for one person


def test_an_answer_holds_for_the_working_day(rik, asked) -> None:
    me = factories.CandidateFactory()
    page, file = browser_of(rik), f"/personen/{me.pk}/"
    with clock.at(DAY, 9):
        page = browser_of(rik)
        page.post(f"/inzage/reden/{me.pk}/", {"reason": "Valt in"})
        assert page.get(file).status_code == 200
    with clock.at(DAY, 16):
        assert page.get(file).status_code == 200
    with clock.at(DAY, 20):
        assert page.get(file).status_code == 302


def test_the_own_work_lists_and_other_roles_don_t_ask(rik, asked) -> None:
    registration = factories.RegistrationFactory()
    person = registration.candidate
    front = factories.staff(Role.FRONTOFFICE)
    assert browser_of(front).get(f"/personen/{person.pk}/").status_code == 200
    factories.CandidateFactory(last_name="Bergkamp")
    assert browser_of(rik).get("/zoeken/", {"q": "Bergkamp"}).status_code == 200
    both = factories.staff(Role.REGISSEUR, Role.FRONTOFFICE)
    assert browser_of(both).get(f"/personen/{person.pk}/").status_code == 200


def test_a_guide_isn_t_asked_about_the_own_case_and_a_colleague_is(walk, asked) -> None:
    case = f"/trajecten/{walk.trajectory.pk}/"
    with clock.at(walk.day):
        assert browser_of(walk.team.regisseur).get(case).status_code == 200
        assert browser_of(factories.staff(Role.REGISSEUR)).get(case).status_code == 302


def test_the_page_that_asks_is_for_who_may_see_the_person(asked) -> None:
    me = factories.CandidateFactory()
    elsewhere = factories.staff(Role.REGISSEUR, region_code="29")
    assert browser_of(elsewhere).get(f"/inzage/reden/{me.pk}/").status_code == 404


@pytest.mark.parametrize("named", ["", "x", "ZZZZ" * 8, "0" * 32, "\u0663" * 32, "12345678-90ab-cdef-1234"])
def test_a_request_that_was_named_oddly_has_a_trace_all_the_same(beheer, rik, named: str) -> None:
    looked(rik, 5, trace=named)
    answer = beheer.get(f"{HERE}export/", {"person": 5})
    (line,) = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"]) and line["trace_id"] != "0" * 32
