"""Nobody's case is forgotten: who leaves or loses a role hands over, and who is away is covered for (R11, R17)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts import verbs
from accounts.models import Absence, AuditEntry, Membership, Role, User
from candidates.models import Candidate, ContactMoment, LifeArea, SupportNeed
from demo.walk import Team, Walk
from tests import factories
from tests.names_on_pages import in_words
from tests.trajectories.conftest import Reach, make_walk
from tests.trajectories.personal import run_outbox
from tests.trajectories.portals import attention
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions, tasks
from trajectories.actions.handover import Share, divide, held_by, held_through, key_of
from trajectories.models import Deadline, Trajectory
from trajectories.pages.filters import CaseFilter
from trajectories.pages.worklists import deadlines_of, turn_of

DAY = date(2026, 1, 6)


@pytest.fixture
def beheerder(db) -> User:
    return factories.staff(Role.BEHEERDER)


@pytest.fixture
def colleagues(db) -> list[User]:
    return [factories.staff(Role.REGISSEUR), factories.staff(Role.REGISSEUR)]


def fresh(user: User) -> User:
    """As the next request reads them."""
    return User.objects.get(pk=user.pk)


def turn(user: User) -> set[int]:
    rows = Trajectory.objects.visible_to(fresh(user)).open().filter(turn_of(fresh(user)))
    return set(rows.values_list("pk", flat=True))


def work(user: User) -> set[int]:
    return set(deadlines_of(fresh(user)).values_list("trajectory", flat=True))


def named_nobodys(user: User) -> set[int]:
    rows = Trajectory.objects.visible_to(user)
    return set(CaseFilter({"guide": "niemand"}, rows, user=user).qs.values_list("pk", flat=True))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Whose it is -----------------------------------------------------------------------------------------------------
def leave_alone(person: User, by: User) -> None:
    accounts.deactivate_user(person, by=by)


def lose_the_role(person: User, by: User) -> None:
    accounts.remove_membership(person.memberships.get(role=Role.REGISSEUR), by=by)


@pytest.mark.parametrize("go", [leave_alone, lose_the_role])
def test_the_cases_of_who_does_not_work_here_count_as_nobodys_everywhere(walk: Walk, beheerder, colleagues, go) -> None:
    pk, (first, second) = walk.trajectory.pk, colleagues
    with clock.at(DAY):
        assert pk not in turn(first) and not named_nobodys(first)
        go(fresh(walk.team.regisseur), beheerder)
        assert pk in turn(first) and pk in turn(second)
        assert named_nobodys(first) == {pk}
        assert attention(walk.team.frontoffice)["geen_begeleider"] == 1


@pytest.mark.parametrize("go", [leave_alone, lose_the_role])
def test_deadlines_leave_with_the_leaver_and_go_to_the_coordinator_at_once(
    walk: Walk, beheerder, colleagues, go
) -> None:
    region = walk.trajectory.region
    region.coordinator = colleagues[1]
    region.save()
    with clock.at(DAY):
        assert work(walk.team.regisseur) == {walk.trajectory.pk}
        go(fresh(walk.team.regisseur), beheerder)
        assert work(colleagues[1]) == {walk.trajectory.pk}
        assert not Deadline.objects.open().filter(owner=walk.team.regisseur).exists()


def test_a_role_in_another_region_does_not_count_here(walk: Walk, beheerder, colleagues) -> None:
    member = walk.team.regisseur.memberships.get()
    accounts.add_membership(
        walk.team.regisseur, accounts.Capacity(Role.REGISSEUR, factories.region("29")), by=beheerder
    )
    with clock.at(DAY):
        accounts.remove_membership(member, by=beheerder)
        assert named_nobodys(colleagues[0]) == {walk.trajectory.pk}


def test_who_comes_back_has_the_deadlines_back(walk: Walk, beheerder, colleagues) -> None:
    with clock.at(DAY):
        accounts.deactivate_user(walk.team.regisseur, by=beheerder)
        accounts.reactivate_user(walk.team.regisseur, by=beheerder)
        assert work(walk.team.regisseur) == {walk.trajectory.pk}
        assert not named_nobodys(colleagues[0])


def test_the_case_page_says_that_the_named_guide_does_not_work_here(walk: Walk, beheerder, colleagues) -> None:
    with clock.at(DAY):
        accounts.deactivate_user(walk.team.regisseur, by=beheerder)
        page = in_words(
            browser(colleagues[0]).get(reverse("trajectories:detail", args=[walk.trajectory.pk])).content.decode()
        )
    assert f"niemand: {walk.team.regisseur.name} werkt hier niet meer als regisseur" in page


def test_a_jobcoach_who_left_is_asked_to_sign_nothing_new(reach: Reach, beheerder) -> None:
    walk = reach("STARTPLAN")
    actions.set_guides(walk.fresh(), jobcoach=walk.team.jobcoach, by=walk.team.frontoffice)
    with clock.at(walk.day):
        accounts.deactivate_user(walk.team.jobcoach, by=beheerder)
        plan = actions.draft_plan(walk.fresh(), by=walk.team.regisseur)
    assert walk.team.jobcoach.name not in {party.name for party in plan.parties.all()}


def test_nobody_is_told_to_call_who_left(walk: Walk, beheerder) -> None:
    with clock.at(DAY):
        assert walk.fresh().contact == walk.team.regisseur
        accounts.deactivate_user(walk.team.regisseur, by=beheerder)
        assert walk.fresh().contact is None


# --- Handing over ----------------------------------------------------------------------------------------------------
def page_of(person: User) -> str:
    return reverse("trajectories:deactivate", args=[person.pk])


def field_of(person: User) -> str:
    (held,) = held_by(person)
    return held.name


@pytest.fixture
def caseload(team: Team, light_pdf) -> list[Trajectory]:
    """Five open cases of one regisseur, of people who aren't alike."""
    return [somebody_else(make_walk(team).trajectory, number) for number in range(5)]


