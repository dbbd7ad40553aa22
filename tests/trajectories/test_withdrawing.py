"""What doesn't go on is told to everybody who signed or was asked to, once, and holds nowhere any more (R4, R5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from demo.walk import Walk
from tests.names_on_pages import in_words
from tests.trajectories.conftest import Reach
from tests.trajectories.personal import run_outbox, sign_by_page, sign_page
from tests.trajectories.portals import browser_of, employer_of, on, page, youth_of
from tests.trajectories.test_papers import Kind, light_paper, make  # noqa: F401
from tests.trajectories.test_papers import sent as sent_paper
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions
from trajectories.models import PartyLink, PlanParty, StartPlan
from trajectories.signing import links, messages

pytestmark = pytest.mark.usefixtures("db")

YOUTH, PHONE = "sem@post.example", "+31612345678"


def call_off(walk: Walk, reason: str = "Het bedrijf stopt.") -> None:
    with clock.at(walk.day, 17):
        mail.outbox.clear()
        actions.withdraw_plan(walk.fresh(), reason=reason, by=walk.user_on_lead)
        run_outbox("mail_withdrawn", "mail_place_off", "mail_place_off_to")


def bodies(subject: str = "") -> dict[str, str]:
    """What was mailed to whom; nobody gets two."""
    found = [message for message in mail.outbox if subject in message.subject]
    assert len({message.to[0] for message in found}) == len(found)
    return {message.to[0]: message.body for message in found}


def test_everybody_who_was_asked_to_sign_hears_it_once(sent: Walk) -> None:
    employer = StartPlan.objects.get().parties.get(party="werkgever")
    sent.sign("werkgever")
    call_off(sent)
    told = bodies("gaat niet door")
    assert len(told) == 3
    assert "Uw handtekening telt nu niet meer" in told[employer.email]
    assert "Je hoeft niet meer te tekenen" in told[YOUTH]
    assert "Het bedrijf stopt" not in "".join(told.values())
    assert sent.team.regisseur.name in told[YOUTH]
    mail.outbox.clear()
    run_outbox()
    for message in OutboxMessage.objects.filter(handler="mail_withdrawn"):
        assert message.done_at is not None
    assert not mail.outbox


def test_a_plan_that_all_signed_holds_no_more_once_it_is_called_off(client: Client, sent: Walk, token: str) -> None:
    youth = youth_of(sent.trajectory)
    with clock.at(sent.day, 12):
        sign_by_page(client, token)
    sent.sign("werkgever", "jobcoach")
    plan = StartPlan.objects.get()
    assert plan.status == StartPlan.Status.SIGNED
    call_off(sent)
    plan.refresh_from_db()
    assert plan.status == StartPlan.Status.WITHDRAWN and plan.signed_at is not None
    assert all("telt nu niet meer" in body for body in bodies("gaat niet door").values())
    with clock.at(sent.day, 18):
        text = client.get(sign_page(token)).content.decode()
        assert "Dit startplan gaat niet door" in text and "Het plan geldt vanaf" not in text
        mine = page(browser_of(youth), "/mijn/")
        assert "Mijn startplan" not in mine
    assert AuditEntry.objects.filter(verb="sign").count() == 3


def test_the_news_that_all_signed_does_not_follow_after_that(sent: Walk) -> None:
    sent.sign()
    link = links.make_link(PlanParty.objects.get(party="jongere"), PartyLink.Purpose.READ)
    call_off(sent)
    mail.outbox.clear()
    messages.mail_signed(link=link.pk)
    assert not mail.outbox


def test_r5_a_plan_by_which_a_trial_began_stays_signed(on_trial: Walk) -> None:
    walk = on_trial
    plan = StartPlan.objects.get()
    with pytest.raises(DatabaseError, match="R5"), transaction.atomic():
        StartPlan.objects.filter(pk=plan.pk).update(status=StartPlan.Status.WITHDRAWN)
    with clock.at(walk.day):
        actions.break_off_trial(walk.fresh(), reason="Te ver.", target="BEMIDDELBAAR", by=walk.user_on_lead)
    plan.refresh_from_db()
    assert plan.status == StartPlan.Status.SIGNED
    assert not OutboxMessage.objects.filter(handler__in=["mail_withdrawn", "mail_place_off"]).exists()


def test_without_mail_it_comes_by_sms(without_mail: Walk) -> None:
    without_mail.sign("jongere")
    call_off(without_mail)
    text = StoredSms.objects.filter(to=PHONE).first().text
    assert text.startswith("Je startplan gaat niet door. Je handtekening telt niet meer. Vragen? ")
    assert without_mail.team.regisseur.name in text


def test_who_signed_a_version_that_made_way_hears_it_only_when_nothing_follows(sent: Walk) -> None:
    sent.sign("werkgever")
    with clock.at(sent.day, 16):
        mail.outbox.clear()
        actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
        run_outbox()
    assert not mail.outbox, "the link to the next version says so"
    call_off(sent)
    assert list(bodies("Het startplan van")) == [PlanParty.objects.filter(party="werkgever").first().email]


def test_an_amendment_that_goes_with_its_trial_is_told_as_such(on_trial: Walk) -> None:
    walk = on_trial.later(3)
    with clock.at(walk.day):
        actions.draft_plan(walk.fresh(), by=walk.user_on_lead)
        draft = walk.fresh().current_plan
        actions.save_plan(
            draft,
            by=walk.user_on_lead,
            effective_on=walk.day + timedelta(days=7),
            goals=[{"field": "leren", "goal": "Ik vraag om uitleg.", "how": ""}],
        )
    walk.send_plan().sign("jongere")
    with clock.at(walk.day, 17):
        mail.outbox.clear()
        actions.break_off_trial(walk.fresh(), reason="Te ver.", target="ADVIES", by=walk.user_on_lead)
        run_outbox("mail_withdrawn")
    told = bodies("De wijziging van")
    assert len(told) == 3 and "Je handtekening telt nu niet meer" in told[YOUTH]
    assert StartPlan.objects.get(number=1).status == StartPlan.Status.SIGNED


def test_a_refused_withdrawal_tells_nobody(sent: Walk) -> None:
    with clock.at(sent.day, 17), pytest.raises(Refused):
        actions.withdraw_plan(sent.fresh(), reason=" ", by=sent.user_on_lead)
    assert not OutboxMessage.objects.filter(handler__in=["mail_withdrawn", "mail_place_off"]).exists()


# --- The company -----------------------------------------------------------------------------------------------------
def test_before_anything_was_sent_the_company_hears_that_nobody_comes(planning: Walk) -> None:
    walk = planning.draft_plan()
    user = employer_of(walk)
    call_off(walk)
    told = bodies()
    assert list(told) == [user.email]
    assert "komt niet" in told[user.email] and "Bakker" not in told[user.email]


def test_a_company_that_signs_in_its_own_portal_hears_it_once(sent: Walk) -> None:
    user = employer_of(sent)
    other = employer_of(sent)
    type(user).objects.filter(pk=user.pk).update(email=PlanParty.objects.get(party="werkgever").email)
    call_off(sent)
    assert sum(PlanParty.objects.get(party="werkgever").email in message.to for message in mail.outbox) == 1
    assert other.email in bodies()


@pytest.mark.parametrize("state", ["SOLLICITATIE", "STARTPLAN"])
def test_stopping_tells_the_company(reach: Reach, state: str) -> None:
    walk = reach(state)
    user = employer_of(walk)
    with clock.at(walk.day, 17):
        mail.outbox.clear()
        actions.stop(walk.fresh(), reason="Verhuisd.", by=walk.user_on_lead)
        run_outbox("mail_withdrawn", "mail_place_off", "mail_place_off_to")
    assert list(bodies()) == [user.email]


def test_a_proposal_that_is_taken_back_is_told_with_its_talk(applying: Walk) -> None:
    walk = applying
    user = employer_of(walk)
    with clock.at(walk.day, 17):
        mail.outbox.clear()
        actions.decline_application(walk.fresh(), reason="Wil liever buiten werken.", by=walk.team.job_broker)
        run_outbox("mail_place_off", "mail_place_off_to")
    body = bodies()[user.email]
    assert "gaat niet door" in body and "Het gesprek van" in body and "Bakker" not in body and "buiten" not in body


def test_a_company_that_says_no_itself_gets_no_mail(applying: Walk) -> None:
    walk = applying
    user = employer_of(walk)
    with clock.at(walk.day, 17):
        actions.decline_application(walk.fresh(), reason="Geen klik.", by=user)
    assert not OutboxMessage.objects.filter(handler="mail_place_off").exists()


# --- The youth's page ------------------------------------------------------------------------------------------------
def test_the_youth_reads_that_the_place_is_off(sent: Walk) -> None:
    youth = browser_of(youth_of(sent.trajectory))
    company = sent.fresh().current_application.organisation.name
    call_off(sent)
    with on(sent.day, 18):
        assert f"De plek bij {company}" in in_words(page(youth, "/mijn/"))


def test_who_said_no_oneself_is_not_told_so(applying: Walk) -> None:
    walk = applying
    user = youth_of(walk.trajectory)
    with on(walk.day, 17):
        actions.decline_application(walk.fresh(), reason="Te ver.", by=user)
        assert "gaat niet door" not in page(browser_of(user), "/mijn/")


def test_after_a_trial_the_place_has_ended(on_trial: Walk) -> None:
    walk = on_trial.later(5)
    youth = browser_of(youth_of(walk.trajectory))
    with on(walk.day, 17):
        actions.break_off_trial(walk.fresh(), reason="Te ver.", target="BEMIDDELBAAR", by=walk.user_on_lead)
        assert "is gestopt" in page(youth, "/mijn/")


# --- Other documents -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.EVALUATION, Kind.LEARN_WORK])
def test_a_paper_that_is_withdrawn_is_told_to_whoever_signed_or_was_asked(learning: Walk, kind: str) -> None:
    paper = sent_paper(learning, kind)
    youth = paper.parties.get(party="jongere")
    with clock.at(learning.day, 20):
        form = reverse("trajectories:paper_withdraw", args=[learning.trajectory.pk, paper.pk])
        assert "krijgt bericht" in page(browser_of(learning.team.regisseur), form)
        learning._sign(youth)
        mail.outbox.clear()
        actions.withdraw_paper(paper, reason="Uren kloppen niet.", by=learning.team.regisseur)
        run_outbox("mail_withdrawn")
    told = bodies("ingetrokken")
    assert len(told) == paper.parties.count()
    assert "Je handtekening telt nu niet meer" in told[YOUTH] and "nieuwe link" in told[YOUTH]
    assert sum("hoeft niet meer te tekenen" in body for body in told.values()) == len(told) - 1


def test_a_paper_in_the_making_is_withdrawn_in_silence(learning: Walk) -> None:
    paper = make(learning, Kind.LEARN_WORK)
    with clock.at(learning.day, 20):
        actions.withdraw_paper(paper, reason="Toch niet.", by=learning.team.regisseur)
    assert not OutboxMessage.objects.filter(handler="mail_withdrawn").exists()
