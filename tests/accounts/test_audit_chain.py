"""R14: the log is a chain that the database makes, whoever writes and however many at once."""

import threading

import psycopg
import pytest
from django.db import Error, connection, transaction

from accounts import sealing, verbs, verify
from accounts.audit import SYSTEM, record
from accounts.models import AuditEntry, AuditLink, Organisation, Role
from tests.accounts.people import client_organisation, person
from tests.accounts.test_audit import cluster_connection

RAW = """INSERT INTO accounts_auditentry (at, party, verb, subject_type, subject_id, state_from, state_to, details)
         VALUES (now(), 'systeem', 'rauw', 'x', 1, '', '', '{}')"""


def links() -> list[tuple]:
    """The chain as it is after everything that was committed is sealed."""
    sealing.seal()
    return unsealed_links()


def unsealed_links() -> list[tuple]:
    return list(AuditLink.objects.order_by("position").values_list("position", "entry_id"))


def chain() -> list[str]:
    return list(verify.audit_chain())


def test_R14_each_row_gets_its_place_when_the_worker_seals(own_database):
    user = person(Role.REGISSEUR)
    with transaction.atomic():
        first = record(verbs.USER_ADDED, user, by=user, reason="omdat")
        second = record(verbs.USER_CHANGED, user, by=user)
    third = record(verbs.USER_DEACTIVATED, user, by=user)
    assert unsealed_links() == [] and sealing.waiting().rows == 3 and chain() == []
    assert sealing.seal() == 3
    assert unsealed_links() == [(1, first.pk), (2, second.pk), (3, third.pk)] and sealing.waiting().rows == 0
    one, two, three = AuditLink.objects.order_by("position")
    assert (one.previous, two.previous, three.previous) == ("", one.hash, two.hash)
    assert len({one.hash, two.hash, three.hash}) == 3 and one.text_hash and not two.text_hash
    assert chain() == [] and sealing.seal() == 0


def test_R14_who_logs_waits_for_nobody(own_database):
    """Two people have both logged and neither has committed: with a lock for each row the second would wait."""
    user = person(Role.REGISSEUR)
    with transaction.atomic():
        record(verbs.USER_ADDED, user, by=user)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        failures = in_a_thread(lambda: record_quickly(verbs.USER_CHANGED, user))
    assert failures == [] and len(links()) == 2 and chain() == []


def record_quickly(verb, user):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        record(verb, user, by=user)


def in_a_thread(step) -> list[Exception]:
    failures = []

    def safely():
        try:
            step()
        except Error as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=safely)
    thread.start()
    thread.join(20)
    return failures


def test_R14_a_lower_number_that_commits_later_is_not_skipped(own_database):
    """The first number is given out, the second commits and is sealed, then the first commits: both are in the chain."""
    user, began = person(Role.REGISSEUR), {}
    with transaction.atomic():
        began["late"] = record(verbs.USER_ADDED, user, by=user).pk
        assert in_a_thread(lambda: began.update(early=record(verbs.USER_CHANGED, user, by=user).pk)) == []
        assert in_a_thread(sealing.seal) == []
        assert sealing.waiting().rows == 1
    assert began["late"] < began["early"]
    assert links() == [(1, began["early"]), (2, began["late"])] and chain() == []


def test_R14_batches_join_up_and_two_sealers_make_one_chain(own_database):
    user = person(Role.REGISSEUR)
    for _number in range(12):
        record(verbs.USER_CHANGED, user, by=user)
    assert in_a_thread(lambda: sealing.seal(batch=5)) == []
    assert sealing.seal(batch=5) == 0
    threads = [threading.Thread(target=lambda: in_a_thread(lambda: sealing.seal(batch=3))) for _ in range(4)]
    for _number in range(40):
        record(verbs.USER_CHANGED, user, by=user)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [position for position, _entry in links()] == list(range(1, 53)) and chain() == []


def test_R14_a_row_that_waits_too_long_is_reported(cluster, own_database):
    user = person(Role.REGISSEUR)
    entry = record(verbs.USER_ADDED, user, by=user)
    assert chain() == []
    with cluster_connection(cluster, "owner", own_database) as owner:
        owner.execute("ALTER TABLE accounts_auditunsealed DISABLE TRIGGER USER")
        owner.execute("UPDATE accounts_auditunsealed SET since = now() - interval '11 minutes'")
    assert chain() == [f"Logboek: regel {entry.pk} wacht al te lang op een plaats in de ketting."]
    assert sealing.waiting().seconds >= 11 * 60
    assert verify.verify().finding_count == 0  # a check seals first


