"""One person, one file (R13): who registers twice never gets a second open trajectory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import verbs
from accounts.models import AuditEntry, Branch, Department, Role, User
from candidates import actions as candidate_actions
from candidates import likeness
from candidates.models import (
    Candidate,
    ContactMoment,
    FileJoin,
    Interest,
    LegalRepresentative,
    LifeArea,
    LifeSnapshot,
    QFit,
    Registration,
    WorkExperience,
)
from candidates.models.person import lookup_hash
from demo.walk import Team
from tests.candidates.test_public import typed
from tests.factories import (
    CandidateFactory,
    ConfirmedProfileFactory,
    EmployerFactory,
    RegistrationFactory,
    candidate_user,
    region,
    staff,
    team,
)
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.actions import joining as join_actions
from trajectories.keeping import joining, retention
from trajectories.models import LegalHold, Placement, Trajectory
from trajectories.pages import timeline

pytestmark = pytest.mark.django_db


def maatwerq() -> Department:
    return Department.objects.get(code="maatwerq")


def assign(registration: Registration, team: Team) -> Trajectory:
    # Whether the person fits the table (R2) isn't asked here.
    Registration.objects.filter(pk=registration.pk).update(override_reason="Past na overleg.")
    people = {"regisseur": team.regisseur, "by": team.frontoffice}
    return actions.assign(registration, department=maatwerq(), **people)


class TestRegisteringAgain:
    """Somebody with an open case fills in the form of the website once more."""

    @pytest.fixture
    def team(self) -> Team:
        return team()

    @pytest.fixture
    def case(self, team: Team) -> Trajectory:
        known = CandidateFactory(first_name="Noör", last_name="Bakker", birth_date=typed()["birth_date"])
        return assign(RegistrationFactory(candidate=known), team)

    @pytest.fixture
    def second(self, case: Trajectory) -> Registration:
        answer = Client().post("/aanmelden/", typed(), follow=True)
        assert case.candidate.full_name not in answer.content.decode()
        return Registration.objects.open().get()

    def ready(self, registration: Registration) -> Registration:
        registration.is_motivated = True
        registration.save()
        return registration

    def test_it_comes_in_and_cannot_become_a_second_open_trajectory(self, team: Team, second: Registration) -> None:
        with pytest.raises(Refused) as refused:
            assign(self.ready(second), team)
        assert [reason.url for reason in refused.value.reasons] == [f"/personen/{second.candidate_id}/lijkt-op/"]
        assert Trajectory.objects.count() == 1

    def test_staff_see_the_running_case_beside_it(self, team: Team, case: Trajectory, second: Registration) -> None:
        browser = Client()
        browser.force_login(team.frontoffice)
        assert "lijkt op iemand die al bekend is" in browser.get("/aanmeldingen/").content.decode()
        page = browser.get(f"/personen/{second.candidate_id}/lijkt-op/").content.decode()
        assert "heeft een lopend traject" in page and f"/trajecten/{case.pk}/" in page

    def test_who_is_somebody_else_is_assigned_after_the_decision(
        self, team: Team, case: Trajectory, second: Registration
    ) -> None:
        candidate_actions.tell_apart(second.candidate, case.candidate, by=team.frontoffice)
        assert assign(self.ready(second), team).candidate == second.candidate
        assert Candidate.objects.count() == 2


# --- Joining ---------------------------------------------------------------------------------------------------------
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def frontoffice(db) -> User:
    return staff(Role.FRONTOFFICE)


@pytest.fixture
def browser() -> Callable[[User], Client]:
    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def kept() -> Candidate:
    """A file with a Foto of one life area, an interest and a Q-fit; without an e-mail address."""
    return filled(CandidateFactory(first_name="Zoë", last_name="Bergkamp", email="", city="Raalte", postcode="8101 AA"))


@pytest.fixture
def joined(kept: Candidate) -> Candidate:
    """The same person's other file: the same parts, a talk, a parent, an open registration, a closed case, a zoekprofiel."""
    other = filled(
        CandidateFactory(first_name="Zoe", last_name="Bergkamp", birth_date=kept.birth_date, city="Zwolle", postcode="")
    )
    by = staff(Role.REGISSEUR)
    LifeSnapshot.objects.create(candidate=other, area=LifeArea.objects.all()[1], past="Thuis", updated_at=clock.now())
    ContactMoment.objects.create(candidate=other, kind="overig", status="gevoerd", at=clock.now(), by=by, notes="Belde")
    LegalRepresentative.objects.create(candidate=other, name="Ouder", relation="ouder", email="o@test.example")
    ConfirmedProfileFactory(candidate=other, is_available=False)
    RegistrationFactory(candidate=other, source="website")
    closed_case(other)
    return other


