"""R14: the log is a chain that the database makes, whoever writes and however many at once."""

import threading

import psycopg
import pytest
from django.db import Error, connection, transaction

from accounts import verify
from accounts.audit import record
from accounts.models import AuditEntry, AuditLink, Organisation, Role
from tests.accounts.people import client_organisation, person
from tests.accounts.test_audit import cluster_connection

RAW = """INSERT INTO accounts_auditentry (at, party, verb, subject_type, subject_id, state_from, state_to, details)
         VALUES (now(), 'systeem', 'rauw', 'x', 1, '', '', '{}')"""


def links() -> list[tuple]:
    return list(AuditLink.objects.order_by("position").values_list("position", "entry_id"))


def chain() -> list[str]:
    return list(verify.audit_chain())


def test_R14_each_row_gets_its_place_at_the_end_of_its_transaction(own_database):
    user = person(Role.REGISSEUR)
    with transaction.atomic():
        first = record("een", user, by=user, reason="omdat")
        second = record("twee", user, by=user)
        assert links() == []
    third = record("drie", user, by=user)
    assert links() == [(1, first.pk), (2, second.pk), (3, third.pk)]
    one, two, three = AuditLink.objects.order_by("position")
    assert (one.previous, two.previous, three.previous) == ("", one.hash, two.hash)
    assert len({one.hash, two.hash, three.hash}) == 3 and one.text_hash and not two.text_hash
    assert chain() == []


def test_R14_a_row_written_by_raw_sql_is_in_the_chain_as_well(own_database):
    with connection.cursor() as cursor:
        cursor.execute(RAW)
    assert links() == [(1, AuditEntry.objects.get().pk)] and chain() == []


def test_R14_a_row_that_was_rolled_back_leaves_no_hole(own_database):
    user = person(Role.REGISSEUR)
    record("een", user, by=user)
    with transaction.atomic():
        record("niet", user, by=user)
        transaction.set_rollback(True)
    record("twee", user, by=user)
    assert [position for position, _entry in links()] == [1, 2] and chain() == []


def test_R14_many_writers_at_once_make_one_chain(own_database):
    user = person(Role.REGISSEUR)
    failures = []

    def write():
        try:
            for _ in range(20):
                with transaction.atomic():
                    record("een", user, by=user)
                    record("twee", user, by=user, reason="omdat")
        except Error as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert [position for position, _entry in links()] == list(range(1, 241)) and chain() == []


def test_R14_a_writer_who_waits_for_a_row_holds_nobody_up(own_database):
    """One holds an organisation while logging; the other has logged and needs that row at the end. No deadlock."""
    user, organisation = person(Role.REGISSEUR), client_organisation()
    holding, asked, failures = threading.Event(), threading.Event(), []

    def holds():
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=organisation.pk)
            record("houdt vast", organisation, by=user)
            holding.set()
            asked.wait(10)

    def needs():
        holding.wait(10)
        with transaction.atomic():
            record("heeft nodig", organisation, by=user)
            # Its foreign key is checked at commit, which needs the organisation's row.
            client_membership(user, organisation)
            asked.set()

    def safely(step):
        try:
            step()
        except Error as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=safely, args=[step]) for step in (holds, needs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures and len(links()) == 2 and chain() == []


def client_membership(user, organisation):
    from accounts.models import Membership

    Membership.objects.create(user=user, role=Role.OPDRACHTGEVER, organisation=organisation)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditlink SET hash = 'x'",
        "UPDATE accounts_auditlink SET position = 9",
        "DELETE FROM accounts_auditlink",
        "TRUNCATE accounts_auditlink",
    ],
)
@pytest.mark.parametrize("role", ["app", "owner", "destroyer"])
def test_R14_nobody_changes_a_link(cluster, own_database, statement, role):
    user = person(Role.REGISSEUR)
    record("een", user, by=user)
    with cluster_connection(cluster, role, own_database) as other, pytest.raises(psycopg.Error):
        other.execute(statement)
    assert len(links()) == 1 and chain() == []


def test_R14_a_link_can_t_be_made_up(cluster, own_database):
    user = person(Role.REGISSEUR)
    entry = record("een", user, by=user)
    with cluster_connection(cluster, "app", own_database) as other:
        for fake in (entry.pk, entry.pk + 1):
            with pytest.raises(psycopg.Error):
                other.execute(
                    "INSERT INTO accounts_auditlink (entry_id, position, previous, hash, text_hash) VALUES (%s, 7, '', 'x', '')",
                    [fake],
                )
    assert len(links()) == 1 and chain() == []


@pytest.mark.parametrize("role", ["owner", "destroyer"])
def test_decision_11_a_log_row_stays_even_for_the_destroyer(cluster, own_database, role):
    user = person(Role.REGISSEUR)
    record("een", user, by=user)
    with cluster_connection(cluster, role, own_database) as other, pytest.raises(psycopg.Error, match="R14"):
        other.execute("DELETE FROM accounts_auditentry")
    assert AuditEntry.objects.count() == 1


def test_rows_from_before_the_chain_can_be_taken_up(cluster, own_database):
    """What migration 0004 does for a database that was in use: links for old rows, sealed in their order."""
    user = person(Role.REGISSEUR)
    with cluster_connection(cluster, "owner", own_database) as owner:
        owner.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER accounts_auditentry_linked")
        for word in ("een", "twee", "drie"):
            record(word, user, by=user, reason=word)
        assert links() == [] and len(chain()) == 3
        owner.execute("ALTER TABLE accounts_auditentry ENABLE TRIGGER accounts_auditentry_linked")
        owner.execute(
            "INSERT INTO accounts_auditlink (entry_id, previous, hash, text_hash)"
            " SELECT id, '', '', '' FROM accounts_auditentry ORDER BY id"
        )
    assert [position for position, _entry in links()] == [1, 2, 3] and chain() == []
