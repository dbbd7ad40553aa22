"""Vandaag: everybody's own work, most urgent first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Absence, Membership, Organisation, Region, Role
from candidates.models import Candidate, ContactMoment
from tests import factories
from tests.questions import LIST
from tests.trajectories.conftest import Reach
from tests.trajectories.portals import attention
from tests.trajectories.staff.conftest import World
from topjob import clock
from trajectories import actions
from trajectories.models import Deadline, PartyLink, Received, Trajectory
from trajectories.pages.today import MOST_WORDS
from trajectories.pages.worklists import ATTENTION, is_turn_of, turn_of
from trajectories.process.workflow import TURN, State
from trajectories.timing.kinds import DOINGS, MONEY, TURNS

URL = "/"


def today(client, user, day):
    client.force_login(user)
    with clock.at(day):
        response = client.get(URL)
    assert response.status_code == 200
    return response


def todo(response) -> list:
    """The rows with a deadline."""
    return response.context["rows"]


def on_turn(response) -> list[Trajectory]:
    """The cases that are there because of the turn alone."""
    return [row.case for row in response.context["turn_rows"]]


@pytest.mark.parametrize("state", [state for state in State if state in TURN])
def test_the_case_is_with_whoever_has_the_turn(client, team, world: World, reach: Reach, state) -> None:
    walk = reach(state)
    by_role = dict(
        zip(
            (Role.FRONTOFFICE, Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.WERKMAKELAAR, Role.JOBCOACH, Role.PERSONEEL,
             Role.BACKOFFICE),
            vars(team).values(),
            strict=True,
        )
    )  # fmt: skip
    for role, user in by_role.items():
        page = today(client, user, walk.day)
        is_due = walk.trajectory in [row.case for row in todo(page)]
        if role == walk.trajectory.turn:
            assert is_due or walk.trajectory in on_turn(page), role
        else:
            assert walk.trajectory not in on_turn(page), role


def test_without_a_jobcoach_the_lead_has_the_turn(client, team, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    assert walk.trajectory not in on_turn(today(client, team.regisseur, walk.day))
    with clock.at(walk.day):
        actions.set_guides(walk.fresh(), jobcoach=None, by=team.frontoffice)
    # What is due soon is told by its day; here nothing is.
    walk.trajectory.deadlines.open().update(due_on=walk.day + timedelta(days=60))
    assert walk.trajectory in on_turn(today(client, team.regisseur, walk.day))


def test_the_page_of_a_case_and_the_lists_agree_on_whose_turn_it_is(team, world: World) -> None:
    """Asked of the database for the lists, of the case that was read for its own page."""
    colleagues = [factories.staff(role) for role in factories.TEAM_ROLES]
    others = [factories.staff(*factories.TEAM_ROLES), factories.staff(*factories.TEAM_ROLES, region_code="29")]
    cases = Trajectory.objects.order_by("pk")
    pks = list(cases.values_list("pk", flat=True))
    cases.filter(pk__in=pks[::2]).update(jobcoach=None)
    cases.filter(pk__in=pks[::3]).update(job_broker=None, regisseur=None)
    cases.filter(pk__in=pks[::4]).update(turn=Role.JOBCOACH, jobcoach=None)
    cases.filter(pk__in=pks[::6]).update(career_adviser=None)
    Membership.objects.filter(user=team.career_adviser).update(region=factories.region("29"))
    today = clock.today()
    covered = {"starts_on": today, "ends_on": today, "created_by": team.regisseur, "created_at": clock.now()}
    for person, cover in ((team.regisseur, colleagues[1]), (team.job_broker, colleagues[3])):
        role = person.memberships.get().role
        Absence.objects.create(person=person, cover=cover, role=role, region=factories.region(), **covered)
    found = {}
    for user in (*vars(team).values(), *colleagues, *others):
        listed = set(cases.filter(turn_of(user)).values_list("pk", flat=True))
        assert {case.pk for case in cases if is_turn_of(case, user)} == listed, user.roles
        found[user.pk] = listed
    assert len({frozenset(pks) for pks in found.values()}) > 6


def test_deadlines_most_urgent_first_with_date_and_distance(client, team, reach: Reach) -> None:
    walk = reach("PROEFPERIODE").later(200)
    response = today(client, team.regisseur, walk.day)
    days = [row.due_on for row in todo(response)]
    assert days == sorted(days) and days[0] < walk.day
    assert "dagen te laat" in response.content.decode()
    late = sum(day < walk.day for day in days)
    first = response.context["counters"][0]
    assert (first.label, first.count) == ("te laat", str(late))


def test_shared_roles_see_what_is_theirs_and_the_lead_does_not(client, team, reach: Reach) -> None:
    walk = reach("LEERWERK")
    notice = walk.trajectory.deadlines.open().get(kind=Deadline.Kind.CONTRACT_NOTICE)
    walk.trajectory.deadlines.exclude(pk=notice.pk).update(closed_at=clock.now())
    for user, sees in ((team.personnel, True), (team.regisseur, False), (team.backoffice, False)):
        rows = [row.tick_off for row in todo(today(client, user, notice.due_on))]
        assert (notice.pk in rows) == sees
    foreign = factories.staff(Role.PERSONEEL, region_code="29")
    assert not todo(today(client, foreign, notice.due_on))


def test_talks_of_today_and_unrecorded_ones(client, team, reach: Reach) -> None:
    walk = reach("INTAKE")
    with clock.at(walk.day):
        for days in (-3, 0, 2):
            ContactMoment.objects.create(
                candidate=walk.candidate, kind="loopbaan", at=walk.at(15) + timedelta(days=days), by=team.regisseur
            )
    found = today(client, team.regisseur, walk.day).context["contacts"]
    assert [(clock.local(moment.at) - walk.day).days for moment in found] == [-3, 0]


def test_the_frontoffice_sees_who_waits(client, team) -> None:
    registration = factories.RegistrationFactory()
    foreign = factories.RegistrationFactory(candidate__region=factories.region("29"))
    found = today(client, team.frontoffice, clock.today()).context["registrations"]
    assert registration in found
    assert foreign not in found
    assert not today(client, team.regisseur, clock.today()).context["registrations"]


# --- One row for each case, with what is to be done there ---
def test_every_kind_and_every_turn_has_its_verb() -> None:
    assert set(DOINGS) == set(Deadline.Kind) and set(TURNS) == set(TURN)
    for doing in (*DOINGS.values(), *TURNS.values()):
        assert doing.verb and bool(doing.page) != bool(doing.step and not doing.page)
    assert all(len(str(kind.label).split()) <= MOST_WORDS for kind in Deadline.Kind)


@pytest.mark.parametrize("days", [0, 60])
def test_every_button_opens_for_whoever_sees_it(client, team, world: World, days) -> None:
    seen = set()
    for _pk, day in world.people.values():
        for user in vars(team).values():
            page = today(client, user, day + timedelta(days=days))
            for row in (*todo(page), *page.context["turn_rows"]):
                if row.button.url and row.button.url not in seen:
                    seen.add(row.button.url)
                    with clock.at(day + timedelta(days=days)):
                        assert client.get(row.button.url).status_code == 200, (user, row.button)
    assert len(seen) > 12


def test_who_may_not_do_it_gets_the_case_alone(client, team, reach: Reach) -> None:
    """What the loopbaanadviseur let lie comes to the coordinator, who settles no advice."""
    walk = reach("ADVIES")
    row = walk.trajectory.deadlines.open().get(kind=Deadline.Kind.FOLLOW_UP)
    Region.objects.filter(pk=factories.region().pk).update(coordinator=team.regisseur)
    Deadline.objects.filter(pk=row.pk).update(escalated_at=clock.now(), escalated_to=team.regisseur)
    client.force_login(team.regisseur)
    with clock.at(row.due_on + timedelta(days=9)):
        page = client.get(URL, {"wat": "collega"})
        own = client.get(URL)
    (found,) = [shown for shown in todo(page) if shown.case == walk.trajectory]
    assert found.button.url == "" and found.note == f"blijft liggen bij {team.career_adviser.name}"
    assert walk.trajectory not in [shown.case for shown in todo(own)]
    assert "blijft liggen bij collega" in own.content.decode()


def test_one_row_for_each_case_and_a_look_at_it_only_where_nothing_else_runs(client, team, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan().send_plan()
    case = walk.trajectory
    look, answer = (
        case.deadlines.open().get(kind=kind) for kind in (Deadline.Kind.FOLLOW_UP, Deadline.Kind.PLAN_UNANSWERED)
    )
    day = max(look.due_on, answer.due_on)
    case.deadlines.open().update(due_on=day + timedelta(days=2))
    Deadline.objects.filter(pk=answer.pk).update(due_on=day)
    Deadline.objects.filter(pk=look.pk).update(due_on=day - timedelta(days=3))
    (row,) = [row for row in todo(today(client, team.regisseur, day)) if row.case == case]
    others = case.deadlines.open().filter(due_on__lte=day + timedelta(days=14), owner=team.regisseur).count() - 1
    assert (row.due_on, row.more) == (day, others) and others > 0
    signers = reverse("trajectories:plan", args=[case.pk]) + "#wie-tekent"
    assert (row.button.verb, row.button.url) == ("Vraag antwoord", signers)
    Deadline.objects.filter(trajectory=case).exclude(pk=look.pk).update(closed_at=clock.now())
    (row,) = [row for row in todo(today(client, team.regisseur, day)) if row.case == case]
    assert (row.due_on, row.more, row.tick_off) == (day - timedelta(days=3), 0, look.pk)
    assert row.button.verb == "Maak startplan"


def test_the_counters_filter_and_none_is_not_told(client, team, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    client.force_login(team.regisseur)
    with clock.at(walk.later(60).day):
        whole = client.get(URL)
        late = client.get(URL, {"wat": "laat"})
        assert {row.group for row in todo(whole)} > {"laat"} == {row.group for row in todo(late)}
        due = todo(late)[0].due_on
        of_day = client.get(URL, {"dag": str(due)})
        assert {row.due_on for row in todo(of_day)} == {due}
        for strange in ("x", "9999-12-31", "0001-01-01", "2026-02-30"):
            assert len(todo(client.get(URL, {"dag": strange, "page": "x"}))) == len(todo(whole))
        told = {item.label for item in whole.context["counters"]} | {item.label for item in whole.context["attention"]}
    assert "te laat" in told and "Iemand tekent niet" not in told
    assert not client.get(URL, {"wat": "laat"}).context["new"]


def test_ticked_off_from_here_one_comes_back_here(client, team, reach: Reach) -> None:
    walk = reach("INTAKE")
    row = walk.trajectory.deadlines.open().get(kind=Deadline.Kind.FOLLOW_UP)
    page = today(client, team.regisseur, row.due_on).content.decode()
    url = reverse("trajectories:tick_off", args=[row.pk])
    assert f'form="afvinken" formaction="{url}"' in page
    with clock.at(row.due_on):
        assert client.post(url, {"next": "/?wat=vandaag"}).url == "/?wat=vandaag"
    row.refresh_from_db()
    assert row.closed_at is not None


# --- New ---
def test_what_was_handed_over_is_new_until_it_is_opened(client, team, reach: Reach) -> None:
    walk, receiver = reach("INTAKE"), factories.staff(Role.REGISSEUR)
    with clock.at(walk.day, 12):
        actions.set_guides(walk.fresh(), regisseur=receiver, by=team.frontoffice)
    told = [item.trajectory for item in today(client, team.regisseur, walk.day).context["new"]]
    assert told and walk.trajectory not in told
    page = today(client, receiver, walk.day)
    assert [item.trajectory for item in page.context["new"]] == [walk.trajectory]
    assert "Nieuw voor jou" in page.content.decode()
    assert ("nieuw", "1") in [(item.label, item.count) for item in page.context["counters"]]
    with clock.at(walk.day, 13):
        client.get(reverse("trajectories:detail", args=[walk.trajectory.pk]))
    assert not today(client, receiver, walk.day).context["new"]


def test_what_is_new_leaves_what_is_to_be_done_in_view(client, team, world) -> None:
    """The first few, and the rest where it is asked for."""
    cases = Trajectory.objects.filter(regisseur=team.regisseur).exclude(state="AFGESLOTEN")[:7]
    Received.objects.all().delete()
    for case in cases:
        Received.objects.create(trajectory=case, user=team.regisseur, role=Role.REGISSEUR, at=clock.now())
    page = today(client, team.regisseur, clock.today())
    assert len(page.context["new"]) == 5 and 'href="/?wat=nieuw">Alles wat nieuw is' in page.content.decode()
    every = client.get(URL, {"wat": "nieuw"})
    assert len(every.context["new"]) == len(cases) == 7 and "Alles wat nieuw is" not in every.content.decode()


def test_who_named_themselves_or_worked_on_it_knows_of_it(client, team, reach: Reach) -> None:
    walk, receiver = reach("INTAKE"), factories.staff(Role.REGISSEUR)
    with clock.at(walk.day, 12):
        actions.set_guides(walk.fresh(), regisseur=receiver, by=receiver)
        assert not Received.objects.new_to(receiver)
        actions.set_guides(walk.fresh(), regisseur=team.regisseur, by=receiver)
        actions.set_guides(walk.fresh(), regisseur=receiver, by=team.frontoffice)
        assert Received.objects.new_to(receiver)
    with clock.at(walk.day, 13):
        row = walk.trajectory.deadlines.open().get(kind=Deadline.Kind.FOLLOW_UP)
        actions.tick_off(row, by=receiver)
        assert not Received.objects.new_to(receiver)


# --- Waiting for others ---
def test_whoever_waits_for_a_signature_reminds_from_here(client, team, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan().send_plan()
    later = walk.day + timedelta(days=4)
    page = today(client, team.regisseur, later)
    rows = [row for row in page.context["waiting"] if row.case == walk.trajectory]
    assert {row.what for row in rows} == {"startplan tekenen"} and len(rows) > 2
    assert all(clock.local(row.since) == walk.day and row.link for row in rows)
    url = reverse("trajectories:link_resend", args=[walk.trajectory.pk, rows[0].link])
    assert f'href="{url}?next=%2F"' in page.content.decode()
    with clock.at(later, 12):
        sent = client.post(url, {"next": "/"}, follow=True)
        assert sent.redirect_chain == [("/", 302)] and "krijgt een nieuwe link" in sent.content.decode()
        again = {row.who: row for row in client.get(URL).context["waiting"]}[rows[0].who]
        assert clock.local(again.reminded) == later and again.since == rows[0].since
        url = reverse("trajectories:link_resend", args=[walk.trajectory.pk, again.link])
        refused = client.post(url, {"next": "/"}, follow=True)
        assert "Er is net een link verstuurd" in refused.content.decode() and refused.status_code == 200
        assert client.post(url).status_code == 409
    assert not today(client, team.job_broker, later).context["waiting"]


def test_the_werkmakelaar_waits_for_the_company(client, team, reach: Reach) -> None:
    walk = reach("SOLLICITATIE")
    walk.fresh().applications.update(talk_at=None, talk_held=False)
    (row,) = [row for row in today(client, team.job_broker, walk.day).context["waiting"] if row.case == walk.trajectory]
    assert row.what == "antwoord op voorstel" and row.link == 0


# --- Talks and the week ---
def test_a_talk_has_its_time_its_place_and_a_number_to_call(client, team, reach: Reach) -> None:
    walk = reach("INTAKE")
    Candidate.objects.filter(pk=walk.candidate.pk).update(phone="+31612345678")
    ContactMoment.objects.create(
        candidate=walk.candidate, kind="loopbaan", at=walk.at(15), by=team.regisseur, place="Wijhe"
    )
    page = today(client, team.regisseur, walk.day)
    text = page.content.decode()
    assert "Wijhe" in text and 'href="tel:+31-6-12345678"' in text and ">15:00<" in text
    day = next(day for day in page.context["week"] if day.is_today)
    assert day.day == walk.day and day.count == 1 + sum(row.due_on == walk.day for row in todo(page))
    assert [day.day.weekday() for day in page.context["week"]] == list(range(7))


# --- The region ---
def test_who_coordinates_sees_what_is_late_and_who_has_how_much(client, team, world: World, reach: Reach) -> None:
    url = reverse("trajectories:region_work")
    Region.objects.filter(pk=factories.region().pk).update(coordinator=team.career_adviser)
    day = reach("INTAKE").later(60).day
    assert url not in today(client, team.regisseur, day).content.decode()
    assert client.get(url).status_code == 404
    assert f'hx-get="{url}"' in today(client, team.career_adviser, day).content.decode()
    with clock.at(day):
        page = client.get(url)
        part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    late = page.context["late"]
    assert late and [row.due_on for row in late] == sorted(row.due_on for row in late) and late[-1].due_on < day
    assert not {row.kind for row in late} & set(MONEY)  # no work of a loopbaanadviseur
    led = Trajectory.objects.open().filter(region=factories.region(), regisseur=team.regisseur)
    (row,) = [row for row in page.context["caseload"] if row["person"] == team.regisseur]
    assert row == {"person": team.regisseur, "open": led.count(), "late": led.filter(due_on__lt=day).count()}
    assert "<html" not in part and "Te laat in jouw regio" in part


# --- What asks attention ---
def test_every_role_is_told_what_asks_attention(world: World, team, reach: Reach) -> None:
    with clock.at(reach("PROEFPERIODE").day):
        assert attention(team.job_broker) == {"geen_vacature": 1, "gesprek_vastleggen": 1}
        assert attention(team.backoffice) == {"getekend_nakijken": 0, "afsluiten": 1}
        assert attention(team.career_adviser) == {"zoekprofiel": 1, "adviespunt": 1}
        assert attention(team.regisseur) == {"niet_getekend": 0, "oordelen": 1, "toestemming": 0, "geen_begeleider": 0}
        assert attention(team.personnel) == {"scan_nakijken": 0, "aanzeggen": 0}
        assert attention(team.frontoffice) == {"geen_begeleider": 0}
    assert attention(factories.staff(Role.BACKOFFICE, region_code="29")) == {"getekend_nakijken": 0, "afsluiten": 0}


def test_a_declined_signature_and_a_missing_permission_ask_attention(team, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan().send_plan()
    with clock.at(walk.day, 12):
        actions.decline_to_sign(walk.open_link("werkgever", PartyLink.Purpose.SIGN), reason="Geen tijd meer.")
        told = {key: count for key, count in attention(team.regisseur).items() if count}
        assert told == {"niet_getekend": 1, "oordelen": 1, "toestemming": 1}


def test_views_and_notice(team, reach: Reach) -> None:
    walk = reach("EVALUATIE").give_views()
    assert attention(team.regisseur)["oordelen"] == 0
    end = reach("LEERWERK").trajectory.running_contract.ends_on
    with clock.at(end - timedelta(days=45)):
        assert attention(team.personnel)["aanzeggen"] == 1
    assert walk.fresh().state == "EVALUATIE"


@pytest.mark.parametrize("item", ATTENTION, ids=lambda item: item.key)
def test_each_leads_to_a_list_with_as_many_cases(client, team, reach: Reach, item) -> None:
    client.force_login(team.regisseur)
    with clock.at(reach("PROEFPERIODE").day):
        count = item.select(Trajectory.objects.visible_to(team.regisseur)).count()
        page = client.get(reverse("trajectories:list"), {"let_op": item.key}).context["page_obj"]
    assert page.paginator.count == count


def test_nobody_filters_by_what_is_not_theirs_to_know(client, team, reach: Reach) -> None:
    """Whose evaluation isn't complete, and whose loonwaarde was signed on paper, isn't for the backoffice."""
    client.force_login(team.backoffice)
    with clock.at(reach("EVALUATIE").day):
        page = client.get(reverse("trajectories:list"))
        offered = [key for key, _label in page.context["filter_form"].fields["let_op"].choices]
        every = page.context["page_obj"].paginator.count
        asked = client.get(reverse("trajectories:list"), {"let_op": "oordelen"}).context["page_obj"].paginator.count
    assert offered == ["", "getekend_nakijken", "afsluiten"]
    assert asked == every > 1


# --- Who lands where ---
def test_everybody_lands_in_the_own_place(client) -> None:
    organisation = factories.EmployerFactory().organisation
    payer = Organisation.objects.clients().first()
    homes = {
        factories.representative(organisation): reverse("employers:portal"),
        factories.representative(payer, role=Role.OPDRACHTGEVER): reverse("trajectories:client_overview"),
        factories.CandidateFactory(with_login=True).user: reverse("trajectories:my_case"),
        factories.staff(Role.BEHEERDER): reverse("accounts:manage"),
        factories.UserFactory(): reverse("accounts:profile"),
    }
    for user, home in homes.items():
        client.force_login(user)
        assert client.get(URL).url == home
    client.logout()
    assert client.get(URL).url.startswith("/inloggen/")


test_everybody_lands_in_the_own_place = pytest.mark.django_db(test_everybody_lands_in_the_own_place)


def test_someone_with_two_roles_sees_the_work_of_both(client, team, reach: Reach) -> None:
    walk, closing = reach("BEMIDDELBAAR"), reach("AFSLUITING")
    Membership.objects.create(user=team.job_broker, role=Role.BACKOFFICE, region=factories.region())
    page = today(client, team.job_broker, closing.day)
    assert {walk.trajectory, closing.trajectory} <= {*on_turn(page), *(row.case for row in todo(page))}


def test_vandaag_asks_a_fixed_number_of_queries(
    client, team, world: World, reach: Reach, django_assert_max_num_queries
) -> None:
    day = reach("PROEFPERIODE").later(60).day
    today(client, team.regisseur, day)
    with clock.at(day), django_assert_max_num_queries(LIST):
        client.get(URL)


def test_an_empty_day_leads_to_what_one_does(client, db) -> None:
    """The frontoffice has nothing to do in a trajectory: it registers people."""
    for role, leads in ((Role.FRONTOFFICE, "candidates:registrations"), (Role.JOBCOACH, "trajectories:list")):
        client.force_login(factories.staff(role, region_code="29"))
        page = client.get("/").content.decode()
        assert "Niets dat nu moet" in page
        assert f'href="{reverse(leads)}"' in page.partition("Niets dat nu moet")[2].partition("</main>")[0]