def test_R14_a_row_that_vanished_before_it_was_sealed_is_reported(cluster, own_database):
    user = person(Role.REGISSEUR)
    entry = record(verbs.USER_ADDED, user, by=user)
    with cluster_connection(cluster, "owner", own_database) as owner:
        owner.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
        owner.execute("DELETE FROM accounts_auditentry")
    assert sealing.seal() == 0
    assert chain() == [f"Logboek: regel {entry.pk} is verdwenen voordat hij in de ketting stond."]


def test_R14_a_check_says_how_far_the_log_is_sealed(own_database):
    user = person(Role.REGISSEUR)
    record(verbs.USER_ADDED, user, by=user)
    run = verify.verify()
    assert (run.chain_length, run.unsealed) == (1, 0) and run.chain_head == AuditLink.objects.get().hash


QUEUE = [
    "INSERT INTO accounts_auditunsealed (entry_id) VALUES (1)",
    "UPDATE accounts_auditunsealed SET entry_id = 0",
    "DELETE FROM accounts_auditunsealed",
    "TRUNCATE accounts_auditunsealed",
]


@pytest.mark.parametrize("statement", QUEUE)
@pytest.mark.parametrize("role", ["app", "destroyer"])
def test_R14_nobody_keeps_a_row_out_of_the_chain(cluster, own_database, statement, role):
    entry = record(verbs.USER_ADDED, person(Role.REGISSEUR), by=SYSTEM)
    with cluster_connection(cluster, role, own_database) as other, pytest.raises(psycopg.Error):
        other.execute(statement)
    assert links() == [(1, entry.pk)] and chain() == []


def test_R14_a_row_written_by_raw_sql_is_in_the_chain_as_well(own_database):
    with connection.cursor() as cursor:
        cursor.execute(RAW)
    assert links() == [(1, AuditEntry.objects.get().pk)] and chain() == []


def test_R14_a_row_that_was_rolled_back_leaves_no_hole(own_database):
    user = person(Role.REGISSEUR)
    record(verbs.USER_ADDED, user, by=user)
    with transaction.atomic():
        record(verbs.USER_CHANGED, user, by=user)
        transaction.set_rollback(True)
    record(verbs.USER_CHANGED, user, by=user)
    assert [position for position, _entry in links()] == [1, 2] and chain() == []


def test_R14_many_writers_at_once_make_one_chain(own_database):
    user = person(Role.REGISSEUR)
    failures = []

    def write():
        try:
            for _ in range(20):
                with transaction.atomic():
                    record(verbs.USER_ADDED, user, by=user)
                    record(verbs.USER_CHANGED, user, by=user, reason="omdat")
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
            record(verbs.EMPLOYER_CHANGED, organisation, by=user)
            holding.set()
            asked.wait(10)

    def needs():
        holding.wait(10)
        with transaction.atomic():
            record(verbs.ROLE_GIVEN, organisation, by=user)
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
    record(verbs.USER_ADDED, user, by=user)
    assert len(links()) == 1
    with cluster_connection(cluster, role, own_database) as other, pytest.raises(psycopg.Error):
        other.execute(statement)
    assert len(unsealed_links()) == 1 and chain() == []


def test_R14_a_link_can_t_be_made_up(cluster, own_database):
    user = person(Role.REGISSEUR)
    entry = record(verbs.USER_ADDED, user, by=user)
    made_up = (
        "INSERT INTO accounts_auditlink (entry_id, position, previous, hash, text_hash) VALUES (%s, 7, '', 'x', '')"
    )
    with cluster_connection(cluster, "app", own_database) as other:
        for fake in (entry.pk, entry.pk + 1):
            with pytest.raises(psycopg.Error, match="R14"):
                other.execute(made_up, [fake])
    assert links() == [(1, entry.pk)] and chain() == []


@pytest.mark.parametrize("role", ["owner", "destroyer"])
def test_decision_11_a_log_row_stays_even_for_the_destroyer(cluster, own_database, role):
    user = person(Role.REGISSEUR)
    record(verbs.USER_ADDED, user, by=user)
    with cluster_connection(cluster, role, own_database) as other, pytest.raises(psycopg.Error, match="R14"):
        other.execute("DELETE FROM accounts_auditentry")
    assert AuditEntry.objects.count() == 1


def test_rows_that_were_kept_out_of_the_queue_can_be_taken_up(cluster, own_database):
    user = person(Role.REGISSEUR)
    with cluster_connection(cluster, "owner", own_database) as owner:
        owner.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER accounts_auditentry_queued")
        for word in ("een", "twee", "drie"):
            record(verbs.USER_CHANGED, user, by=user, reason=word)
        assert links() == [] and len(chain()) == 3
        owner.execute("ALTER TABLE accounts_auditentry ENABLE TRIGGER accounts_auditentry_queued")
        owner.execute("INSERT INTO accounts_auditunsealed (entry_id) SELECT id FROM accounts_auditentry ORDER BY id")
    assert [position for position, _entry in links()] == [1, 2, 3] and chain() == []
