"""Work that follows: what was given up is seen, understood and set going again."""

import pytest
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry
from topjob import clock, labels, outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
Outcome = OutboxMessage.Outcome


@pytest.fixture
def broken_work(monkeypatch):
    """A message that failed until it was given up."""

    def fails(**payload):
        raise RuntimeError("<b>de printer brandt</b>")

    monkeypatch.setitem(outbox.HANDLERS, "test.fails", fails)
    message = outbox.enqueue("test.fails", key="brand-1", plan=3)
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.run(message.pk)
    message.refresh_from_db()
    assert message.outcome == Outcome.DEAD
    return message


def test_given_up_work_is_in_the_list_with_its_reason(browser, broken_work):
    outbox.enqueue("test.fails", key="wacht-1")
    page = browser.get(reverse("accounts:outbox"))
    assert list(page.context["page_obj"]) == [broken_work]
    assert "&lt;b&gt;de printer brandt" in page.content.decode()
    assert browser.get(reverse("accounts:outbox"), {"outcome": "alle"}).context["page_obj"].paginator.count == 2
    assert browser.get(reverse("accounts:outbox"), {"outcome": "wacht"}).context["page_obj"].paginator.count == 1
    assert browser.get(reverse("accounts:outbox"), {"handler": "anders"}).context["page_obj"].paginator.count == 0
    assert "de printer brandt" in browser.get(reverse("accounts:message", args=[broken_work.pk])).content.decode()
    assert "opgegeven of onzeker" in browser.get(reverse("accounts:manage")).content.decode()


def test_every_kind_of_work_has_words_and_is_found_by_them(browser):
    kinds = {name: labels.label_of(name) for name in outbox.HANDLERS if not name.startswith(("test.", "faults."))}
    assert len(kinds) > 20 and not {name for name, label in kinds.items() if label == name}
    outbox.enqueue("send_link", key="link-1", link=0)
    url = reverse("accounts:outbox")
    for words in ("persoonlijke link", "send_l"):
        page = browser.get(url, {"outcome": "alle", "handler": words})
        assert page.context["page_obj"].paginator.count == 1 and "Persoonlijke link sturen" in page.content.decode()
    assert browser.get(url, {"outcome": "alle", "handler": "startplan"}).context["page_obj"].paginator.count == 0


def test_trying_again(browser, beheerder, broken_work, monkeypatch):
    browser.post(reverse("accounts:requeue", args=[broken_work.pk]))
    broken_work.refresh_from_db()
    assert (broken_work.outcome, broken_work.attempts, broken_work.dead_at) == (Outcome.WAITING, 0, None)
    assert AuditEntry.objects.latest("pk").verb == verbs.WORK_REQUEUED
    monkeypatch.setitem(outbox.HANDLERS, "test.fails", lambda **payload: None)
    assert outbox.run(broken_work.pk)


def test_done_work_is_not_done_twice(browser, monkeypatch):
    monkeypatch.setitem(outbox.HANDLERS, "test.works", lambda **payload: None)
    message = outbox.enqueue("test.works", key="goed-1")
    outbox.run(message.pk)
    assert browser.post(reverse("accounts:requeue", args=[message.pk])).status_code == 409
    message.refresh_from_db()
    assert message.outcome == Outcome.DONE


@pytest.mark.parametrize("rows", [5, 50])
def test_the_list_asks_the_same_few_questions(browser, rows, django_assert_num_queries):
    moment = clock.now()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(key=f"k{number}", handler="x", created_at=moment, next_try_at=moment, outcome=Outcome.DEAD)
        for number in range(rows)
    )
    with django_assert_num_queries(7):
        browser.get(reverse("accounts:outbox"))
