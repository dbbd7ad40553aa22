"""R14: what is logged can't be edited or removed, not even by raw SQL; and looking in the log."""

import csv
import io
from datetime import date

import psycopg
import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from accounts import verbs
from accounts.audit import SYSTEM, record
from accounts.models import AuditEntry, AuditText, Role
from tests.accounts.people import person
from topjob import clock
from topjob.spreadsheet import csv_lines, plain_cell

STATEMENTS = [
    "UPDATE accounts_auditentry SET verb = 'anders'",
    "DELETE FROM accounts_auditentry",
    "TRUNCATE accounts_auditentry CASCADE",
    "UPDATE accounts_audittext SET text = 'anders'",
    "DELETE FROM accounts_audittext",
    "TRUNCATE accounts_audittext CASCADE",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_R14_the_product_itself_cant_change_the_log(statement):
    user = person(Role.REGISSEUR)
    record(verbs.USER_CHANGED, user, by=user, reason="omdat")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().verb == verbs.USER_CHANGED and AuditText.objects.get().text == "omdat"


@pytest.mark.parametrize("statement", STATEMENTS)
def test_R14_the_owner_of_the_tables_cant_change_the_log_either(cluster, own_database, statement):
    user = person(Role.REGISSEUR)
    record(verbs.USER_CHANGED, user, by=user, reason="omdat")
    with cluster_connection(cluster, "owner", own_database) as owner, pytest.raises(psycopg.Error, match="R14"):
        owner.execute(statement)
    assert AuditEntry.objects.get().verb == verbs.USER_CHANGED


def test_decision_11_the_destroyer_removes_the_words_and_the_log_row_stays(cluster, own_database):
    user = person(Role.REGISSEUR)
    record(verbs.USER_CHANGED, user, by=user, reason="omdat", candidate_id=7)
    with cluster_connection(cluster, "destroyer", own_database) as destroyer:
        destroyer.execute("DELETE FROM accounts_audittext WHERE candidate_id = 7")
        with pytest.raises(psycopg.Error):
            destroyer.execute("UPDATE accounts_auditentry SET verb = 'anders'")
    assert not AuditText.objects.exists() and AuditEntry.objects.get().verb == verbs.USER_CHANGED


def cluster_connection(cluster, role, database):
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(cluster.url(role, database))
    host = unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
    password = unquote(parts.password or "") or None
    user = unquote(parts.username or "")
    return psycopg.connect(
        host=host, port=parts.port or 5432, user=user, password=password, dbname=database, autocommit=True
    )


# --- looking in the log ---


@pytest.fixture
def some_log(beheerder):
    regisseur = person(Role.REGISSEUR, name="Rik Regie")
    with clock.at(date(2026, 3, 1)):
        record(verbs.USER_CHANGED, regisseur, by=regisseur, candidate_id=5)
    with clock.at(date(2026, 3, 2)):
        record(
            verbs.SET_GUIDES,
            regisseur,
            by=regisseur,
            candidate_id=6,
            trajectory_id=9,
            states=("INTAKE", "BEMIDDELBAAR"),
        )
        record(verbs.TICK_OFF, regisseur, by=SYSTEM, candidate_id=6, reason="geheime woorden", plan=3)


@pytest.mark.usefixtures("some_log")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [verbs.TICK_OFF, verbs.SET_GUIDES, verbs.USER_CHANGED]),
        ({"candidate": "5"}, [verbs.USER_CHANGED]),
        ({"trajectory": "9"}, [verbs.SET_GUIDES]),
        ({"user": "rik"}, [verbs.SET_GUIDES, verbs.USER_CHANGED]),
        ({"verb": "BEGELEIDERS gew"}, [verbs.SET_GUIDES]),
        ({"verb": "gewijzigd"}, [verbs.SET_GUIDES, verbs.USER_CHANGED]),
        ({"verb": "set_guides"}, []),
        ({"verb": "zoiets doet niemand"}, []),
        ({"date_from": "2026-03-02"}, [verbs.TICK_OFF, verbs.SET_GUIDES]),
        ({"date_until": "2026-03-01"}, [verbs.USER_CHANGED]),
        ({"date_from": "2026-03-02", "date_until": "2026-03-01"}, []),
        ({"candidate": "abc"}, []),
        ({"candidate": "9" * 40}, []),
        ({"user": "\x00"}, [verbs.TICK_OFF, verbs.SET_GUIDES, verbs.USER_CHANGED]),
    ],
)
def test_searching(browser, query, found):
    page = browser.get(reverse("accounts:log"), query)
    assert page.status_code == 200
    assert [entry.verb for entry in page.context["page_obj"]] == found


@pytest.mark.usefixtures("some_log")
def test_the_words_of_a_reason_are_not_shown_to_the_beheerder(browser):
    assert "geheime woorden" not in browser.get(reverse("accounts:log")).content.decode()


@pytest.mark.parametrize("rows", [5, 50])
def test_the_log_asks_the_same_few_questions(browser, beheerder, rows, django_assert_num_queries):
    for number in range(rows):
        record(verbs.USER_CHANGED, beheerder, by=beheerder, candidate_id=number)
    with django_assert_num_queries(7):
        browser.get(reverse("accounts:log"))


@pytest.mark.usefixtures("some_log")
def test_the_export_holds_the_same_rows_and_is_logged(browser, beheerder):
    response = browser.get(reverse("accounts:export_log"), {"candidate": "6"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[4] for row in rows] == ["wat", "Termijn afgevinkt", "Begeleiders gewijzigd"]
    assert [row[5] for row in rows] == ["code", verbs.TICK_OFF, verbs.SET_GUIDES]
    assert rows[1][3] == "systeem" and rows[1][-1] == "plan=3" and rows[2][-3:-1] == ["INTAKE", "BEMIDDELBAAR"]
    assert "geheime woorden" not in text
    latest = AuditEntry.objects.latest("pk")
    assert (latest.verb, latest.actor) == (verbs.LOG_EXPORTED, beheerder)


@pytest.mark.usefixtures("some_log")
def test_a_wrong_filter_exports_nothing_and_goes_back_to_the_message(browser):
    response = browser.get(reverse("accounts:export_log"), {"candidate": "abc"})
    assert response.status_code == 302 and response.url.startswith(reverse("accounts:log"))


@pytest.mark.parametrize("formula", ["=1+1", "+31612345678", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK()", "＝1"])
def test_spreadsheet_formulas_are_made_plain_text(formula):
    assert plain_cell(formula) == f"'{formula}"
    line = list(csv_lines(["kop"], [[formula]]))[1]
    assert next(csv.reader(io.StringIO(line, newline=""), delimiter=";"))[0].startswith("'")


@pytest.mark.parametrize(("value", "text"), [("gewoon", "gewoon"), (None, ""), (5, "5"), ("a=b", "a=b"), ("", "")])
def test_plain_values_stay_as_they_are(value, text):
    assert plain_cell(value) == text
