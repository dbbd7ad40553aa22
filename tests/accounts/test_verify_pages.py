"""What the check found is seen by the beheerder; work that was given up goes back into the queue, one piece or all."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import tasks, verbs
from accounts.models import AuditEntry, Role, VerifyFinding, VerifyRun
from tests.accounts.people import person
from topjob import clock, outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
Outcome = OutboxMessage.Outcome


def run_with(*lines: tuple[str, str]) -> VerifyRun:
    moment = clock.now()
    run = VerifyRun.objects.create(started_at=moment, ended_at=moment, finding_count=len(lines), chain_length=7)
    VerifyFinding.objects.bulk_create(VerifyFinding(run=run, check_name=name, text=text) for name, text in lines)
    return run


def test_before_the_first_check_the_page_says_so(browser):
    page = browser.get(reverse("accounts:checks")).content.decode()
    assert "Nog niet gecontroleerd" in page


def test_findings_stand_under_their_question_and_on_the_start_page(browser):
    run_with(("logboek", "Logboek: regel 3 is veranderd."), ("R4", "Proefperiode <5>: niet getekend."))
    page = browser.get(reverse("accounts:checks")).content.decode()
    assert "De ketting van het logboek is heel" in page and "regel 3 is veranderd" in page
    assert "Proefperiode &lt;5&gt;" in page
    assert "2 dingen die niet kloppen" in browser.get(reverse("accounts:manage")).content.decode()
    run_with()
    assert "Alles klopt." in browser.get(reverse("accounts:checks")).content.decode()
    assert "niet kloppen" not in browser.get(reverse("accounts:manage")).content.decode()


@pytest.mark.parametrize("rows", [5, 120])
def test_the_page_asks_the_same_few_questions(browser, rows, django_assert_num_queries):
    run_with(*[("R4", f"Proefperiode {number}") for number in range(rows)])
    with django_assert_num_queries(6):
        browser.get(reverse("accounts:checks"))


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 40, "\x00"])
def test_a_strange_page_number_is_no_error(browser, page):
    run_with(("R4", "Proefperiode 1"))
    assert browser.get(reverse("accounts:checks"), {"page": page}).status_code == 200


def test_only_the_beheerder_sees_it(client):
    client.force_login(person(Role.REGISSEUR))
    assert client.get(reverse("accounts:checks")).status_code == 404
    assert client.post(reverse("accounts:check_now")).status_code == 404
    assert client.post(reverse("accounts:requeue_all")).status_code == 404


def test_a_check_is_asked_for_and_logged(browser, beheerder, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.verify_everything, "apply_async", lambda **options: asked.append(options))
    assert browser.post(reverse("accounts:check_now")).status_code == 302
    assert len(asked) == 1 and AuditEntry.objects.latest("pk").verb == verbs.CHECK_ASKED


def test_without_a_broker_the_page_says_so_and_nothing_is_logged(browser, monkeypatch):
    def away(**options):
        raise ConnectionError

    monkeypatch.setattr(tasks.verify_everything, "apply_async", away)
    answer = browser.post(reverse("accounts:check_now"))
    assert answer.status_code == 409 and "niet bereikbaar" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb=verbs.CHECK_ASKED).exists()


# --- requeue ---
@pytest.fixture
def dead(monkeypatch) -> list[OutboxMessage]:
    moment = clock.now()
    outcomes = (Outcome.DEAD, Outcome.DEAD, Outcome.UNKNOWN)
    return [
        OutboxMessage.objects.create(
            key=f"k{number}",
            handler="test.work",
            created_at=moment,
            next_try_at=moment,
            outcome=outcome,
            attempts=8,
            dead_at=moment if outcome == Outcome.DEAD else None,
            done_at=None if outcome == Outcome.DEAD else moment,
            error="SMTPServerDisconnected: weg",
        )
        for number, outcome in enumerate(outcomes)
    ]


def states(messages: list[OutboxMessage]) -> list[str]:
    return [OutboxMessage.objects.get(pk=message.pk).outcome for message in messages]


def test_each_row_has_its_button_and_what_is_uncertain_is_looked_at_first(browser, dead):
    page = browser.get(reverse("accounts:outbox")).content.decode()
    assert page.count('name="from"') == 2 and "Eerst nakijken" in page and "SMTPServerDisconnected: weg" in page
    answer = browser.post(reverse("accounts:requeue", args=[dead[0].pk]), {"from": "list"})
    assert answer.url == reverse("accounts:outbox")
    assert states(dead) == ["wacht", "opgegeven", "onbekend"]


def test_all_given_up_work_goes_back_at_once_and_what_is_uncertain_stays(browser, beheerder, dead):
    browser.post(reverse("accounts:requeue_all"))
    assert states(dead) == ["wacht", "wacht", "onbekend"]
    assert AuditEntry.objects.filter(verb=verbs.WORK_REQUEUED, actor=beheerder).count() == 2


def test_the_command_takes_numbers(dead):
    out = StringIO()
    call_command("requeue", str(dead[1].pk), str(dead[2].pk), stdout=out)
    assert states(dead) == ["opgegeven", "wacht", "wacht"]
    assert "2 stuks werk" in out.getvalue() and "SMTPServerDisconnected" in out.getvalue()


def test_the_command_takes_all(dead):
    call_command("requeue", "--all", stdout=StringIO())
    assert states(dead) == ["wacht", "wacht", "onbekend"]
    assert OutboxMessage.objects.get(pk=dead[0].pk).attempts == 0


@pytest.mark.parametrize("arguments", [(), ("--all", "1"), ("987654321",)])
def test_the_command_refuses_what_makes_no_sense(dead, arguments):
    with pytest.raises(CommandError):
        call_command("requeue", *arguments, stdout=StringIO())
    assert states(dead) == ["opgegeven", "opgegeven", "onbekend"]


def test_the_command_says_what_needed_nothing(dead, monkeypatch):
    monkeypatch.setitem(outbox.HANDLERS, "test.work", lambda: None)
    message = outbox.enqueue("test.work", key="goed")
    outbox.run(message.pk)
    with pytest.raises(CommandError, match=str(message.pk)):
        call_command("requeue", str(message.pk), stdout=StringIO())
