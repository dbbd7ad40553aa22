"""What a guide's button mails is shown before it goes, in the words in which it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from candidates.models import Candidate
from demo.walk import Walk
from tests import factories
from tests.mails_first import assert_goes, assert_shown, shown_on, shows
from tests.trajectories.conftest import World, run_outbox, standing, walk_to
from tests.trajectories.test_papers import light_paper, make  # noqa: F401 (documents in these tests are tiny)
from tests.trajectories.test_papers import sent as sent_paper
from topjob import clock
from trajectories.actions.handover import held_by
from trajectories.models import Paper, PartyLink, PlanParty
from trajectories.signing import links

pytestmark = pytest.mark.usefixtures("db")
REASON = {"reason": "Het bedrijf stopt."}


@standing
def chosen(world: World) -> None:
    """A vacancy was chosen; the company doesn't know yet."""
    walk_to(world.walk, world.vacancy, "BEMIDDELBAAR").later(1).choose(world.vacancy)


@standing
def drafted(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()


def in_portal(walk: Walk) -> User:
    """Somebody of the company who gets its mails."""
    organisation = walk.fresh().current_application.organisation
    return factories.representative(organisation)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def taken(walk: Walk, name: str, data: dict[str, Any] | None, *, sent: int, days: int = 1, who: str = "") -> None:
    """A step, taken on its page by whoever does."""
    url = reverse("trajectories:step", args=[walk.trajectory.pk, name])
    with clock.at(walk.day + timedelta(days=days), 15):
        assert_shown(browser_of(getattr(walk.team, who) if who else walk.user_on_lead), url, data, sent=sent)


def pressed(walk: Walk, name: str, *more: object, sent: int = 1) -> None:
    """A button of the case, pressed on the page that shows its mail."""
    url = reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *more])
    with clock.at(walk.day + timedelta(days=1), 15):
        assert_shown(browser_of(walk.team.regisseur), url, sent=sent)


# --- Steps -----------------------------------------------------------------------------------------------------------
@shows("trajectories:step/introduce")
def test_a_proposal_to_a_company(chosen: Walk) -> None:
    in_portal(chosen)
    taken(chosen, "introduce", {"talk_at": ""}, sent=1, who="job_broker")


@shows("trajectories:step/decline_application")
def test_a_proposal_that_is_taken_back(applying: Walk) -> None:
    in_portal(applying)
    taken(applying, "decline_application", REASON, sent=1, who="job_broker")


@shows("trajectories:step/withdraw_plan")
def test_a_plan_that_is_called_off(sent: Walk) -> None:
    in_portal(sent)
    taken(sent, "withdraw_plan", REASON, sent=4)


@shows("trajectories:step/stop")
def test_stopping(sent: Walk) -> None:
    taken(sent, "stop", REASON, sent=3)


@shows("trajectories:step/open_evaluation")
def test_the_evaluation_is_opened(on_trial: Walk) -> None:
    taken(on_trial, "open_evaluation", None, sent=3, days=81)


@shows("trajectories:step/break_off_trial")
def test_a_trial_that_ends_takes_its_amendment_along(on_trial: Walk) -> None:
    amend(on_trial)
    taken(on_trial, "break_off_trial", REASON | {"target": "BEMIDDELBAAR"}, sent=3)


@shows("trajectories:step/other_place")
@shows("trajectories:step/seek_advice")
@pytest.mark.parametrize("name", ["other_place", "seek_advice"])
def test_after_an_evaluation_nobody_hears_what_they_know(evaluating: Walk, name: str) -> None:
    evaluating.give_views(False)
    taken(evaluating, name, REASON, sent=0)


def amend(walk: Walk) -> None:
    """A second version of the plan, out to be signed."""
    walk.draft_plan().send_plan()
    with clock.at(walk.day, 17):
        run_outbox("render_plan", "send_link")


# --- Links and documents ---------------------------------------------------------------------------------------------
@shows("trajectories:plan_send")
def test_a_plan_goes_out(drafted: Walk) -> None:
    url = reverse("trajectories:plan_send", args=[drafted.trajectory.pk])
    with clock.at(drafted.day, 11):
        assert_shown(browser_of(drafted.team.regisseur), url, sent=3)


@shows("trajectories:paper_send")
def test_a_paper_goes_out(learning: Walk) -> None:
    paper = make(learning, Paper.Kind.LEARN_WORK)
    here, client = [learning.trajectory.pk, paper.pk], browser_of(learning.team.regisseur)
    with clock.at(learning.day, 20):
        shown = shown_on(client.get(reverse("trajectories:paper", args=here)).content.decode())
        assert_goes(client, reverse("trajectories:paper_send", args=here), {}, shown, sent=2)