def somebody_else(case: Trajectory, number: int) -> Trajectory:
    person = case.candidate
    person.first_name, person.last_name, person.birth_date = (
        f"Naam{number}",
        f"Anders{number}",
        date(2004, 6, 1 + number),
    )
    person.email, person.phone = f"naam{number}@post.example", f"+3161300000{number}"
    person.save()
    return case


def test_deactivating_asks_who_takes_over_and_changes_nothing_before(caseload, team, beheerder, colleagues) -> None:
    client = browser(beheerder)
    page = in_words(client.get(page_of(team.regisseur)).content.decode())
    assert "5 open trajecten" in page and all(user.name in page for user in colleagues)
    refused = client.post(page_of(team.regisseur), {})
    assert refused.status_code == 200 and "Kies wie dit overneemt" in refused.content.decode()
    both = {field_of(team.regisseur): [colleagues[0].pk], f"{field_of(team.regisseur)}_niemand": "on"}
    assert "niet allebei" in in_words(client.post(page_of(team.regisseur), both).content.decode())
    assert fresh(team.regisseur).is_active
    assert held_by(team.regisseur)[0].count == 5


def test_the_preview_counts_and_names_and_then_does_exactly_that(caseload, team, beheerder, colleagues) -> None:
    client, field = browser(beheerder), field_of(team.regisseur)
    chosen = {field: [user.pk for user in colleagues]}
    with clock.at(DAY):
        preview = client.post(page_of(team.regisseur), chosen)
        told = {user.name: count for part in preview.context["divisions"] for user, count in part.lines}
        assert sorted(told.values()) == [2, 3] and set(told) == {user.name for user in colleagues}
        assert fresh(team.regisseur).is_active
        done = client.post(page_of(team.regisseur), chosen | {"gezien": preview.context["key"]})
        assert done.status_code == 302
        assert not fresh(team.regisseur).is_active
        for user in colleagues:
            assert Trajectory.objects.filter(regisseur=user).count() == told[user.name]
            assert work(user) == set(Trajectory.objects.filter(regisseur=user).values_list("pk", flat=True))
    rows = AuditEntry.objects.filter(verb="hand_over")
    assert {row.trajectory_id for row in rows} == {case.pk for case in caseload}
    assert {row.details["to"] for row in rows} == {user.pk for user in colleagues}
    assert {row.details["left"] for row in rows} == {team.regisseur.pk}


