"""Whoever doesn't answer hears it again after 3 and 7 days, with a fresh link: by day, once, by mail or by SMS (R17)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting
from demo.walk import Walk
from tests.trajectories.conftest import START
from tests.trajectories.personal import LINK, run_outbox, sign_by_page, sign_page, token_in
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions, tasks
from trajectories.models import PartyLink, StartPlan
from trajectories.signing import links
from trajectories.signing.parties import signers

pytestmark = pytest.mark.usefixtures("db")

YOUTH, PHONE = "sem@post.example", "+31612345678"


@pytest.fixture
def sent(sent: Walk) -> Walk:
    mail.outbox.clear()
    return sent


def go_by(walk: Walk, days: int, hour: int = 10) -> None:
    """Let days go by and the product look around as beat asks it to."""
    with clock.at(walk.day + timedelta(days=days), hour):
        tasks.remind_parties()
        run_outbox("send_link", "nudge")


def numbers() -> list[int]:
    """Which reminder each party got last."""
    return sorted(PartyLink.objects.unanswered().values_list("reminder", flat=True))


def test_after_three_and_seven_days_a_reminder_goes_with_a_fresh_link(client: Client, sent: Walk) -> None:
    first = set(PartyLink.objects.values_list("token_hash", flat=True))
    for day, expected in ((1, 0), (2, 0), (3, 1), (4, 1), (6, 1), (7, 2), (8, 2), (12, 2)):
        go_by(sent, day)
        assert numbers() == [expected] * 3, day
    assert len(mail.outbox) == 6
    assert all(message.subject.startswith("Herinnering: ") for message in mail.outbox)
    assert "Dit is een herinnering" in mail.outbox[0].body
    assert not first & set(PartyLink.objects.usable().values_list("token_hash", flat=True))
    with clock.at(sent.day + timedelta(days=12)):
        assert sign_by_page(client, token_in(mail.outbox, YOUTH)).status_code == 302
    assert AuditEntry.objects.filter(verb="remind", party="systeem").count() == 6


def test_beside_the_mail_goes_an_sms_without_the_link(sent: Walk) -> None:
    """The code goes to that phone: link and code together would be one key."""
    go_by(sent, 3)
    texts = list(StoredSms.objects.values_list("text", flat=True))
    assert len(texts) == 3
    assert not [text for text in texts if "/tekenen/" in text]
    assert any("s•••@post.example" in text for text in texts)


def test_twice_at_the_same_moment_is_once(sent: Walk) -> None:
    """Fault 15: two beats."""
    go_by(sent, 3)
    go_by(sent, 3)
    assert len(mail.outbox) == 3


def test_r17_after_a_week_of_silence_one_reminder_goes(sent: Walk) -> None:
    go_by(sent, 9)
    go_by(sent, 10)
    assert len(mail.outbox) == 3
    assert numbers() == [2, 2, 2]


@pytest.mark.parametrize("hour", [0, 7, 20, 23])
def test_nobody_is_woken(sent: Walk, hour: int) -> None:
    go_by(sent, 3, hour)
    assert not mail.outbox
    go_by(sent, 4)
    assert len(mail.outbox) == 3


def test_whoever_answered_hears_nothing(sent: Walk) -> None:
    sent.sign("jongere")
    with clock.at(sent.day, 16):
        employer = PartyLink.objects.get(party__party="werkgever")
        actions.decline_to_sign(employer, reason="De uren kloppen niet.")
    go_by(sent, 3)
    assert [message.to for message in mail.outbox] == [[sent.team.jobcoach.email]]


@pytest.mark.parametrize("why", ["withdrawn", "version", "late"])
def test_nothing_goes_for_what_no_longer_waits(sent: Walk, why: str) -> None:
    if why == "late":
        LawSetting.objects.filter(key="herinnering_eerste").update(value="40")
        LawSetting.objects.filter(key="herinnering_tweede").update(value="41")
        sent.day = START - timedelta(days=40)
    with clock.at(sent.day, 13):
        if why == "withdrawn":
            actions.withdraw_plan(sent.fresh(), reason="Bedrijf stopt.", by=sent.user_on_lead)
        elif why == "version":
            actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
    go_by(sent, 41 if why == "late" else 3)
    assert not [message for message in mail.outbox if "Herinnering" in message.subject]


def test_an_expired_link_gets_its_reminder_too(sent: Walk) -> None:
    with clock.at(sent.day, 13):
        PartyLink.objects.update(expires_at=clock.now())
    go_by(sent, 3)
    assert len(mail.outbox) == 3


def test_a_link_that_was_just_sent_by_hand_is_left_alone_that_day(sent: Walk) -> None:
    with clock.at(sent.day + timedelta(days=3), 9):
        link = PartyLink.objects.get(party__party="jongere")
        actions.resend_link(link, by=sent.user_on_lead)
    go_by(sent, 3)
    assert YOUTH not in [message.to[0] for message in mail.outbox if "Herinnering" in message.subject]
    go_by(sent, 4)
    assert YOUTH in [message.to[0] for message in mail.outbox if "Herinnering" in message.subject]


def test_the_evaluation_reminds_the_same_way(in_evaluation: Walk) -> None:
    walk = in_evaluation
    walk.give_views(True, "jongere")
    with clock.at(walk.day, 17):
        run_outbox("send_link")
    mail.outbox.clear()
    go_by(walk, 3)
    assert len(mail.outbox) == 2
    assert all("Herinnering: Hoe ging de proefperiode" in message.subject for message in mail.outbox)


def test_the_page_tells_when_the_last_one_went(client: Client, sent: Walk) -> None:
    go_by(sent, 3)
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day + timedelta(days=3), 14):
        text = client.get(reverse("trajectories:plan", args=[sent.trajectory.pk])).content.decode()
    assert text.count("herinnering 1 verstuurd per e-mail op") == 3
    assert "code op 06 •• •• •• 78" in text


def test_a_new_link_waits_a_moment(sent: Walk) -> None:
    link = PartyLink.objects.get(party__party="jongere")
    with clock.at(sent.day, 12):
        actions.resend_link(link, by=sent.user_on_lead)
        with pytest.raises(Refused, match="net een link verstuurd"):
            actions.resend_link(link, by=sent.user_on_lead)
    with clock.at(sent.day, 13):
        actions.resend_link(link, by=sent.user_on_lead)


def test_the_page_says_from_when_a_new_link_can_be_sent(client: Client, sent: Walk) -> None:
    client.force_login(sent.team.regisseur)
    url = reverse("trajectories:plan", args=[sent.trajectory.pk])
    with clock.at(sent.day, 15):
        actions.resend_link(PartyLink.objects.get(party__party="jongere"), by=sent.user_on_lead)
        page = client.get(url).content.decode()
        assert page.count("Een nieuwe kan vanaf 15:10 uur") == 1
        assert page.count("Nieuwe link sturen") == 2
    with clock.at(sent.day, 16):
        assert client.get(url).content.decode().count("Nieuwe link sturen") == 3


# --- Without e-mail --------------------------------------------------------------------------------------------------
def link_by_sms() -> str:
    found = [re.search(r"/tekenen/([\w-]{43})/", text.text) for text in StoredSms.objects.filter(to=PHONE)]
    return next(match[1] for match in found if match)


def test_a_youth_without_mail_signs_by_sms(client: Client, without_mail: Walk) -> None:
    text = StoredSms.objects.get(to=PHONE).text
    assert text.startswith("Je startplan: lees en teken. Dit is jouw eigen link")
    assert len(text) <= 300
    with clock.at(without_mail.day, 13):
        token = link_by_sms()
        assert sign_by_page(client, token).status_code == 302
        assert "je hebt getekend" in client.get(sign_page(token)).content.decode()
    link = PartyLink.objects.get(party__party="jongere")
    assert (link.channel, link.signature.channel) == ("sms", "sms")
    shown = {row.party.party: row.address for row in signers(link.plan)}
    assert shown["jongere"] == "06 12345678, link en code op dezelfde telefoon"
    assert "dezelfde" not in shown["werkgever"]


def test_a_reminder_by_sms_holds_the_link(client: Client, without_mail: Walk) -> None:
    old = link_by_sms()
    go_by(without_mail, 3)
    texts = [text.text for text in StoredSms.objects.filter(to=PHONE)]
    assert len(texts) == 2
    assert texts[0].startswith("Herinnering: ")
    fresh = link_by_sms()
    assert fresh != old
    with clock.at(without_mail.day + timedelta(days=3)):
        assert client.get(sign_page(old)).status_code == 410
        assert client.get(sign_page(fresh)).status_code == 200


def test_without_mail_the_news_that_all_signed_comes_by_sms(client: Client, without_mail: Walk) -> None:
    without_mail.sign()
    plan = StartPlan.objects.get()
    youth = plan.parties.get(party="jongere")
    with clock.at(without_mail.day, 17):
        OutboxMessage.objects.filter(handler="render_signed_plan").update(done_at=clock.now())
        links.make_link(youth, PartyLink.Purpose.READ)
        run_outbox("mail_signed")
        text = StoredSms.objects.filter(to=PHONE).first().text
        assert "Iedereen heeft getekend: startplan van Sem Bakker." in text
        assert len(text) <= 300
        assert client.get(LINK.search(text)[0]).status_code == 200
