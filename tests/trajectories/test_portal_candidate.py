"""The youth's own page: in plain words, only one's own; saying no; fresh links; getting a login."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from candidates import actions as candidate_actions
from candidates.models import ContactMoment
from demo.walk import Walk
from tests import factories
from tests.questions import ONE_THING
from tests.trajectories.conftest import Reach
from tests.trajectories.personal import run_outbox
from tests.trajectories.portals import browser_of, on, page, status_of, youth_of
from topjob import outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.models import Application, GeneratedDocument
from trajectories.pages.plain_words import DONE_BY_YOUTH, FOR_EMPLOYER, FOR_YOUTH
from trajectories.pages.portal import waiting_links
from trajectories.process.choices import Party
from trajectories.process.workflow import State

MINE = reverse("trajectories:my_case")
DECLINE = reverse("trajectories:my_decline")


def test_every_state_has_its_words() -> None:
    assert set(FOR_YOUTH) == set(State)
    assert set(FOR_EMPLOYER) <= set(State)


def test_the_whole_journey_in_plain_words(reach: Reach) -> None:
    """Every state says what happens, whose turn it is and what the youth can do, in few queries whatever the state."""
    walk = reach("INTAKE")
    youth = browser_of(youth_of(walk.trajectory))
    for state in [state for state in State if state != State.AANGEMELD]:
        reach(state)
        with on(walk.day), CaptureQueriesContext(connection) as captured:
            text = page(youth, MINE)
        assert str(FOR_YOUTH[state].now) in text and "Wie is aan zet?" in text
        assert len(captured) <= ONE_THING, state


def test_whoever_signed_or_answered_is_not_asked_again(planning: Walk, reach: Reach) -> None:
    walk = planning.draft_plan().send_plan()
    youth = browser_of(youth_of(walk.trajectory))
    for state, answer in ((State.STARTPLAN, walk.sign), (State.EVALUATIE, lambda who: walk.give_views(True, who))):
        asked, done = str(FOR_YOUTH[state].you), str(DONE_BY_YOUTH[state])
        if state == State.EVALUATIE:
            reach("EVALUATIE")
        for who, before in (("werkgever", True), ("jongere", False)):
            answer(who)
            with on(walk.day):
                text = page(youth, MINE)
            assert (asked in text, done in text) == (before, not before), (state, who)


def test_before_and_without_a_trajectory(db: None) -> None:
    registration = factories.RegistrationFactory(candidate__with_login=True)
    assert "We hebben je aanmelding" in page(browser_of(registration.candidate.user), MINE)
    assert "Je hebt nu geen traject" in page(browser_of(factories.CandidateFactory(with_login=True).user), MINE)
    assert "hoort nog niet bij een traject" in page(browser_of(factories.candidate_user()), MINE)


def test_somebody_else_sees_nothing_of_it(applying: Walk) -> None:
    walk = applying
    other = browser_of(factories.CandidateFactory(with_login=True).user)
    assert walk.candidate.last_name not in page(other, MINE)
    assert other.get(DECLINE).status_code == 404
    assert browser_of(walk.team.regisseur).get(MINE).status_code == 404


def test_own_agenda_progress_documents_and_guides(on_trial: Walk) -> None:
    walk = on_trial.coach(3).coach(4)
    youth = browser_of(youth_of(walk.trajectory))
    moment = ContactMoment(
        candidate=walk.candidate,
        kind="overig",
        status="gepland",
        at=walk.at() + timedelta(days=2),
        place="Kantoor Wijhe",
    )
    moment.by = walk.team.regisseur
    with on(walk.day):
        candidate_actions.add_contact(moment, by=walk.team.regisseur)
        text = page(youth, MINE)
        document = GeneratedDocument.objects.first()
        assert reverse("trajectories:document", args=[document.pk]) in text
        assert status_of(youth, reverse("trajectories:document", args=[document.pk])) == 200
    assert ">+1<" in text and "Een plus zegt hoeveel beter het gaat dan de eerste keer." in text
    for words in ("Kantoor Wijhe", "Gesprek met je jobcoach", "Ik heb zin in mijn werk", walk.team.regisseur.email):
        assert words in text


def test_the_youth_can_say_no_with_a_reason(applying: Walk) -> None:
    walk = applying
    youth = browser_of(youth_of(walk.trajectory))
    with on(walk.day):
        assert "Ik wil deze plek niet" in page(youth, MINE)
        response = youth.post(DECLINE, {"reason": " "})
        assert set(response.context["form"].errors) == {"reason"}
        assert walk.fresh().state == "SOLLICITATIE"
        text = page(youth, DECLINE, {"reason": "Te vroeg op."})
        assert "Je hebt deze plek afgezegd" in text and "Ik wil deze plek niet" not in text
        assert youth.post(DECLINE, {"reason": "Nog eens."}).status_code == 404
    assert walk.fresh().state == "BEMIDDELBAAR"
    entry = AuditEntry.objects.get(verb="decline_application")
    assert (entry.party, entry.text.text) == ("jongere", "Te vroeg op.")


def test_R16_a_youth_who_takes_consent_back_is_gone_at_the_employer(applying: Walk) -> None:
    walk = applying
    youth = browser_of(youth_of(walk.trajectory))
    employer = browser_of(factories.representative(walk.trajectory.current_application.organisation))
    proposals = reverse("trajectories:portal_proposals")
    with on(walk.day):
        assert walk.candidate.full_name in page(employer, proposals)
        consent = walk.candidate.consents.valid().get()
        page(youth, reverse("candidates:my_consent_withdraw", args=[consent.pk]), {})
        assert walk.candidate.full_name not in page(employer, proposals)
        assert "Het bedrijf ziet nu niets van je." in page(youth, MINE)


def test_who_guides_hears_that_the_youth_took_a_consent_back(applying: Walk) -> None:
    """A talk is planned with a company that sees nobody any more: somebody must speak with both."""
    walk = applying
    youth = youth_of(walk.trajectory)
    application = walk.trajectory.current_application
    with on(walk.day):
        Application.objects.filter(pk=application.pk).update(talk_at=walk.at() + timedelta(days=3), talk_held=False)
        mail.outbox.clear()
        candidate_actions.withdraw_consent(walk.candidate.consents.valid().get(), by=youth)
        run_outbox()
    (told,) = mail.outbox
    assert told.to == [walk.team.job_broker.email] and walk.candidate.full_name not in told.subject
    assert walk.candidate.full_name in told.body and str(application.organisation) in told.body
    assert "Er staat een gesprek op" in told.body and f"/trajecten/{walk.trajectory.pk}/" in told.body


def test_a_consent_that_a_colleague_ends_or_renews_needs_no_mail(applying: Walk) -> None:
    walk = applying
    with on(walk.day):
        run_outbox()
        mail.outbox.clear()
        actions.record_consent(walk.fresh(), channel="gesprek", by=walk.team.job_broker, share_contact=True)
        candidate_actions.withdraw_consent(walk.candidate.consents.valid().get(), by=walk.team.job_broker)
        run_outbox()
    assert mail.outbox == []


def test_a_fresh_link_for_the_youth_alone(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan()
    youth = browser_of(youth_of(walk.trajectory))
    with on(walk.day):
        link = waiting_links(Party.YOUTH, [walk.trajectory]).get()
    stranger = browser_of(factories.CandidateFactory(with_login=True).user)
    address = reverse("trajectories:my_link", args=[link.pk])
    with on(walk.day, 14):
        assert "Lees en teken je startplan" in page(youth, MINE)
        assert stranger.post(address).status_code == 404
        assert youth.get(address).status_code == 405
        assert link.party.email in page(youth, address, {})
        walk.sign("jongere")
        assert "Lees en teken je startplan" not in page(youth, MINE)
    link.refresh_from_db()
    assert link.voided_at is not None


def test_the_youth_gives_a_view_and_may_ask_the_link_again(in_evaluation: Walk) -> None:
    walk = in_evaluation
    youth = browser_of(youth_of(walk.trajectory))
    with on(walk.day + timedelta(days=40)):
        text = page(youth, MINE)
        assert "Vertel hoe je proefperiode ging" in text and "Die link werkt niet meer" in text
        link = waiting_links(Party.YOUTH, [walk.trajectory]).get()
        page(youth, reverse("trajectories:my_link", args=[link.pk]), {})
        assert "Die link werkt niet meer" not in page(youth, MINE)


# --- A login ---
def test_a_guide_invites_the_youth(reach: Reach) -> None:
    walk = reach("INTAKE")
    staff = browser_of(walk.team.regisseur)
    address = reverse("trajectories:invite_candidate", args=[walk.trajectory.pk])
    with on(walk.day):
        assert staff.get(address).status_code == 200 and not OutboxMessage.objects.exists()
        staff.post(address)
        user = User.objects.get(email=walk.candidate.email)
        assert user.roles == {Role.KANDIDAAT} and user.candidate == walk.candidate
        assert outbox.run(OutboxMessage.objects.get(handler="candidate_invitation").pk)
        actions.invite_candidate(walk.fresh(), by=walk.team.regisseur)
    (letter,) = mail.outbox
    assert letter.to == [user.email] and MINE in letter.body
    assert User.objects.filter(email=walk.candidate.email).count() == 1
    assert AuditEntry.objects.filter(verb="invite_candidate", trajectory_id=walk.trajectory.pk).count() == 2
    assert "We leren elkaar kennen" in page(browser_of(user), MINE)


def test_who_cannot_be_invited(walk: Walk) -> None:
    candidate = walk.candidate
    taken = factories.UserFactory(email="bezet@post.example")
    for email in ("", "Bezet@post.example"):
        candidate.email = email
        candidate.save(update_fields=["email"])
        with pytest.raises(Refused):
            actions.invite_candidate(walk.fresh(), by=walk.team.regisseur)
    with pytest.raises(Refused):
        actions.invite_candidate(walk.fresh(), by=walk.team.backoffice)
    assert not hasattr(taken, "candidate") and User.objects.filter(memberships__role=Role.KANDIDAAT).count() == 0
    stranger = browser_of(factories.staff(Role.REGISSEUR, region_code="29"))
    assert stranger.post(reverse("trajectories:invite_candidate", args=[walk.trajectory.pk])).status_code == 404


def test_an_invitation_is_all_or_nothing(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args, **details) -> None:
        raise RuntimeError("halfway")

    monkeypatch.setattr("trajectories.actions.portal.log", broken)
    with pytest.raises(RuntimeError):
        actions.invite_candidate(walk.fresh(), by=walk.team.regisseur)
    walk.candidate.refresh_from_db()
    assert walk.candidate.user is None and not OutboxMessage.objects.filter(handler="candidate_invitation").exists()