def test_the_preview_names_no_candidate_to_the_beheerder(caseload, team, beheerder, colleagues) -> None:
    preview = browser(beheerder).post(page_of(team.regisseur), {field_of(team.regisseur): [colleagues[0].pk]})
    assert caseload[0].candidate.last_name not in preview.content.decode()


def test_what_is_confirmed_is_what_was_shown(caseload, team, beheerder, colleagues) -> None:
    client, field = browser(beheerder), field_of(team.regisseur)
    chosen = {field: [colleagues[0].pk]}
    seen = client.post(page_of(team.regisseur), chosen).context["key"]
    other = client.post(page_of(team.regisseur), {field: [colleagues[1].pk], "gezien": seen})
    assert "intussen veranderd" in other.content.decode()
    Trajectory.objects.filter(pk=caseload[0].pk).update(regisseur=colleagues[1])
    moved = client.post(page_of(team.regisseur), chosen | {"gezien": seen})
    assert moved.context["changed"]
    assert fresh(team.regisseur).is_active
    assert not AuditEntry.objects.filter(verb="hand_over").exists()


def test_leaving_cases_with_nobody_is_a_choice_that_is_said(caseload, team, beheerder, colleagues) -> None:
    client, choice = browser(beheerder), {f"{field_of(team.regisseur)}_niemand": "on"}
    with clock.at(DAY):
        preview = client.post(page_of(team.regisseur), choice)
        client.post(page_of(team.regisseur), choice | {"gezien": preview.context["key"]})
        assert named_nobodys(colleagues[0]) == {case.pk for case in caseload}
    assert AuditEntry.objects.filter(verb="hand_over", details__to=None).count() == 5


def test_talks_and_support_questions_go_along(walk: Walk, beheerder, colleagues) -> None:
    leaver, receiver = walk.team.regisseur, colleagues[0]
    talk = ContactMoment.objects.create(candidate=walk.candidate, kind="overig", at=walk.at(15), by=leaver)
    held = ContactMoment.objects.create(
        candidate=walk.candidate, kind="overig", at=walk.at(9), by=leaver, status=ContactMoment.Status.HELD
    )
    need = SupportNeed.objects.create(
        candidate=walk.candidate, area=LifeArea.objects.first(), question="Fiets?", owner=leaver, created_at=walk.at(9)
    )
    hand_over(leaver, [receiver], beheerder)
    talk.refresh_from_db(), held.refresh_from_db(), need.refresh_from_db()
    assert (talk.by, held.by, need.owner) == (receiver, leaver, receiver)


def hand_over(person: User, receivers: list[User], by: User) -> None:
    shares = [Share(part, tuple(receivers)) for part in held_by(person)]
    with clock.at(DAY):
        actions.leave(person, shares, seen=key_of(divide(person, shares)), by=by)


def test_the_jobcoachs_rights_go_along(walk: Walk, beheerder) -> None:
    coach, receiver = walk.team.jobcoach, factories.staff(Role.JOBCOACH)
    actions.set_guides(walk.trajectory, jobcoach=coach, by=walk.team.frontoffice)
    hand_over(coach, [receiver], beheerder)
    assert Trajectory.objects.visible_to(receiver).get() == walk.trajectory
    assert Candidate.objects.visible_to(receiver).get() == walk.candidate