def filled(person: Candidate) -> Candidate:
    area, branch = LifeArea.objects.first(), Branch.objects.first()
    LifeSnapshot.objects.create(candidate=person, area=area, past=f"Van {person.pk}", updated_at=clock.now())
    Interest.objects.create(candidate=person, branch=branch, remark=f"Van {person.pk}")
    QFit.objects.create(candidate=person, extra_support=f"Van {person.pk}")
    WorkExperience.objects.create(candidate=person, organisation="Bedrijf", role="Hulp", started_on=LONG_AGO)
    return person


def closed_case(person: Candidate) -> Trajectory:
    registration = RegistrationFactory(
        candidate=person, status="TOEGEWEZEN", ended_at=clock.now(), department=maatwerq()
    )
    case, people = Trajectory.objects.create(**facts_of(registration)), team()
    actions.stop(case, reason="Verhuisd.", by=people.regisseur)
    actions.record_exit_talk(
        case, was_held=False, on=clock.today(), not_held_reason="Niet bereikt.", by=people.backoffice
    )
    done = dict.fromkeys(("documents_complete", "client_informed", "invoice_settled", "accounts_closed"), True)
    actions.record_completion(case, by=people.backoffice, **done)
    actions.close(case, by=people.backoffice)
    return case


def facts_of(registration: Registration) -> dict:
    moments = dict.fromkeys(("state_since", "last_change_at", "created_at"), clock.now())
    person = registration.candidate
    return {
        "candidate": person,
        "registration": registration,
        "department": maatwerq(),
        "region": person.region,
    } | moments


def open_case(person: Candidate, people: Team) -> Trajectory:
    candidate_actions_for(person)
    return assign(RegistrationFactory(candidate=person), people)


def candidate_actions_for(person: Candidate) -> None:
    """Nothing that is like this person keeps it from being assigned."""
    for other in likeness.undecided_of(person):
        candidate_actions.tell_apart(person, Candidate.objects.get(pk=other), by=staff(Role.FRONTOFFICE))


def whose() -> dict:
    """Of every row of every table that hangs on a person: on whom."""
    return {
        (model._meta.label, key.name, pk): owner
        for model, key in joining.keys_to_person()
        for pk, owner in model._base_manager.order_by("pk").values_list("pk", key.attname)
    }


