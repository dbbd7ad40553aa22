"""Every action: its result, its log row, its outbox row, and nothing left behind when it fails."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import verbs
from accounts.models import AuditEntry, Branch, KindOfPlace, Role
from employers import actions
from employers.models import Employer, EmployerContact, FunctionProfile, IntakeDate, LearnWorkProject, Vacancy
from tests.factories import (
    EmployerContactFactory,
    EmployerFactory,
    FunctionFactory,
    ProjectFactory,
    SroiFactory,
    VacancyFactory,
    region,
    representative,
    staff,
)
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker():
    return staff(Role.WERKMAKELAAR)


def last_entry(verb):
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None and entry.verb == verb
    return entry


def vacancy_values(employer, **changes):
    values = {
        "function": FunctionFactory(employer=employer),
        "title": "Stratenmaker in opleiding",
        "kind_of_place": KindOfPlace.objects.get(code="bbl"),
        "region": region(),
        "seats": 3,
        "hours_min": 24,
        "hours_max": 32,
        "starts_on": date(2027, 2, 1),
        "postcode": "8131 AB",
        "city": "Wijhe",
    }
    return {**values, **changes}


def messages_about(vacancy):
    return OutboxMessage.objects.filter(handler="vacancy_changed", payload={"vacancy": vacancy.pk})


# --- Companies ---


def test_add_employer_makes_organisation_and_profile(broker):
    branch = Branch.objects.get(code="01")
    employer = actions.add_employer(
        by=broker, name="Wegenbouw Salland", kvk_number="12345678", city="Raalte", branch=branch, employees=40
    )
    assert employer.organisation.kind == "werkgever"
    assert (employer.organisation.city, employer.employees, employer.branch) == ("Raalte", 40, branch)
    entry = last_entry(verbs.EMPLOYER_ADDED)
    assert (entry.actor, entry.subject_id, entry.subject_type) == (broker, employer.pk, "employers.employer")


def test_add_employer_leaves_nothing_when_the_profile_is_refused(broker):
    with pytest.raises(Refused):
        actions.add_employer(by=broker, name="Half bedrijf", branch=Branch.objects.get(code="01"), mentor_fte=-1)
    assert not Employer.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_kvk_number_that_somebody_else_just_used_is_refused(broker):
    values = {"name": "Een", "kvk_number": "12345678", "branch": Branch.objects.get(code="01")}
    actions.add_employer(by=broker, **values)
    with pytest.raises(Refused, match="KvK-nummer"):
        actions.add_employer(by=broker, **values)


def test_update_profile_logs_what_changed(broker):
    employer = EmployerFactory()
    actions.update_profile(employer, by=broker, city="Olst", vision="Samen leren", employees=None)
    employer.refresh_from_db()
    assert (employer.organisation.city, employer.vision) == ("Olst", "Samen leren")
    assert last_entry(verbs.EMPLOYER_CHANGED).details == {"fields": ["city", "vision"]}


def test_update_without_a_change_writes_no_log(broker):
    employer = EmployerFactory(vision="Samen")
    actions.update_profile(employer, by=broker, vision="Samen")
    assert not AuditEntry.objects.exists()


def test_contact_is_added_changed_switched_off_and_on(broker):
    employer = EmployerFactory()
    contact = actions.add_contact(
        employer, by=broker, name="Anja Smit", function=EmployerContact.Function.JOBCOACH, email="anja@bedrijf.example"
    )
    assert last_entry(verbs.EMPLOYER_CONTACT_ADDED).details == {"employer": employer.pk}
    actions.update_contact(contact, by=broker, name="Anja de Smit")
    last_entry(verbs.EMPLOYER_CONTACT_CHANGED)
    actions.deactivate_contact(contact, by=broker)
    last_entry(verbs.EMPLOYER_CONTACT_DEACTIVATED)
    contact.refresh_from_db()
    assert (contact.name, contact.is_active) == ("Anja de Smit", False)
    actions.activate_contact(contact, by=broker)
    contact.refresh_from_db()
    assert contact.is_active


def test_portal_access_invites_a_person_without_an_account(broker):
    contact = EmployerContactFactory(name="Henk Bosman", email="Henk@Bedrijf.example")
    contact = actions.give_portal_access(contact, by=broker)
    assert (contact.user.name, contact.user.email) == ("Henk Bosman", "henk@bedrijf.example")
    assert contact.user.organisations_as(Role.WERKGEVER) == {contact.employer.organisation_id}
    assert OutboxMessage.objects.get().handler == "accounts.invitation"
    last_entry(verbs.PORTAL_ACCESS_GIVEN)


def test_portal_access_of_a_second_company_goes_to_the_same_account(broker):
    first = actions.give_portal_access(EmployerContactFactory(email="a@b.example"), by=broker)
    second = actions.give_portal_access(EmployerContactFactory(email="A@b.example"), by=broker)
    assert first.user == second.user
    user = type(first.user).objects.get(pk=first.user_id)
    assert user.organisations_as(Role.WERKGEVER) == {first.employer.organisation_id, second.employer.organisation_id}
    assert OutboxMessage.objects.count() == 1


def test_a_contact_who_left_loses_the_portal_of_that_company_only(broker):
    first = actions.give_portal_access(EmployerContactFactory(email="a@b.example"), by=broker)
    second = actions.give_portal_access(EmployerContactFactory(email="a@b.example"), by=broker)
    contact = actions.deactivate_contact(first, by=broker)
    assert (contact.is_active, contact.user) == (False, None)
    user = type(second.user).objects.get(pk=second.user_id)
    assert user.organisations_as(Role.WERKGEVER) == {second.employer.organisation_id}
    with pytest.raises(Refused, match="niet actief"):
        actions.give_portal_access(contact, by=broker)
    with pytest.raises(Refused, match="geen toegang"):
        actions.withdraw_portal_access(contact, by=broker)


def test_log_says_which_party_acted():
    employer = EmployerFactory()
    actions.update_profile(employer, by=representative(employer.organisation), vision="Anders")
    assert last_entry(verbs.EMPLOYER_CHANGED).party == AuditEntry.Party.EMPLOYER


# --- Functions ---


def test_add_function_keeps_loads_above_none(broker):
    employer = EmployerFactory()
    function = actions.add_function(
        employer, by=broker, name="Lasser", branch=employer.branch, tasks="Lassen", loads={"tillen": 3, "staan": 0}
    )
    assert dict(function.loads.values_list("load", "level")) == {"tillen": 3}
    assert last_entry(verbs.FUNCTION_ADDED).subject_id == function.pk


def test_add_function_refuses_an_unknown_load_and_leaves_nothing(broker):
    employer = EmployerFactory()
    with pytest.raises(Refused):
        actions.add_function(employer, by=broker, name="X", branch=employer.branch, tasks="X", loads={"vliegen": 2})
    assert not FunctionProfile.objects.exists()


def test_update_function_has_its_vacancies_matched_again(broker):
    vacancy = VacancyFactory()
    closed = VacancyFactory(employer=vacancy.employer, function=vacancy.function, status="gesloten")
    before = vacancy.changed_at
    actions.update_function(vacancy.function, by=broker, hours_per_week=20, loads={"tillen": 2})
    vacancy.refresh_from_db()
    assert vacancy.changed_at > before
    assert messages_about(vacancy).count() == 1
    assert not messages_about(closed).exists()
    assert last_entry(verbs.FUNCTION_CHANGED).details["fields"] == ["hours_per_week", "loads"]


def test_update_function_without_loads_leaves_them(broker):
    function = FunctionFactory()
    actions.update_function(function, by=broker, loads={"tillen": 2})
    actions.update_function(function, by=broker, name="Anders")
    assert dict(function.loads.values_list("load", "level")) == {"tillen": 2}


# --- Vacancies ---


def test_add_vacancy_is_a_draft_with_all_seats_free(broker):
    employer = EmployerFactory()
    vacancy = actions.add_vacancy(employer, by=broker, **vacancy_values(employer))
    assert (vacancy.status, vacancy.seats, vacancy.seats_free) == ("concept", 3, 3)
    last_entry(verbs.VACANCY_ADDED)
    message = messages_about(vacancy).get()
    assert message.key == f"vacancy-{vacancy.pk}-{vacancy.changed_at.isoformat()}"


def test_add_vacancy_refuses_another_companys_function(broker):
    employer = EmployerFactory()
    with pytest.raises(Refused, match="ander bedrijf"):
        actions.add_vacancy(employer, by=broker, **vacancy_values(employer, function=FunctionFactory()))
    assert not Vacancy.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_add_vacancy_refuses_another_companys_project(broker):
    employer = EmployerFactory()
    with pytest.raises(Refused, match="ander bedrijf"):
        actions.add_vacancy(employer, by=broker, **vacancy_values(employer, project=ProjectFactory()))


def test_add_vacancy_accepts_a_project_that_has_no_company_yet(broker):
    employer = EmployerFactory()
    project = LearnWorkProject.objects.get(name="TecQ")
    vacancy = actions.add_vacancy(employer, by=broker, **vacancy_values(employer, project=project))
    assert vacancy.project == project


def test_add_vacancy_refuses_impossible_hours_and_dates(broker):
    employer = EmployerFactory()
    for wrong in ({"hours_min": 32, "hours_max": 24}, {"hours_max": 41}, {"ends_on": date(2027, 1, 1)}, {"seats": 0}):
        with pytest.raises(Refused):
            actions.add_vacancy(employer, by=broker, **vacancy_values(employer, **wrong))
    assert not Vacancy.objects.exists()


def test_update_vacancy_logs_and_announces(broker):
    vacancy = VacancyFactory()
    changed = actions.update_vacancy(vacancy, by=broker, title="Nieuwe titel")
    assert last_entry(verbs.VACANCY_CHANGED).details == {"fields": ["title"], "seats": 2}
    assert messages_about(vacancy).get().key.endswith(changed.changed_at.isoformat())


def test_update_vacancy_without_a_change_announces_nothing(broker):
    vacancy = VacancyFactory()
    actions.update_vacancy(vacancy, by=broker, title=vacancy.title, seats=vacancy.seats)
    assert not OutboxMessage.objects.exists()
    assert not AuditEntry.objects.exists()


def test_R13_seats_move_the_free_seats_along(broker):
    vacancy = VacancyFactory(seats=4, seats_free=1)
    assert actions.set_seats(vacancy, 6, by=broker).seats_free == 3
    assert actions.set_seats(vacancy, 3, by=broker).seats_free == 0


def test_R13_seats_cannot_be_set_below_what_is_in_use(broker):
    vacancy = VacancyFactory(seats=4, seats_free=1)
    with pytest.raises(Refused, match="Er zijn 3 plaatsen bezet"):
        actions.set_seats(vacancy, 2, by=broker)
    vacancy.refresh_from_db()
    assert (vacancy.seats, vacancy.seats_free) == (4, 1)
    assert not AuditEntry.objects.exists()


def test_R13_counts_the_seats_as_they_are_now_and_not_as_the_page_showed_them(broker):
    seen = VacancyFactory(seats=2)
    Vacancy.objects.filter(pk=seen.pk).update(seats_free=0)
    with pytest.raises(Refused, match="Er zijn 2 plaatsen bezet"):
        actions.set_seats(seen, 1, by=broker)


@pytest.mark.parametrize("change", ["seats_free = -1", "seats = 0", "seats = 1, seats_free = 2"])
def test_R13_the_database_itself_refuses_more_taken_than_seats(change):
    vacancy = VacancyFactory(seats=2)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE employers_vacancy SET {change} WHERE id = %s", [vacancy.pk])


def test_publish_and_close_keep_the_states_in_the_log(broker):
    vacancy = VacancyFactory(status="concept")
    assert actions.publish_vacancy(vacancy, by=broker).status == "open"
    entry = last_entry(verbs.VACANCY_OPENED)
    assert (entry.state_from, entry.state_to) == ("concept", "open")
    assert actions.close_vacancy(vacancy, by=broker, reason="Plek is vergeven").status == "gesloten"
    entry = last_entry(verbs.VACANCY_CLOSED)
    assert (entry.state_from, entry.state_to, entry.text.text) == ("open", "gesloten", "Plek is vergeven")
    assert messages_about(vacancy).count() == 2


def test_publish_refuses_what_is_past_or_open_already(broker):
    yesterday = clock.today() - timedelta(days=1)
    for changes in (
        {"status": "open"},
        {"status": "concept", "closes_on": yesterday},
        {"status": "concept", "starts_on": yesterday - timedelta(days=9), "ends_on": yesterday},
        {"status": "concept", "employer__organisation__is_active": False},
    ):
        vacancy = VacancyFactory(**changes)
        with pytest.raises(Refused):
            actions.publish_vacancy(vacancy, by=broker)
    assert not OutboxMessage.objects.exists()


def test_publish_sends_an_employer_to_the_page_of_the_portal():
    vacancy = VacancyFactory(status="concept", closes_on=clock.today() - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        actions.publish_vacancy(vacancy, by=representative(vacancy.employer.organisation))
    assert refused.value.reasons[0].url == f"/werkgever/vacatures/{vacancy.pk}/bewerken/"


def test_close_twice_is_refused(broker):
    vacancy = VacancyFactory(status="gesloten")
    with pytest.raises(Refused, match="al gesloten"):
        actions.close_vacancy(vacancy, by=broker)


def test_R17_vacancies_past_their_closing_date_close_once_however_late():
    today = clock.today()
    late = VacancyFactory(closes_on=today - timedelta(days=40))
    still_open = VacancyFactory(closes_on=today)
    assert actions.close_expired_vacancies(today) == 1
    assert actions.close_expired_vacancies(today) == 0
    late.refresh_from_db(), still_open.refresh_from_db()
    assert (late.status, still_open.status) == ("gesloten", "open")
    entry = last_entry(verbs.VACANCY_CLOSED)
    assert (entry.party, entry.actor) == (AuditEntry.Party.SYSTEM, None)


# --- Projects ---


def test_project_is_added_and_changed(broker):
    stream = LearnWorkProject.objects.get(name="BinQ-1").stream
    project = actions.add_project(by=broker, name="BinQ-9", branch=Branch.objects.get(code="01"), stream=stream)
    last_entry(verbs.PROJECT_ADDED)
    actions.update_project(project, by=broker, group_size=12, level="BBL 2")
    assert last_entry(verbs.PROJECT_CHANGED).details == {"fields": ["group_size", "level"]}


def test_R13_a_group_does_not_get_smaller_than_who_is_in_it_now(broker, monkeypatch):
    """Eleven were in it, three left."""
    project = ProjectFactory(group_size=12, participants_count=11)
    monkeypatch.setattr("employers.portal.HEADCOUNTS", [lambda _project: 8])
    with pytest.raises(Refused, match="8 deelnemers"):
        actions.update_project(project, by=broker, group_size=7)
    assert actions.update_project(project, by=broker, group_size=8).group_size == 8


def test_intake_dates_are_added_once_and_removed(broker):
    project = ProjectFactory()
    intake = actions.add_intake_date(project, date(2027, 2, 1), by=broker)
    assert last_entry(verbs.INTAKE_DATE_ADDED).details == {"project": project.pk, "on": "2027-02-01"}
    with pytest.raises(Refused, match="staat er al"):
        actions.add_intake_date(project, date(2027, 2, 1), by=broker)
    actions.remove_intake_date(intake, by=broker)
    last_entry(verbs.INTAKE_DATE_REMOVED)
    assert not IntakeDate.objects.filter(project=project).exists()


def test_at_most_four_intakes_lie_ahead_and_past_ones_do_not_count(broker):
    project, today = ProjectFactory(), clock.today()
    for days in (-400, -200, 30, 60, 90, 120):
        actions.add_intake_date(project, today + timedelta(days=days), by=broker)
    with pytest.raises(Refused, match="al 4 instroomdata"):
        actions.add_intake_date(project, today + timedelta(days=150), by=broker)
    actions.add_intake_date(project, today - timedelta(days=10), by=broker)
    actions.remove_intake_date(project.intake_dates.get(on=today + timedelta(days=30)), by=broker)
    actions.add_intake_date(project, today + timedelta(days=150), by=broker)
    assert project.intake_dates.filter(on__gte=today).count() == 4


# --- SROI ---


def test_sroi_is_added_and_fulfilled(broker):
    employer = EmployerFactory()
    obligation = actions.add_sroi(
        employer,
        by=broker,
        contract_name="Onderhoud",
        awarded_by="Gemeente Raalte",
        awarded_sum=Decimal("200000"),
        percentage=Decimal("5"),
        due_on=date(2027, 12, 31),
    )
    last_entry(verbs.SROI_ADDED)
    assert (obligation.obligation_sum, obligation.percent_fulfilled) == (Decimal("10000.00"), 0)
    obligation = actions.update_sroi(obligation, by=broker, fulfilled_sum=Decimal("2500"))
    assert (obligation.open_sum, obligation.percent_fulfilled) == (Decimal("7500.00"), 25)
    last_entry(verbs.SROI_CHANGED)


def test_sroi_percentage_is_guarded_by_the_database_too():
    obligation = SroiFactory()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE employers_sroiobligation SET percentage = 101 WHERE id = %s", [obligation.pk])


# --- Together: whatever fails takes everything with it ---


def test_a_failing_log_takes_the_change_along(broker, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("log")

    monkeypatch.setattr(actions, "record", fail)
    contact, vacancy = EmployerContactFactory(), VacancyFactory(status="concept")
    for attempt in (
        lambda: actions.add_employer(by=broker, name="Weg", branch=Branch.objects.get(code="01")),
        lambda: actions.update_contact(contact, by=broker, name="Weg"),
        lambda: actions.publish_vacancy(vacancy, by=broker),
        lambda: actions.update_vacancy(vacancy, by=broker, title="Weg"),
    ):
        with pytest.raises(RuntimeError):
            attempt()
    contact.refresh_from_db(), vacancy.refresh_from_db()
    assert contact.name != "Weg" and vacancy.title != "Weg" and vacancy.status == "concept"
    assert not Employer.objects.filter(organisation__name="Weg").exists()
    assert not OutboxMessage.objects.exists()