def test_who_takes_over_is_told_by_mail(caseload, team, beheerder, colleagues) -> None:
    hand_over(team.regisseur, [colleagues[0]], beheerder)
    with clock.at(DAY, 12):
        run_outbox()
    (letter,) = (row for row in mail.outbox if row.to == [colleagues[0].email])
    assert f"Je neemt 5 trajecten over van {team.regisseur.name}" in letter.body


def test_a_handover_that_breaks_halfway_leaves_everything_as_it_was(caseload, team, beheerder, colleagues, monkeypatch):
    monkeypatch.setattr(accounts, "deactivate_user", lambda *args, **more: (_ for _ in ()).throw(Refused("Nee.")))
    with pytest.raises(Refused):
        hand_over(team.regisseur, [colleagues[0]], beheerder)
    assert Trajectory.objects.filter(regisseur=team.regisseur).count() == 5
    assert not OutboxMessage.objects.filter(handler="mail_handed_over").exists()


def test_only_the_beheerder_hands_over(caseload, team, colleagues) -> None:
    with pytest.raises(Refused):
        hand_over(team.regisseur, [colleagues[0]], colleagues[0])
    assert browser(colleagues[0]).get(page_of(team.regisseur)).status_code == 404


def test_taking_a_role_away_asks_the_same_and_only_about_that_role(caseload, team, beheerder, colleagues) -> None:
    membership = team.regisseur.memberships.get()
    url = reverse("trajectories:remove_role", args=[team.regisseur.pk, membership.pk])
    client, field = browser(beheerder), field_of(team.regisseur)
    chosen = {field: [colleagues[0].pk]}
    preview = client.post(url, chosen)
    assert membership in team.regisseur.memberships.all()
    client.post(url, chosen | {"gezien": preview.context["key"]})
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert Trajectory.objects.filter(regisseur=colleagues[0]).count() == 5
    spare = factories.staff(Role.BACKOFFICE, Role.REGISSEUR)
    Trajectory.objects.update(regisseur=spare)
    assert held_through(spare.memberships.get(role=Role.BACKOFFICE)) == []


def test_the_page_names_what_does_not_go_along(sent: Walk, beheerder) -> None:
    coach = sent.team.jobcoach
    region = sent.trajectory.region
    region.coordinator = coach
    region.save()
    page = in_words(browser(beheerder).get(page_of(coach)).content.decode())
    assert "Documenten die op de handtekening van" in page
    assert f"{coach.name} is coördinator van" in page


# --- Absence ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def away(walk: Walk, colleagues) -> Absence:
    """The regisseur is away from 10 to 20 January; a colleague covers."""
    with clock.at(DAY):
        return accounts.add_absence(
            Absence(
                person=walk.team.regisseur,
                cover=colleagues[0],
                role=Role.REGISSEUR,
                region=factories.region(),
                starts_on=date(2026, 1, 10),
                ends_on=date(2026, 1, 20),
            ),
            by=colleagues[1],
        )


@pytest.mark.parametrize(("day", "covers"), [(9, False), (10, True), (20, True), (21, False)])
def test_the_work_goes_to_the_cover_and_back_by_its_dates_alone(walk: Walk, away, colleagues, day, covers) -> None:
    pk = walk.trajectory.pk
    with clock.at(date(2026, 1, day)):
        assert (pk in turn(away.cover), pk in work(away.cover)) == (covers, covers)
        assert (pk in turn(away.person), pk in work(away.person)) == (not covers, not covers)
        assert pk not in turn(colleagues[1])
        assert walk.fresh().contact == (away.cover if covers else away.person)