class TestJoining:
    def test_everything_that_can_moves_and_what_both_have_stays_readable(
        self, browser, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        page = browser(frontoffice).get(f"/personen/{kept.pk}/samenvoegen/met/{joined.pk}/")
        told = {part.label: (len(part.moves), len(part.stays)) for part in page.context["parts"]}
        assert told == {
            "Foto": (1, 1), "Interesse": (0, 1), "Q-fit": (0, 1), "Werkervaring": (1, 0), "Contactmomenten": (1, 0),
            "Wettelijk vertegenwoordigers": (1, 0), "Aanmeldingen": (2, 0), "Trajecten": (1, 0), "Zoekprofielen": (0, 1),
        }  # fmt: skip
        answer = browser(frontoffice).post(page.request["PATH_INFO"], {"naam": "dit", "adres": "ander", "telefoon": "dit",
                                                                       "e-mail": "ander"})  # fmt: skip
        assert answer.status_code == 302, answer.content.decode()
        kept.refresh_from_db()
        joined.refresh_from_db()
        assert (kept.first_name, kept.city, kept.postcode, kept.email) == ("Zoë", "Zwolle", "", joined.email)
        assert joined.joined_into == kept
        assert (kept.registrations.count(), kept.trajectories.count(), kept.snapshots.count()) == (2, 1, 2)
        address = f"/personen/{joined.pk}/oud-dossier/"
        old = browser(staff(Role.REGISSEUR)).get(address).content.decode()
        assert f"Van {joined.pk}" in old and f"Van {kept.pk}" not in old and "8101 AA" not in old
        assert f"Van {joined.pk}" not in browser(frontoffice).get(address).content.decode()  # no Foto for them

    def test_the_old_number_leads_to_the_kept_file_and_is_in_no_list(
        self, browser, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        actions.join_files(kept, joined, by=frontoffice)
        page = browser(frontoffice)
        for rest in ("", "contact/", "zoekprofiel/"):
            answer = page.get(f"/personen/{joined.pk}/{rest}")
            assert (answer.status_code, answer.url) == (302, f"/personen/{kept.pk}/{rest}")
        answer = page.get(f"/personen/{joined.pk}/contact/?pagina=2&soort=telefoon")
        assert answer.url == f"/personen/{kept.pk}/contact/?pagina=2&soort=telefoon"
        assert page.post(f"/personen/{joined.pk}/gegevens/", {}).status_code == 409
        assert browser(staff(Role.FRONTOFFICE, region_code="29")).get(f"/personen/{joined.pk}/").status_code == 404
        found = page.get("/zoeken/", {"q": "Bergkamp"}).context["people"]
        assert [person.pk for person in found] == [kept.pk]
        assert likeness.undecided_of(kept) == set()

    def test_the_old_name_and_address_find_the_kept_file(
        self, browser, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        Candidate.objects.filter(pk=joined.pk).update(email="vroeger@post.example")
        joined.refresh_from_db()
        joined.last_name = "Zonneveld"
        joined.save()
        actions.join_files(kept, joined, by=frontoffice)
        Candidate.objects.filter(pk=kept.pk).update(email="nu@post.example")
        for words in ("Zonneveld", "vroeger@post.example"):
            found = browser(frontoffice).get("/zoeken/", {"q": words}).context["people"]
            assert [person.pk for person in found] == [kept.pk], words
        elsewhere = browser(staff(Role.FRONTOFFICE, region_code="29"))
        assert elsewhere.get("/zoeken/", {"q": "Zonneveld"}).context["people"] == []

    def test_it_is_logged_with_numbers_and_the_history_reads_both_files(
        self, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        case = joined.trajectories.get()
        AuditEntry.objects.create(
            at=clock.now(), party="systeem", verb="close", subject_type="x", subject_id=1, candidate_id=joined.pk,
            trajectory_id=case.pk,
        )  # fmt: skip
        join = actions.join_files(kept, joined, by=frontoffice)
        entry = AuditEntry.objects.get(verb=verbs.FILES_JOINED)
        assert (entry.candidate_id, entry.actor) == (kept.pk, frontoffice)
        assert entry.details == {"joined": joined.pk, "join": join.pk, "rows": join.moved.count()}
        assert {row.verb for row in timeline.entries_of(Trajectory.objects.get(pk=case.pk), frontoffice)} >= {
            "close",
            verbs.FILES_JOINED,
        }

    def test_what_is_like_the_old_file_is_like_the_kept_one(
        self, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        phone = joined.phone
        actions.join_files(kept, joined, by=frontoffice)
        new = CandidateFactory(phone=phone)
        assert likeness.undecided_of(new) == {kept.pk}
        candidate_actions.tell_apart(new, kept, by=frontoffice)
        assert likeness.undecided_of(new) == set()

    def test_a_file_that_was_kept_can_be_joined_again_and_all_numbers_lead_on(
        self, browser, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        actions.join_files(kept, joined, by=frontoffice)
        third = CandidateFactory()
        again = actions.join_files(third, kept, by=frontoffice)
        assert browser(frontoffice).get(f"/personen/{joined.pk}/").url == f"/personen/{third.pk}/"
        first = FileJoin.objects.get(joined=joined)
        with pytest.raises(Refused, match="daarna zelf samengevoegd"):
            actions.undo_join(first, by=frontoffice)
        actions.undo_join(again, by=frontoffice)
        actions.undo_join(first, by=frontoffice)
        assert not Candidate.objects.exclude(joined_into=None).exists()

    def test_the_login_that_works_goes_along_and_comes_back(
        self, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        joined.user = candidate_user()
        joined.save()
        join = actions.join_files(kept, joined, by=frontoffice)
        assert Candidate.objects.get(user=joined.user) == kept
        actions.undo_join(join, by=frontoffice)
        assert Candidate.objects.get(user=joined.user) == joined

    def test_every_table_that_hangs_on_a_person_is_covered(self) -> None:
        covered = {model for model, _key in joining.keys_to_person()} | set(joining.ABOUT_FILES)
        pointing = [field for field in Candidate._meta.get_fields(include_hidden=True) if field.auto_created]
        assert covered == {field.related_model for field in pointing if field.is_relation}

    def test_the_preview_asks_no_more_for_fuller_files(
        self, browser, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        page, url = browser(frontoffice), f"/personen/{kept.pk}/samenvoegen/met/{joined.pk}/"
        page.get(url)
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert page.get(url).status_code == 200
            counts.append(len(queries))
            for number in range(5):
                WorkExperience.objects.create(
                    candidate=joined, organisation=f"B{number}", role="x", started_on=LONG_AGO
                )
        assert counts[0] == counts[1] <= 25


class TestUndoing:
    def test_puts_back_exactly_what_moved_and_leaves_what_came_since(
        self, browser, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        before, fields = whose(), Candidate.objects.filter(pk=kept.pk).values().get()
        join = actions.join_files(kept, joined, take=["naam", "adres", "telefoon", "e-mail"], by=frontoffice)
        assert whose() != before
        since = WorkExperience.objects.create(candidate=kept, organisation="Later", role="x", started_on=LONG_AGO)
        answer = browser(frontoffice).post(f"/personen/{kept.pk}/samenvoegen/{join.pk}/ongedaan/")
        assert (answer.status_code, answer.url) == (302, f"/personen/{joined.pk}/")
        assert whose() == before | {("candidates.WorkExperience", "candidate", since.pk): kept.pk}
        assert Candidate.objects.filter(pk=kept.pk).values().get() == fields
        assert AuditEntry.objects.filter(verb=verbs.JOIN_UNDONE, candidate_id=kept.pk).exists()

    def test_what_somebody_changed_since_is_kept(self, frontoffice: User, kept: Candidate, joined: Candidate) -> None:
        join = actions.join_files(kept, joined, take=["adres"], by=frontoffice)
        Candidate.objects.filter(pk=kept.pk).update(city="Deventer")
        actions.undo_join(join, by=frontoffice)
        kept.refresh_from_db()
        assert (kept.city, kept.postcode) == ("Deventer", "8101 AA")

    def test_not_after_a_day_nor_twice(self, frontoffice: User, kept: Candidate, joined: Candidate) -> None:
        day, next_day = date(2026, 12, 1), date(2026, 12, 2)
        with clock.at(day, 9):
            join = actions.join_files(kept, joined, by=frontoffice)
        with clock.at(next_day, 10), pytest.raises(Refused, match="een dag"):
            actions.undo_join(join, by=frontoffice)
        with clock.at(next_day, 8):
            actions.undo_join(join, by=frontoffice)
            with pytest.raises(Refused, match="al ongedaan"):
                actions.undo_join(join, by=frontoffice)

    def test_not_when_work_since_rests_on_what_moved(self, kept: Candidate, joined: Candidate) -> None:
        people = team()
        moved = joined.registrations.open().get()
        join = actions.join_files(kept, joined, by=people.frontoffice)
        assign(moved, people)
        with pytest.raises(Refused, match="verder gewerkt"):
            actions.undo_join(join, by=people.frontoffice)
        assert Trajectory.objects.open().get().candidate == kept


class TestRefusing:
    def refusal(self, kept: Candidate, joined: Candidate, by: User) -> Refused:
        before = whose()
        with pytest.raises(Refused) as refused, transaction.atomic():
            actions.join_files(kept, joined, by=by)
        assert whose() == before
        return refused.value

    def test_two_open_trajectories(self, browser, kept: Candidate, joined: Candidate) -> None:
        people = team()
        open_case(kept, people)
        case = open_case(joined, people)
        assert [reason.url for reason in self.refusal(kept, joined, people.frontoffice).reasons] == [
            f"/trajecten/{case.pk}/"
        ]
        page = browser(people.frontoffice).get(f"/personen/{kept.pk}/samenvoegen/met/{joined.pk}/").content.decode()
        assert "Beide dossiers hebben een lopend traject" in page and ">Samenvoegen</button>" not in page

    def test_the_file_of_the_running_trajectory_is_the_one_that_is_kept(
        self, kept: Candidate, joined: Candidate
    ) -> None:
        people = team()
        open_case(joined, people)
        [reason] = self.refusal(kept, joined, people.frontoffice).reasons
        assert reason.url == f"/personen/{joined.pk}/samenvoegen/met/{kept.pk}/"
        actions.join_files(joined, kept, by=people.frontoffice)
        assert Trajectory.objects.open().get().candidate == joined

    def test_two_places_of_work_at_one_moment(self, frontoffice: User, kept: Candidate, joined: Candidate) -> None:
        company = EmployerFactory().organisation
        for case in (closed_case(kept), joined.trajectories.get()):
            Placement.objects.create(candidate=case.candidate, trajectory=case, organisation=company, kind="baan",
                                     period=DateRange(LONG_AGO, date(2020, 6, 1)))  # fmt: skip
        assert "op hetzelfde moment" in str(self.refusal(kept, joined, frontoffice))

    def test_two_logins(self, frontoffice: User, kept: Candidate, joined: Candidate) -> None:
        for person in (kept, joined):
            person.user = candidate_user()
            person.save()
        assert "Beide dossiers hebben een inlog" in str(self.refusal(kept, joined, frontoffice))

    def test_two_numbers_of_the_state(self, frontoffice: User, kept: Candidate, joined: Candidate) -> None:
        for person, number in ((kept, "111222333"), (joined, "123456782")):
            person.bsn, person.bsn_hmac = number, lookup_hash(number)
            person.save()
        assert "verschillend BSN" in str(self.refusal(kept, joined, frontoffice))

    @pytest.mark.parametrize(
        ("role", "code"), [(Role.REGISSEUR, "20"), (Role.FRONTOFFICE, "29"), (Role.BEHEERDER, "20")]
    )
    def test_nobody_else_joins(self, browser, kept: Candidate, joined: Candidate, role: str, code: str) -> None:
        user = staff(role, region_code=code)
        self.refusal(kept, joined, user)
        page = browser(user)
        for url in ("samenvoegen/", f"samenvoegen/met/{joined.pk}/"):
            assert page.get(f"/personen/{kept.pk}/{url}").status_code == 404
            assert page.post(f"/personen/{kept.pk}/{url}").status_code == 404

    def test_a_file_of_another_region_is_as_if_it_were_not_there(
        self, browser, frontoffice: User, kept: Candidate
    ) -> None:
        elsewhere = CandidateFactory(region=region("29"))
        page = browser(frontoffice)
        assert page.get(f"/personen/{kept.pk}/samenvoegen/met/{elsewhere.pk}/").status_code == 404
        answer = page.post(f"/personen/{kept.pk}/samenvoegen/", {"number": elsewhere.pk})
        assert "Er is geen dossier met dit nummer" in answer.content.decode()

    def test_cut_off_half_way_nothing_has_changed(
        self, monkeypatch, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        before = whose()
        monkeypatch.setattr(join_actions, "_refresh_case", lambda kept: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.join_files(kept, joined, by=frontoffice)
        assert whose() == before
        assert not FileJoin.objects.exists()


class TestPostgres:
    """R13 per person, against a raw statement too."""

    def refused(self, sql: str, *values: int) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    def test_nothing_begins_at_a_file_that_was_joined(
        self, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        actions.join_files(kept, joined, by=frontoffice)
        self.refused("UPDATE trajectories_trajectory SET candidate_id = %s", joined.pk)
        self.refused("UPDATE candidates_registration SET candidate_id = %s", joined.pk)

    def test_a_file_with_work_is_no_pointer_and_a_pointer_is_not_loosened(
        self, frontoffice: User, kept: Candidate, joined: Candidate
    ) -> None:
        point = "UPDATE candidates_candidate SET joined_into_id = %s WHERE id = %s"
        self.refused(point, kept.pk, joined.pk)
        actions.join_files(kept, joined, by=frontoffice)
        self.refused("UPDATE candidates_candidate SET joined_into_id = NULL WHERE id = %s", joined.pk)

    def test_who_is_held_at_the_old_file_is_held(self, frontoffice: User, kept: Candidate, joined: Candidate) -> None:
        for person in (kept, joined):
            LegalHold.objects.create(candidate=person, reason="x", placed_at=clock.now(), placed_by=frontoffice)
        actions.join_files(kept, joined, by=frontoffice)
        kept.legal_holds.update(lifted_at=clock.now())
        Trajectory.objects.update(retention_until=date(2020, 1, 1))
        assert retention.due_files() == []
