"""Links to a mailbox that was typed on the website wait until somebody confirmed it, and no case gets stuck by that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from candidates import actions as candidates
from candidates import mailbox
from candidates.models import Candidate
from demo.walk import Walk
from tests.mails_first import shown_on
from tests.trajectories.personal import run_outbox, token_in
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions, tasks
from trajectories.models import PartyLink
from trajectories.signing import links
from trajectories.signing.parties import signers

pytestmark = pytest.mark.usefixtures("db")
YOUTH = "sem@post.example"
RIGHT = "sem.bakker@post.example"


@pytest.fixture
def held(planning: Walk) -> Walk:
    """Sem registered on the website and never clicked; the plan went out."""
    Candidate.objects.filter(pk=planning.candidate.pk).update(email=YOUTH, email_unconfirmed=True)
    planning.draft_plan().send_plan()
    with clock.at(planning.day, 12):
        run_outbox()
    return planning


def to_youth() -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [YOUTH]]


def link_of_youth() -> PartyLink:
    return PartyLink.objects.filter(party__party="jongere").latest("pk")


def progress(walk: Walk):
    plan = type(walk.fresh().current_plan).objects.with_progress().get(pk=walk.fresh().current_plan.pk)
    return next(row for row in signers(plan) if row.party.party == "jongere")


def test_nothing_goes_to_a_mailbox_that_nobody_confirmed(held: Walk) -> None:
    assert to_youth() == [] and link_of_youth().token_hash in ("", None) and link_of_youth().sent_at is None
    assert len({tuple(message.to) for message in mail.outbox}) == 2  # the company and its jobcoach have theirs
    assert not StoredSms.objects.exists()


def test_before_it_goes_no_mail_is_shown_that_will_not_go(planning: Walk) -> None:
    Candidate.objects.filter(pk=planning.candidate.pk).update(email=YOUTH, email_unconfirmed=True)
    planning.draft_plan()
    browser = Client()
    browser.force_login(planning.user_on_lead)
    with clock.at(planning.day, 12):
        page = browser.get(reverse("trajectories:plan_send", args=[planning.trajectory.pk])).content.decode()
        assert "de link wacht tot dit e-mailadres is bevestigd" in page
        planning.send_plan()
        run_outbox()
    assert shown_on(page) == shown_on("".join(f'<div class="letter text-lines">{m.body}</div>' for m in mail.outbox))
    assert len(shown_on(page)) == 2


def test_the_one_who_sends_sees_why_and_what_to_do(held: Walk) -> None:
    browser = Client()
    browser.force_login(held.user_on_lead)
    with clock.at(held.day, 13):
        page = browser.get(reverse("trajectories:plan", args=[held.trajectory.pk])).content.decode()
    assert "de link wacht tot het e-mailadres is bevestigd" in page
    assert "nog niet bevestigd" in page and "Op papier getekend" in page
    assert reverse("trajectories:ask_mailbox", args=[held.trajectory.pk, link_of_youth().pk]) in page
    assert reverse("candidates:person_data", args=[held.candidate.pk]) in page
    assert reverse("trajectories:link_resend", args=[held.trajectory.pk, link_of_youth().pk]) not in page


def test_a_click_in_the_mailbox_sends_what_waited(client: Client, held: Walk) -> None:
    with clock.at(held.day, 14):
        mailbox.confirm(held.fresh().candidate)
        run_outbox()
        assert len(to_youth()) == 1
        assert client.get(reverse("trajectories:sign", args=[token_in(mail.outbox, YOUTH)])).status_code == 200
    assert not progress(held).is_held


def test_a_click_after_the_link_expired_sends_a_fresh_one(client: Client, held: Walk) -> None:
    first = link_of_youth()
    with clock.at(held.day, 13):
        PartyLink.objects.filter(pk=first.pk).update(expires_at=clock.now())
    with clock.at(held.day, 14):
        mailbox.confirm(held.fresh().candidate)
        run_outbox()
        assert client.get(reverse("trajectories:sign", args=[token_in(mail.outbox, YOUTH)])).status_code == 200
    assert len(to_youth()) == 1 and link_of_youth().pk != first.pk


def test_staff_who_asked_the_youth_themselves_send_it_too(held: Walk) -> None:
    with clock.at(held.day, 14):
        candidates.update_person(held.fresh().candidate, by=held.user_on_lead)
        run_outbox()
    assert len(to_youth()) == 1


def test_the_question_goes_once_more_and_not_without_end(held: Walk) -> None:
    browser = Client()
    browser.force_login(held.user_on_lead)
    page = reverse("trajectories:ask_mailbox", args=[held.trajectory.pk, link_of_youth().pk])
    statuses = []
    for hour in (13, 14, 15, 16):
        with clock.at(held.day, hour):
            statuses.append(browser.post(page).status_code)
            run_outbox("ask_mailbox")
    assert statuses == [302, 302, 302, 409]
    assert to_youth() == ["Je aanmelding bij Top Job"] * 3
    assert AuditEntry.objects.filter(verb="ask_mailbox", trajectory_id=held.trajectory.pk).count() == 3


def test_a_confirmed_mailbox_is_not_asked_again(sent: Walk) -> None:
    with pytest.raises(Refused, match="al bevestigd"):
        actions.ask_mailbox(link_of_youth(), by=sent.user_on_lead)
    assert not progress(sent).is_held


def test_asking_for_a_new_link_or_waiting_days_sends_nothing_there(held: Walk) -> None:
    with clock.at(held.day + timedelta(days=1), 9), pytest.raises(Refused, match="vanzelf"):
        actions.resend_link(link_of_youth(), by=held.user_on_lead)
    for days in (3, 7):
        with clock.at(held.day + timedelta(days=days), 10):
            tasks.remind_parties()
            run_outbox("send_link", "nudge")
    assert to_youth() == [] and not StoredSms.objects.filter(to="+31612345678").exists()


def test_withdrawing_tells_nothing_there_either(held: Walk) -> None:
    with clock.at(held.day, 15):
        for message in OutboxMessage.objects.waiting():
            message.delete()
        links.tell_withdrawn([link_of_youth().party])
        run_outbox()
    assert to_youth() == []


def test_an_address_that_staff_typed_for_signing_is_theirs_to_know(planning: Walk) -> None:
    """The plan has another address than the website: it came from the youth by way of a colleague."""
    Candidate.objects.filter(pk=planning.candidate.pk).update(email="ander@post.example", email_unconfirmed=True)
    planning.draft_plan()
    planning.fresh().current_plan.parties.filter(party="jongere").update(email=YOUTH)
    planning.send_plan()
    with clock.at(planning.day, 12):
        run_outbox()
    assert len(to_youth()) == 1


def corrected(walk: Walk) -> None:
    """A colleague asks Sem, hears that the address is wrong, and writes down the right one."""
    candidate = walk.fresh().candidate
    candidate.email = RIGHT
    candidates.update_person(candidate, by=walk.user_on_lead, changed=["email"])
    run_outbox("mailbox_confirmed")


def test_whoever_has_the_wrong_mailbox_gets_nothing_when_it_is_corrected(held: Walk) -> None:
    with clock.at(held.day, 14):
        corrected(held)
        run_outbox()
    with clock.at(held.day + timedelta(days=1), 9), pytest.raises(Refused, match="niet van de jongere"):
        actions.resend_link(link_of_youth(), by=held.user_on_lead)
    for days in (3, 7):
        with clock.at(held.day + timedelta(days=days), 10):
            tasks.remind_parties()
            run_outbox()
    assert to_youth() == [] and not StoredSms.objects.filter(to="+31612345678").exists()
    browser = Client()
    browser.force_login(held.user_on_lead)
    with clock.at(held.day, 15):
        page = browser.get(reverse("trajectories:plan", args=[held.trajectory.pk])).content.decode()
    assert "niet van de jongere" in page and "Op papier getekend" in page
    assert reverse("trajectories:ask_mailbox", args=[held.trajectory.pk, link_of_youth().pk]) not in page


def test_a_draft_follows_the_corrected_address(planning: Walk) -> None:
    Candidate.objects.filter(pk=planning.candidate.pk).update(email=YOUTH, email_unconfirmed=True)
    planning.draft_plan()
    corrected(planning)
    planning.send_plan()
    with clock.at(planning.day, 12):
        run_outbox()
    assert to_youth() == [] and [RIGHT] in [message.to for message in mail.outbox]
    assert not progress(planning).is_held


def test_the_wrong_address_turns_out_right_after_all(held: Walk) -> None:
    with clock.at(held.day, 14):
        corrected(held)
        candidate = held.fresh().candidate
        candidate.email = YOUTH
        candidates.update_person(candidate, by=held.user_on_lead, changed=["email"])
        actions.resend_link(link_of_youth(), by=held.user_on_lead)
        run_outbox()
    assert len(to_youth()) == 1 and not progress(held).is_held