def test_the_case_page_and_vandaag_say_who_covers_until_when(walk: Walk, away) -> None:
    with clock.at(date(2026, 1, 12)):
        client = browser(away.cover)
        page = in_words(client.get(reverse("trajectories:detail", args=[walk.trajectory.pk])).content.decode())
        assert f"{away.person.name}, waargenomen door {away.cover.name} t/m {nl_date(away.ends_on)}" in page
        assert f"Je neemt waar voor {away.person.name} als regisseur" in in_words(client.get("/").content.decode())
        assert "neemt jouw werk als regisseur" in in_words(browser(away.person).get("/").content.decode())


def test_mails_about_deadlines_go_to_the_cover(walk: Walk, away) -> None:
    row = walk.trajectory.deadlines.open().get()
    Deadline.objects.filter(pk=row.pk).update(due_on=date(2026, 1, 14))
    with clock.at(date(2026, 1, 14)):
        tasks.notify_owners()
    assert [m.payload["owner"] for m in OutboxMessage.objects.filter(handler="mail_deadlines")] == [away.cover_id]


def test_the_cover_of_a_jobcoach_may_open_the_case_and_act_and_later_not(walk: Walk, colleagues) -> None:
    coach, cover = walk.team.jobcoach, factories.staff(Role.JOBCOACH)
    actions.set_guides(walk.trajectory, jobcoach=coach, by=walk.team.frontoffice)
    days = {"starts_on": date(2026, 1, 10), "ends_on": date(2026, 1, 11)}
    with clock.at(DAY):
        absence = Absence(person=coach, cover=cover, role=Role.JOBCOACH, region=factories.region(), **days)
        accounts.add_absence(absence, by=colleagues[0])
    for day, opens in ((9, False), (10, True), (11, True), (12, False)):
        with clock.at(date(2026, 1, day)):
            assert Trajectory.objects.visible_to(cover).exists() == opens
            assert Candidate.objects.visible_to(cover).exists() == opens
            assert walk.fresh().coached_by(cover) == opens


def test_a_cover_who_leaves_covers_for_nobody(walk: Walk, away, beheerder) -> None:
    with clock.at(date(2026, 1, 12)):
        accounts.deactivate_user(away.cover, by=beheerder)
        assert walk.trajectory.pk in turn(away.person)


def test_covering_is_mailed_and_logged(away) -> None:
    with clock.at(DAY, 12):
        run_outbox()
    (letter,) = (row for row in mail.outbox if row.to == [away.cover.email])
    assert f"van {nl_date(away.starts_on)} tot en met {nl_date(away.ends_on)}" in " ".join(letter.body.split())
    entry = AuditEntry.objects.get(verb=verbs.COVER_ARRANGED)
    assert (entry.subject_id, entry.details["cover"]) == (away.person_id, away.cover_id)


def test_nobody_covers_who_is_away_or_covered_for_and_no_two_at_once(away, colleagues, team) -> None:
    third = factories.staff(Role.REGISSEUR)

    def refused(person: User, cover: User) -> bool:
        days = {"starts_on": date(2026, 1, 20), "ends_on": date(2026, 1, 25)}
        row = Absence(person=person, cover=cover, role=Role.REGISSEUR, region=factories.region(), **days)
        with clock.at(DAY), pytest.raises(Refused):
            accounts.add_absence(row, by=colleagues[1])
        return True

    assert refused(away.person, third)  # twice
    assert refused(third, away.person)  # is away then
    assert refused(away.cover, third)  # covers then
    assert refused(third, third)
    assert refused(third, team.backoffice)  # doesn't do this work


