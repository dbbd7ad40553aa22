"""A mail is shown before it goes, in the very words in which it goes (issue 12, "mail preview before every mail")."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from demo.walk import Walk
from tests.trajectories.conftest import World, run_outbox, standing, walk_to
from topjob import clock
from topjob.rehearsing import NO_TOKEN_YET
from trajectories.models import PartyLink, PlanParty
from trajectories.signing.messages import letters_when_sent

pytestmark = pytest.mark.usefixtures("db")


@standing
def drafted(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()


def without_token(text: str) -> str:
    return re.sub(r"/tekenen/[\w-]+/", f"/tekenen/{NO_TOKEN_YET}/", text)


def test_what_is_shown_before_is_what_is_mailed(drafted: Walk) -> None:
    with clock.at(drafted.day, 11):
        shown = {letter.to: letter for letter in letters_when_sent(drafted.fresh().current_plan)}
    assert len(shown) == 3 and not PartyLink.objects.exists()
    drafted.send_plan()
    with clock.at(drafted.day, 12):
        run_outbox()
    mailed = {message.to[0]: message for message in mail.outbox if "/tekenen/" in message.body}
    assert mailed.keys() == shown.keys()
    for address, message in mailed.items():
        assert without_token(message.body) == shown[address].text
        assert message.subject == shown[address].subject


def test_the_page_shows_it_to_who_sends_it(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day, 11):
        page = client.get(reverse("trajectories:plan_send", args=[drafted.trajectory.pk])).content.decode()
    assert "Beste Sem," in page and f"/tekenen/{NO_TOKEN_YET}/" in page
    assert page.count("De mail aan") == 3


def test_who_has_no_mail_address_gets_the_sms_that_is_shown(drafted: Walk) -> None:
    PlanParty.objects.filter(party="jongere").update(email="", phone="+31612345678")
    youth = next(letter for letter in letters_when_sent(drafted.fresh().current_plan) if not letter.subject)
    assert youth.to == "+31612345678" and NO_TOKEN_YET in youth.text