@shows("trajectories:paper_withdraw")
def test_a_paper_is_withdrawn(learning: Walk) -> None:
    paper = sent_paper(learning, Paper.Kind.LEARN_WORK)
    url = reverse("trajectories:paper_withdraw", args=[learning.trajectory.pk, paper.pk])
    client = browser_of(learning.team.regisseur)
    with clock.at(learning.day, 20):
        assert_goes(client, url, REASON, shown_on(client.get(url).content.decode()), sent=2)


@shows("trajectories:link_resend")
def test_a_link_goes_once_more(sent: Walk) -> None:
    pressed(sent, "link_resend", PartyLink.objects.get(party__party="werkgever").pk)


def test_a_link_to_what_was_signed_goes_once_more(sent: Walk) -> None:
    sent.sign()
    with clock.at(sent.day, 18):
        links.make_link(PlanParty.objects.get(party="werkgever"), PartyLink.Purpose.READ)
        run_outbox("mail_signed")
    pressed(sent, "link_resend", PartyLink.objects.get(party__party="werkgever", purpose=PartyLink.Purpose.READ).pk)


def test_looking_at_a_reminder_leaves_the_link_as_it_is(sent: Walk) -> None:
    link = PartyLink.objects.get(party__party="werkgever")
    url = reverse("trajectories:link_resend", args=[sent.trajectory.pk, link.pk])
    with clock.at(sent.day + timedelta(days=1), 15):
        page = browser_of(sent.team.regisseur).get(url, {"next": "/?wat=wachten"}).content.decode()
        assert PartyLink.objects.get(party__party="werkgever").is_usable
    assert len(shown_on(page)) == 1 and 'href="/?wat=wachten"' in page


@shows("trajectories:ask_mailbox")
def test_the_question_whose_mailbox_it_is(planning: Walk) -> None:
    Candidate.objects.filter(pk=planning.candidate.pk).update(email_unconfirmed=True)
    planning.draft_plan().send_plan()
    with clock.at(planning.day, 12):
        run_outbox()
    pressed(planning, "ask_mailbox", PartyLink.objects.filter(party__party="jongere").latest("pk").pk)


@shows("trajectories:no_show")
def test_who_did_not_come_gets_a_link_again(evaluating: Walk) -> None:
    url = reverse("trajectories:no_show", args=[evaluating.trajectory.pk, "werkgever"])
    data = {"on": evaluating.day.isoformat(), "cause": "geen_bericht", "reason": "Druk.", "follows": "opnieuw"}
    data["again_on"] = (evaluating.day + timedelta(days=3)).isoformat()
    with clock.at(evaluating.day, 18):
        assert_shown(browser_of(evaluating.team.regisseur), url, data, sent=1)


# --- People ----------------------------------------------------------------------------------------------------------
@shows("trajectories:invite_candidate")
def test_a_page_of_ones_own(walk: Walk) -> None:
    url = reverse("trajectories:invite_candidate", args=[walk.trajectory.pk])
    assert_shown(browser_of(walk.team.regisseur), url, sent=1)
    assert Candidate.objects.get(pk=walk.candidate.pk).user is not None


def test_looking_at_that_makes_no_account(walk: Walk) -> None:
    url = reverse("trajectories:invite_candidate", args=[walk.trajectory.pk])
    page = browser_of(walk.team.regisseur).get(url).content.decode()
    assert "Beste Sem," in page and Candidate.objects.get(pk=walk.candidate.pk).user is None


@shows("trajectories:deactivate")
@shows("trajectories:remove_role")
@pytest.mark.parametrize("name", ["deactivate", "remove_role"])
def test_who_takes_over_is_told(walk: Walk, name: str) -> None:
    person, colleague = walk.team.regisseur, factories.staff(Role.REGISSEUR)
    more = [person.memberships.get().pk] if name == "remove_role" else []
    url, chosen = reverse(f"trajectories:{name}", args=[person.pk, *more]), {held_by(person)[0].name: [colleague.pk]}
    client = browser_of(factories.staff(Role.BEHEERDER))
    run_outbox()
    preview = client.post(url, chosen)
    shown = shown_on(preview.content.decode())
    assert_goes(client, url, chosen | {"gezien": preview.context["key"]}, shown, sent=1)


@shows("trajectories:add_absence")
def test_who_covers_is_told(walk: Walk) -> None:
    person, colleague = walk.team.regisseur, factories.staff(Role.REGISSEUR)
    url = f"{reverse('trajectories:add_absence')}?wie={person.pk}"
    days = {"starts_on": walk.day.isoformat(), "ends_on": (walk.day + timedelta(days=7)).isoformat()}
    with clock.at(walk.day, 12):
        assert_shown(
            browser_of(factories.staff(Role.BEHEERDER)), url, days | {held_by(person)[0].name: colleague.pk}, sent=1
        )