def test_the_coordinator_arranges_it_on_a_page_and_ends_it(walk: Walk, colleagues) -> None:
    region, (coordinator, cover) = walk.trajectory.region, colleagues
    region.coordinator = coordinator
    region.save()
    client, url = browser(coordinator), reverse("trajectories:add_absence")
    with clock.at(DAY):
        assert walk.team.regisseur.name in in_words(client.get(url).content.decode())
        address = f"{url}?wie={walk.team.regisseur.pk}"
        (held,) = client.get(address).context["form"].held
        days = {"starts_on": "2026-01-10", "ends_on": "2026-01-20"}
        wrong = client.post(address, days)
        assert "Kies ten minste één collega" in wrong.content.decode()
        assert client.post(address, days | {held.name: cover.pk}).status_code == 302
    absence = Absence.objects.get()
    with clock.at(date(2026, 1, 12)):
        assert cover.name in in_words(client.get(reverse("trajectories:absences")).content.decode())
        client.post(reverse("trajectories:end_absence", args=[absence.pk]))
        assert walk.trajectory.pk in turn(walk.team.regisseur)
    assert browser(cover).get(reverse("trajectories:absences")).status_code == 404


def test_what_goes_on_to_a_coordinator_who_is_away_comes_to_the_cover(walk: Walk, away) -> None:
    """The regisseur who is away coordinates the region: the cover hears and sees what stays late, by the dates alone."""
    region = walk.trajectory.region
    region.coordinator = away.person
    region.save()
    Deadline.objects.filter(trajectory=walk.trajectory.pk).update(owner=walk.team.job_broker, due_on=date(2026, 1, 2))
    with clock.at(date(2026, 1, 12)):
        tasks.escalate()
        handed_on = Deadline.objects.filter(escalated_to=away.person)
        assert handed_on.exists()
        (mail_row,) = OutboxMessage.objects.filter(handler="mail_escalated")
        assert mail_row.payload["owner"] == away.cover_id
        assert handed_on.first() in deadlines_of(fresh(away.cover))
        assert handed_on.first() not in deadlines_of(fresh(away.person))
    with clock.at(date(2026, 1, 21)):
        assert handed_on.first() in deadlines_of(fresh(away.person))
        assert handed_on.first() not in deadlines_of(fresh(away.cover))


def test_who_guides_nobody_here_leaves_nothing_to_cover(beheerder: User) -> None:
    """Not "geregeld" while nothing was."""
    free = factories.UserFactory()
    Membership.objects.create(user=free, role=Role.JOBCOACH)
    client = Client()
    client.force_login(beheerder)
    days = {"starts_on": nl_date(clock.today()), "ends_on": nl_date(clock.today())}
    answer = client.post(f"/afwezigheid/nieuw/?wie={free.pk}", days)
    assert answer.status_code == 200
    assert "er is niets om waar te nemen" in answer.content.decode()


def test_only_who_works_here_covers_and_a_jobcoach_may_work_everywhere(team: Team) -> None:
    """A cover without the role in the region covers for nobody; a jobcoach's role may be of every region, or of a company."""
    everywhere, of_a_company, elsewhere = factories.UserFactory(), factories.UserFactory(), factories.UserFactory()
    Membership.objects.create(user=everywhere, role=Role.JOBCOACH, region=None)
    company = factories.EmployerOrganisationFactory()
    Membership.objects.create(user=of_a_company, role=Role.JOBCOACH, organisation=company)
    Membership.objects.create(user=elsewhere, role=Role.REGISSEUR, region=factories.region("29"))
    others = [factories.staff(Role.JOBCOACH) for _ in range(2)]
    today = clock.today()
    shared = {"starts_on": today, "ends_on": today, "created_by": team.regisseur, "created_at": clock.now()}
    for person, role, cover in (
        (team.jobcoach, Role.JOBCOACH, everywhere),
        (others[0], Role.JOBCOACH, of_a_company),
        (others[1], Role.JOBCOACH, team.regisseur),
        (team.regisseur, Role.REGISSEUR, elsewhere),
        (team.career_adviser, Role.LOOPBAANADVISEUR, everywhere),
        (team.job_broker, Role.WERKMAKELAAR, factories.staff(Role.WERKMAKELAAR)),
    ):
        Absence.objects.create(person=person, cover=cover, role=role, region=factories.region(), **shared)
    covered = {row.person for row in Absence.objects.now()}
    assert covered == {team.jobcoach, others[0], team.job_broker}
