"""The employer's portal: only introduced people, only what they share (R16); talk, acceptance, people at work, tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Reading, Role, User
from candidates import actions as candidate_actions
from candidates.models import CandidateDocument, Consent
from demo.walk import Team, Walk
from employers.models import Vacancy
from employers.portal import tasks_for
from tests import factories
from tests.trajectories.conftest import START, Reach, make_walk, walk_to
from tests.trajectories.portals import browser_of, employer_of, on, page, status_of, without_tokens
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.journey.access import shared_view
from trajectories.models import Application, GeneratedDocument, PartyLink
from trajectories.pages.portal import group_members, waiting_links
from trajectories.process.choices import Party

PROPOSALS = reverse("trajectories:portal_proposals")
PEOPLE = reverse("trajectories:portal_people")


def url(name: str, walk: Walk) -> str:
    return reverse(f"trajectories:{name}", args=[walk.fresh().current_application.pk])


def accept_data(**changes) -> dict:
    data = {"construction": "1", "route": "bbl1", "level": "startkwalificatie", "planned_start": START}
    return data | changes


def share(walk: Walk, **shares: bool) -> Consent:
    """The person now agrees to exactly this."""
    every = dict.fromkeys(("share_contact", "share_cv", "share_portfolio", "share_support"), False)
    with on(walk.day):
        return actions.record_consent(walk.fresh(), channel="gesprek", by=walk.team.job_broker, **every | shares)


def portfolio(walk: Walk) -> CandidateDocument:
    document = CandidateDocument(
        candidate=walk.candidate,
        kind=CandidateDocument.Kind.PORTFOLIO,
        title="Mijn tuinhuis",
        original_name="tuinhuis.pdf",
        content_type="application/pdf",
        size=4,
        uploaded_at=clock.now(),
        uploaded_by=walk.team.regisseur,
    )
    document.file.save("tuinhuis.pdf", ContentFile(b"%PDF"), save=False)
    document.save()
    return document


# --- R16 ---
def test_R16_an_employer_sees_only_what_the_person_agreed_to_share(applying: Walk) -> None:
    walk = applying
    document = portfolio(walk)
    employer = browser_of(employer_of(walk))
    name, number = walk.candidate.full_name, f"K-{walk.candidate.pk}"
    download = reverse("trajectories:portal_file", args=[walk.trajectory.current_application.pk, document.pk])
    with on(walk.day):
        share(walk, share_contact=True)
        text = page(employer, url("portal_proposal", walk))
        assert name in text and walk.candidate.email in text and "Ervaring" not in text and "tuinhuis" not in text
        assert f'href="tel:{walk.candidate.phone.as_national.replace(" ", "")}"' in text
        assert employer.get(download).status_code == 404
        share(walk, share_portfolio=True)
        text = page(employer, url("portal_proposal", walk))
        assert name not in text and walk.candidate.email not in text and number in text and "Mijn tuinhuis" in text
        assert status_of(employer, download) == 200
        assert name not in page(employer, PROPOSALS)
    pages = Reading.objects.of_people(walk.candidate.pk).filter(party="werkgever").values_list("page", flat=True)
    assert {"voorstel", "voorstellen"} <= set(pages)


def test_R16_a_withdrawn_consent_hides_the_person_at_once(applying: Walk) -> None:
    walk = applying
    user = employer_of(walk)
    employer, pages = browser_of(user), ("portal_proposal", "portal_talk", "portal_accept", "portal_decline")
    consent = walk.candidate.consents.valid().get()
    with on(walk.day):
        assert employer.get(url("portal_proposal", walk)).status_code == 200
        assert tasks_for(user)
        candidate_actions.withdraw_consent(consent, by=walk.team.job_broker)
        assert walk.candidate.full_name not in page(employer, PROPOSALS)
        assert [employer.get(url(name, walk)).status_code for name in pages] == [404] * 4
        assert tasks_for(user) == []
    view = shared_view(Application.objects.with_shared().get())
    assert (view.name, view.email, view.experiences) == (f"K-{walk.candidate.pk}", "", [])


def test_R16_another_company_sees_nothing_and_foreign_is_as_nonexistent(applying: Walk) -> None:
    walk = applying
    stranger = browser_of(factories.representative(factories.EmployerFactory().organisation))
    answers = [stranger.get(url("portal_proposal", walk)), stranger.get("/werkgever/voorstellen/987654/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(answers[0]) == without_tokens(answers[1])
    assert walk.candidate.full_name not in page(stranger, PROPOSALS) + page(stranger, PEOPLE)
    posted = stranger.post(url("portal_decline", walk), {"reason": "Nee."})
    assert posted.status_code == 404 and walk.fresh().state == "SOLLICITATIE"


def test_R16_who_is_chosen_but_not_introduced_is_not_shown(reach: Reach, vacancy: Vacancy) -> None:
    walk = reach("BEMIDDELBAAR").later(1).choose(vacancy)
    assert "Er zijn nu geen voorstellen" in page(browser_of(employer_of(walk)), PROPOSALS)


def test_after_the_talk_nobody_is_promised_a_place_that_is_gone(applying: Walk) -> None:
    walk = applying.later(6)
    Vacancy.objects.update(status=Vacancy.Status.CLOSED)
    with on(walk.day):
        talk = {"talk_at": f"{walk.day.isoformat()}T10:00", "notes": "Leuk gesprek."}
        text = page(browser_of(employer_of(walk)), url("portal_talk", walk), talk)
    assert "Aannemen kan nu niet: De gekozen vacature is niet meer open." in text
    assert "nu aannemen" not in text


@pytest.mark.parametrize("role", [Role.KANDIDAAT, Role.OPDRACHTGEVER, Role.REGISSEUR])
def test_only_employers_open_the_employers_pages(applying: Walk, role: str) -> None:
    walk = applying
    user = factories.UserFactory()
    where = {"organisation": walk.trajectory.client} if role == Role.OPDRACHTGEVER else {"region": factories.region()}
    user.memberships.create(role=role, **where)
    for address in (PROPOSALS, PEOPLE, url("portal_proposal", walk)):
        assert browser_of(user).get(address).status_code == 404


# --- Talk, acceptance, no ---
def test_from_talk_to_acceptance(applying: Walk) -> None:
    walk = applying.later(6)
    employer = browser_of(employer_of(walk))
    with on(walk.day):
        text = page(employer, url("portal_proposal", walk))
        assert "Het sollicitatiegesprek is nog niet vastgelegd." in text and "/trajecten/" not in text
        assert employer.get(url("portal_accept", walk)).status_code == 409
        refused = employer.post(url("portal_accept", walk), accept_data())
        assert refused.status_code == 409 and b"/trajecten/" not in refused.content
        moment = f"{walk.day.isoformat()}T10:00"
        text = page(employer, url("portal_talk", walk), {"talk_at": moment, "notes": "Leuk gesprek."})
        assert "Leuk gesprek." in text
        text = page(employer, url("portal_accept", walk), accept_data())
    assert "De regisseur maakt nu het startplan" in text and walk.candidate.full_name in text
    application = walk.fresh().current_application
    assert walk.trajectory.state == "STARTPLAN"
    assert (application.construction, application.planned_start, application.claim.seat_number) == ("1", START, 1)


def test_bad_input_is_said_at_the_field(applying: Walk) -> None:
    walk = applying.later(6)
    employer = browser_of(employer_of(walk))
    with on(walk.day):
        tomorrow = f"{(walk.day + timedelta(days=1)).isoformat()}T10:00"
        response = employer.post(url("portal_talk", walk), {"talk_at": tomorrow, "notes": ""})
        assert set(response.context["form"].errors) == {"talk_at", "notes"}
        assert "Dit klopt nog niet" in response.content.decode()
        walk.hold_talk()
        wrong = accept_data(construction="3", route="", level="zwemdiploma", planned_start=walk.day - timedelta(days=1))
        response = employer.post(url("portal_accept", walk), wrong)
        assert set(response.context["form"].errors) == set(wrong)
        response = employer.post(url("portal_decline", walk), {"reason": ""})
        assert set(response.context["form"].errors) == {"reason"}
    assert walk.fresh().state == "SOLLICITATIE"


def test_R13_a_place_that_is_taken_is_refused_in_words(reach: Reach, team: Team) -> None:
    from tests.trajectories.conftest import make_vacancy

    vacancy = make_vacancy(seats=1)
    first, second = (
        reach("BEMIDDELBAAR"),
        walk_to(make_walk(team, birth_date=START.replace(year=2004)), vacancy, "BEMIDDELBAAR"),
    )
    for walk in (first, second):
        walk_to(walk, vacancy, "SOLLICITATIE").later(6).hold_talk()
    employer = browser_of(employer_of(second))
    with on(second.day):
        first.accept(START)
        text = page(employer, url("portal_proposal", second))
        assert "geen vrije plaats meer" in text
        assert employer.post(url("portal_accept", second), accept_data()).status_code == 409
    assert second.fresh().state == "SOLLICITATIE"


def test_no_with_a_reason_ends_the_proposal(applying: Walk) -> None:
    walk = applying
    employer, address = browser_of(employer_of(walk)), url("portal_decline", walk)
    with on(walk.day):
        text = page(employer, address, {"reason": "Te ver weg."})
    assert "Het voorstel gaat niet door" in text and walk.candidate.full_name not in text
    assert walk.fresh().state == "BEMIDDELBAAR"
    entry = AuditEntry.objects.get(verb="decline_application")
    assert (entry.party, entry.text.text) == ("werkgever", "Te ver weg.")
    with on(walk.day):
        assert employer.post(address, {"reason": "Nog eens."}).status_code == 404


def test_an_introduction_mails_the_company_without_a_name(reach: Reach, vacancy: Vacancy) -> None:
    walk = reach("BEMIDDELBAAR").later(1).choose(vacancy)
    user = employer_of(walk)
    walk.introduce()
    assert outbox.run(OutboxMessage.objects.get(handler="mail_proposal").pk)
    assert outbox.run(OutboxMessage.objects.get(handler="mail_proposal_to").pk)
    (letter,) = mail.outbox
    assert letter.to == [user.email] and PROPOSALS in letter.body
    assert walk.candidate.last_name not in letter.subject + letter.body


# --- People at work ---
def test_people_at_work_with_trial_plan_and_contact(on_trial: Walk) -> None:
    walk = on_trial
    employer = browser_of(employer_of(walk))
    with on(walk.day):
        text = page(employer, PEOPLE)
    for words in (walk.candidate.full_name, "2 feb 2026", "1 mei 2026", "Startplan", walk.team.regisseur.email):
        assert words in text
    document = GeneratedDocument.objects.first()
    assert status_of(employer, reverse("trajectories:document", args=[document.pk])) == 200


def test_R16_before_the_plan_is_signed_the_name_follows_the_consent(planning: Walk) -> None:
    walk = planning
    employer = browser_of(employer_of(walk))
    consent = walk.candidate.consents.valid().get()
    with on(walk.day):
        assert walk.candidate.full_name in page(employer, PEOPLE)
        candidate_actions.withdraw_consent(consent, by=walk.team.job_broker)
        text = page(employer, PEOPLE)
        assert walk.candidate.full_name not in text and f"K-{walk.candidate.pk}" in text


def test_who_left_is_gone_and_who_was_placed_is_there(advising: Walk, reach: Reach) -> None:
    walk = advising
    employer = browser_of(factories.representative(walk.trajectory.contracts.first().organisation))
    with on(walk.day):
        assert walk.candidate.full_name not in page(employer, PEOPLE)
    reach("NAZORG")
    with on(walk.day):
        assert walk.candidate.full_name in page(employer, PEOPLE)


def test_a_fresh_link_goes_to_the_signer_and_not_to_others(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan()
    user = employer_of(walk)
    employer = browser_of(user)
    with on(walk.day):
        link = waiting_links(Party.EMPLOYER, [walk.trajectory]).get()
    address = reverse("trajectories:portal_link", args=[link.pk])
    with on(walk.day, 14):
        assert "wacht op uw handtekening" in page(employer, PEOPLE)
        (task,) = [each for each in tasks_for(user) if "tekenen" in each.title]
        assert task.text == f"De link gaat per mail of sms naar {link.party.name}."
        signer = User(pk=user.pk, email=link.party.email.upper())  # the same person, but who signs
        assert [each.text for each in tasks_for(signer)] == ["De link staat in uw mail."]
        text = page(employer, address, {})
        assert link.party.email in text
        link.refresh_from_db()
        assert link.voided_at is not None
        fresh = waiting_links(Party.EMPLOYER, [walk.trajectory]).get()
        assert fresh.is_usable and OutboxMessage.objects.filter(key=f"send-link-{fresh.pk}").exists()
        again = employer.post(reverse("trajectories:portal_link", args=[fresh.pk]))
        assert again.status_code == 409 and "net een link" in again.content.decode()
        youths = PartyLink.objects.usable().get(party__party=Party.YOUTH)
        assert employer.post(reverse("trajectories:portal_link", args=[youths.pk])).status_code == 404
        with pytest.raises(Refused):
            actions.request_link(youths, by=user)
        walk.sign("werkgever")
        assert "wacht op uw handtekening" not in page(employer, PEOPLE)
        with pytest.raises(Refused, match="al geantwoord"):
            actions.request_link(fresh, by=user)
    assert AuditEntry.objects.filter(verb="request_link", actor=user).count() == 1


def test_r4_after_the_start_date_the_employer_is_not_asked_to_sign(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan()
    user, start = employer_of(walk), walk.trajectory.current_plan.trial_starts_on
    with on(start):
        assert [task.due_on for task in tasks_for(user)] == [start]
    with on(start + timedelta(days=1)):
        assert tasks_for(user) == []


def test_tasks_follow_the_journey(applying: Walk, reach: Reach) -> None:
    walk = applying
    user = employer_of(walk)
    with on(walk.day):
        assert [task.title.split(":")[0] for task in tasks_for(user)] == ["Voorstel"]
    reach("PROEFPERIODE")
    with on(walk.day):
        assert tasks_for(user) == []
    with on(walk.trajectory.current_trial.last_day - timedelta(days=10)):
        (task,) = tasks_for(user)
        assert "loopt af" in task.title and task.due_on == walk.trajectory.current_trial.last_day
    reach("EVALUATIE")
    with on(walk.day):
        (task,) = tasks_for(user)
        assert "oordeel" in task.title and task.organisation_id == walk.trajectory.current_application.organisation_id


def test_a_project_shows_its_group_to_who_may_open_the_cases(walk: Walk) -> None:
    from tests.trajectories.conftest import make_vacancy

    vacancy = make_vacancy(project=factories.ProjectFactory())
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        factories.EmployerContactFactory(employer=vacancy.employer, function=function)
    walk_to(walk, vacancy, "PROEFPERIODE")
    (member,) = group_members(vacancy.project, walk.team.regisseur)
    assert (member.name, member.phase) == (walk.candidate.full_name, "B")
    assert member.url == reverse("trajectories:detail", args=[walk.trajectory.pk])
    assert group_members(vacancy.project, factories.staff(Role.REGISSEUR, region_code="29")) == []


def test_a_project_still_names_who_took_part_after_they_left(walk: Walk) -> None:
    from tests.trajectories.conftest import make_company

    vacancy = make_company()
    type(vacancy).objects.filter(pk=vacancy.pk).update(project=factories.ProjectFactory())
    vacancy.refresh_from_db()
    walk_to(walk, vacancy, "ADVIES")
    (member,) = group_members(vacancy.project, walk.team.regisseur)
    assert (member.name, member.has_left) == (walk.candidate.full_name, True)
    assert member.outcome == "proefperiode gehaald, baan, diploma"
    shown = page(browser_of(walk.team.regisseur), reverse("employers:project", args=[vacancy.project_id]))
    assert "Waren deelnemer" in shown and walk.candidate.full_name in shown
    assert group_members(vacancy.project, factories.staff(Role.REGISSEUR, region_code="29")) == []


def test_lists_take_as_many_queries_for_five_as_for_fifty(applying: Walk, team: Team, vacancy: Vacancy) -> None:
    walk = applying
    employer = browser_of(employer_of(walk))

    def queries(address: str) -> int:
        with on(walk.day), CaptureQueriesContext(connection) as captured:
            page(employer, address)
        return len(captured)

    _more(walk, 4)
    few = [queries(PROPOSALS), queries(PEOPLE)]
    _more(walk, 45)
    assert [queries(PROPOSALS), queries(PEOPLE)] == few
    assert max(few) <= 12


def _more(walk: Walk, count: int) -> None:
    """Rows beside the real one, half of them introduced and half taken on, made straight in the tables."""
    from candidates.models import Registration
    from trajectories.models import Trajectory

    like = walk.trajectory.current_application
    for number in range(count):
        candidate = factories.CandidateFactory()
        registration = Registration.objects.create(
            candidate=candidate,
            situation="thuis",
            wish="leerwerkplek",
            created_at=clock.now(),
            status="TOEGEWEZEN",
            ended_at=clock.now(),
            department=walk.trajectory.department,
        )
        case = Trajectory.objects.get(pk=walk.trajectory.pk)
        case.pk, case.candidate, case.registration = None, candidate, registration
        case.__dict__["state"] = "AANGEMELD"  # the state of none of these stands on its rows
        case.save(force_insert=True)
        status = Application.Status.ACCEPTED if number % 2 else Application.Status.INTRODUCED
        terms = {"construction": "1", "route": "bbl1", "level": "bbl1", "planned_start": START}
        Application.objects.create(
            trajectory=case, vacancy=like.vacancy, organisation=like.organisation, status=status, introduced_at=clock.now(),
            chosen_at=clock.now(), chosen_by=walk.team.job_broker, **terms,
        )  # fmt: skip
        Consent.objects.create(
            candidate=candidate, organisation=like.organisation, share_cv=True, share_portfolio=True, share_support=True,
            given_at=clock.now(), channel="gesprek", recorded_by=walk.team.job_broker,
        )  # fmt: skip


def test_acceptance_is_all_or_nothing(applying: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = applying.later(6).hold_talk()

    def broken(*args, **details) -> None:
        raise RuntimeError("halfway")

    monkeypatch.setattr("trajectories.journey.core.log", broken)
    with on(walk.day), pytest.raises(RuntimeError):
        actions.accept_application(
            walk.fresh(), construction="1", route="bbl1", level="bbl1", planned_start=START, by=employer_of(walk)
        )
    fresh = walk.fresh()
    assert fresh.state == "SOLLICITATIE"
    assert fresh.current_application.status == Application.Status.INTRODUCED
    assert not hasattr(fresh.current_application, "claim")
