"""Every showing of a person's data is logged: who, when, which kind of page, which people; nobody can change it (decision 28)."""

from __future__ import annotations

import psycopg
import pytest
from django.db import Error, connection, transaction

from accounts import sealing, verify
from accounts.actions import renew_feed
from accounts.models import Reading, ReadingSeal, Role
from tests.accounts.test_audit import cluster_connection
from tests.factories import CandidateFactory, RegistrationFactory, candidate_user, staff


def the_reading() -> Reading:
    return Reading.objects.get()


def test_a_page_of_one_person_is_one_row(browser, regisseur) -> None:
    person = CandidateFactory()
    browser(regisseur).get(f"/personen/{person.pk}/foto/")
    row = the_reading()
    assert (row.actor, row.party, row.page, row.route) == (regisseur, "medewerker", "foto", "candidates:foto")
    assert row.people == [person.pk] and row.trace


def test_a_list_and_a_search_are_one_row_with_everybody_on_it(browser, frontoffice) -> None:
    waiting = [RegistrationFactory(candidate__last_name="Bergkamp").candidate_id for _ in range(3)]
    page = browser(frontoffice)
    page.get("/aanmeldingen/")
    page.get("/zoeken/", {"q": "Bergkamp"})
    rows = Reading.objects.order_by("pk")
    assert [(row.page, row.people) for row in rows] == [("aanmeldingen", sorted(waiting)), ("zoeken", sorted(waiting))]


def test_what_shows_nobody_leaves_no_row(browser, regisseur) -> None:
    person = CandidateFactory()
    page = browser(regisseur)
    page.head(f"/personen/{person.pk}/foto/")
    page.get("/personen/987654/")
    page.get("/zoeken/", {"q": "Niemand Hier"})
    page.get("/account/")
    browser(staff(Role.REGISSEUR, region_code="29")).get(f"/personen/{person.pk}/")
    assert not Reading.objects.exists()


def test_a_form_that_was_refused_leaves_its_row_and_one_that_went_through_shows_nothing(browser, frontoffice) -> None:
    item = RegistrationFactory()
    page = browser(frontoffice)
    assert page.post(f"/aanmeldingen/{item.pk}/afwijzen/", {"reason": ""}).status_code == 200
    assert (the_reading().page, the_reading().people) == ("aanmelding", [item.candidate_id])
    assert page.post(f"/aanmeldingen/{item.pk}/afwijzen/", {"reason": "Verhuisd naar elders"}).status_code == 302
    assert Reading.objects.count() == 1
    assert page.get(f"/aanmeldingen/{item.pk}/afwijzen/").status_code == 409  # already ended: the page names the person
    assert Reading.objects.count() == 2


def test_the_person_s_own_pages_are_logged_as_theirs(browser) -> None:
    me = CandidateFactory(user=candidate_user())
    browser(me.user).get("/mijn/gegevens/")
    assert (the_reading().party, the_reading().page, the_reading().people) == ("jongere", "gegevens", [me.pk])


def test_the_beheerder_who_looks_at_a_candidate_s_account_is_logged(browser) -> None:
    me = CandidateFactory(user=candidate_user())
    beheerder = staff(Role.BEHEERDER)
    browser(beheerder).get(f"/beheer/gebruikers/{me.user.pk}/")
    browser(beheerder).get(f"/beheer/gebruikers/{beheerder.pk}/")
    assert (the_reading().page, the_reading().people) == ("gebruikers", [me.pk])


def test_one_insert_is_all_it_costs(browser, regisseur, django_assert_max_num_queries) -> None:
    person = CandidateFactory()
    page = browser(regisseur)
    page.get(f"/personen/{person.pk}/foto/")
    with django_assert_max_num_queries(20) as asked:
        page.get(f"/personen/{person.pk}/foto/")
    about = [query["sql"] for query in asked.captured_queries if "accounts_reading" in query["sql"]]
    assert len(about) == 1 and about[0].startswith("INSERT")


def test_an_unknown_feed_shows_nobody(client, regisseur) -> None:
    client.get("/agenda/onbekend/topjob.ics")
    client.get(f"/agenda/{renew_feed(by=regisseur)}/topjob.ics")  # nothing planned yet
    assert not Reading.objects.exists()


# --- What nobody can change ---
CHANGES = [
    "UPDATE accounts_reading SET people = '{}'",
    "DELETE FROM accounts_reading",
    "TRUNCATE accounts_reading",
    "UPDATE accounts_readingseal SET hash = 'x'",
    "DELETE FROM accounts_readingseal",
    "DELETE FROM accounts_readingunsealed",
    "INSERT INTO accounts_readingseal (position, readings, previous, hash) VALUES (9, '{1}', '', 'x')",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_R14_the_application_changes_no_reading(browser, regisseur, statement: str) -> None:
    browser(regisseur).get(f"/personen/{CandidateFactory().pk}/")
    sealing.seal()
    before = list(Reading.objects.values()), list(ReadingSeal.objects.values())
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (list(Reading.objects.values()), list(ReadingSeal.objects.values())) == before


def test_R14_readings_are_sealed_and_a_changed_or_vanished_one_is_found(cluster, own_database) -> None:
    reader = staff(Role.REGISSEUR)
    rows = [
        Reading.objects.create(at=reader.date_joined, actor=reader, party="medewerker", page="cv", people=[n])
        for n in (1, 2, 3)
    ]
    assert sealing.waiting().rows == 3 and sealing.seal(batch=2) == 3
    one, two = ReadingSeal.objects.order_by("position")
    assert (one.readings, two.readings, two.previous) == ([rows[0].pk, rows[1].pk], [rows[2].pk], one.hash)
    run = verify.verify()
    assert (run.finding_count, run.readings_length, run.readings_head) == (0, 2, two.hash)
    with cluster_connection(cluster, "destroyer", own_database) as other, pytest.raises(psycopg.Error):
        other.execute("DELETE FROM accounts_reading")
    with cluster_connection(cluster, "owner", own_database) as owner:
        owner.execute("ALTER TABLE accounts_reading DISABLE TRIGGER USER")
        owner.execute("UPDATE accounts_reading SET people = '{9}' WHERE id = %s", [rows[0].pk])
        owner.execute("DELETE FROM accounts_reading WHERE id = %s", [rows[2].pk])
        owner.execute(
            "INSERT INTO accounts_reading (at, party, page, route, people, trace) VALUES (now(), 'x', 'cv', '', '{1}', '')"
        )
    lines = list(verify.readings_chain())
    assert [line for line in lines if "onder zegel 1 is een regel veranderd" in line]
    assert [line for line in lines if "onder zegel 2 is een regel verdwenen" in line]
    assert [line for line in lines if "staat onder geen zegel" in line]
