"""Who sees which rows and who may change them; foreign looks like nonexistent."""

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from employers.models import Employer, EmployerContact, FunctionProfile, LearnWorkProject, SroiObligation, Vacancy
from tests.factories import (
    EmployerContactFactory,
    EmployerFactory,
    ProjectFactory,
    SroiFactory,
    UserFactory,
    VacancyFactory,
    representative,
    staff,
)

pytestmark = pytest.mark.django_db
MODELS = (Employer, EmployerContact, FunctionProfile, Vacancy, SroiObligation)
OVERVIEW = (
    Role.FRONTOFFICE,
    Role.REGISSEUR,
    Role.LOOPBAANADVISEUR,
    Role.WERKMAKELAAR,
    Role.PERSONEEL,
    Role.BACKOFFICE,
    Role.BEHEERDER,
)
MANAGERS = (Role.WERKMAKELAAR, Role.FRONTOFFICE, Role.REGISSEUR)


@pytest.fixture
def company():
    employer = EmployerFactory()
    vacancy = VacancyFactory(employer=employer)
    EmployerContactFactory(employer=employer)
    SroiFactory(employer=employer)
    ProjectFactory(employer=employer)
    return vacancy.employer


@pytest.fixture
def other():
    vacancy = VacancyFactory()
    EmployerContactFactory(employer=vacancy.employer)
    SroiFactory(employer=vacancy.employer)
    ProjectFactory(employer=vacancy.employer)
    return vacancy.employer


def counts(user, how="visible_to"):
    return [getattr(model.objects, how)(user).count() for model in MODELS]


@pytest.mark.parametrize("role", OVERVIEW)
def test_staff_see_every_company(role, company, other):
    user = staff(role)
    assert counts(user) == [2, 2, 2, 2, 2]
    assert LearnWorkProject.objects.visible_to(user).count() == LearnWorkProject.objects.count()


@pytest.mark.parametrize("role", [Role.WERKGEVER, Role.JOBCOACH])
def test_contact_and_jobcoach_see_the_own_company(role, company, other):
    user = representative(company.organisation, role=role)
    assert counts(user) == [1, 1, 1, 1, 1]
    assert LearnWorkProject.objects.visible_to(user).get().employer == company


def test_others_see_nothing(company):
    assert counts(UserFactory()) == [0, 0, 0, 0, 0]
    candidate = UserFactory()
    Membership.objects.create(user=candidate, role=Role.KANDIDAAT)
    assert counts(candidate) == [0, 0, 0, 0, 0]


def test_staff_who_also_speak_for_a_company_see_only_that_one_in_the_portal(company, other):
    user = staff(Role.WERKMAKELAAR)
    Membership.objects.create(user=user, role=Role.WERKGEVER, organisation=company.organisation)
    assert counts(user, "represented_by") == [1, 1, 1, 1, 1]


def staff_pages(employer):
    vacancy, function = employer.vacancies.get(), employer.functions.get()
    contact, project, obligation = employer.contacts.get(), employer.projects.get(), employer.sroi_obligations.get()
    reading = [
        ("list",),
        ("detail", employer.pk),
        ("function", function.pk),
        ("vacancies",),
        ("vacancy", vacancy.pk),
        ("projects",),
        ("project", project.pk),
    ]
    changing = [
        ("add",),
        ("edit", employer.pk),
        ("contact_add", employer.pk),
        ("contact_edit", contact.pk),
        ("function_add", employer.pk),
        ("function_edit", function.pk),
        ("sroi_add", employer.pk),
        ("sroi_edit", obligation.pk),
        ("vacancy_add",),
        ("vacancy_for_employer", employer.pk),
        ("vacancy_edit", vacancy.pk),
        ("vacancy_close", vacancy.pk),
        ("project_add",),
        ("project_edit", project.pk),
        ("intake_add", project.pk),
        ("suggest",),
    ]
    return [[reverse(f"employers:{name}", args=args) for name, *args in pages] for pages in (reading, changing)]


def all_staff_pages(employer):
    reading, changing = staff_pages(employer)
    return [*reading, *changing]


@pytest.mark.parametrize("role", OVERVIEW)
def test_staff_pages_read_by_all_changed_by_some(client, role, company):
    client.force_login(staff(role))
    reading, changing = staff_pages(company)
    assert [client.get(url).status_code for url in reading] == [200] * len(reading)
    expected = 200 if role in MANAGERS else 404
    assert [client.get(url).status_code for url in changing] == [expected] * len(changing)


def test_only_managers_see_the_buttons(client, company):
    url = reverse("employers:detail", args=[company.pk])
    client.force_login(staff(Role.BACKOFFICE))
    assert "Profiel wijzigen" not in client.get(url).content.decode()
    client.force_login(staff(Role.WERKMAKELAAR))
    assert "Profiel wijzigen" in client.get(url).content.decode()


def test_an_employer_does_not_open_staff_pages(client, company):
    client.force_login(representative(company.organisation))
    for url in all_staff_pages(company):
        assert client.get(url).status_code == 404, url


def test_a_visitor_is_sent_to_the_login_page(client, company):
    for url in [*all_staff_pages(company), *portal_pages(company)]:
        response = client.get(url)
        assert response.status_code == 302 and response.url.startswith("/inloggen/"), url


def portal_pages(employer):
    vacancy, function, contact = employer.vacancies.get(), employer.functions.get(), employer.contacts.get()
    pages = [
        ("portal_company", employer.pk),
        ("portal_profile", employer.pk),
        ("portal_profile_edit", employer.pk),
        ("portal_sroi", employer.pk),
        ("portal_contact_add", employer.pk),
        ("portal_contact_edit", contact.pk),
        ("portal_function_add", employer.pk),
        ("portal_function", function.pk),
        ("portal_function_edit", function.pk),
        ("portal_vacancies", employer.pk),
        ("portal_vacancy_add", employer.pk),
        ("portal_vacancy", vacancy.pk),
        ("portal_vacancy_edit", vacancy.pk),
        ("portal_vacancy_close", vacancy.pk),
    ]
    return [reverse(f"employers:{name}", args=args) for name, *args in pages]


def test_portal_shows_the_own_company_and_nothing_of_another(client, company, other):
    client.force_login(representative(company.organisation))
    own, foreign = portal_pages(company), portal_pages(other)
    assert [client.get(url).status_code for url in own] == [200] * len(own)
    assert [client.get(url).status_code for url in foreign] == [404] * len(foreign)
    posts = [*foreign, reverse("employers:portal_vacancy_publish", args=[other.vacancies.get().pk])]
    changed = [client.post(url, {"name": "x"}).status_code for url in posts]
    assert set(changed) <= {404, 405}
    assert other.organisation.name not in client.get(reverse("employers:portal")).content.decode()


def test_portal_is_closed_to_staff(client, company):
    client.force_login(staff(Role.WERKMAKELAAR))
    assert client.get(reverse("employers:portal")).status_code == 404


def test_a_contact_of_one_company_lands_on_it(client, company):
    client.force_login(representative(company.organisation))
    page = client.get(reverse("employers:portal")).content.decode()
    assert "Uw vacatures" in page and company.organisation.name in page


def test_a_contact_of_two_companies_chooses(client, company, other):
    client.force_login(representative(company.organisation, other.organisation))
    page = client.get(reverse("employers:portal")).content.decode()
    assert company.organisation.name in page and other.organisation.name in page
    assert "Kies een bedrijf" in page
    assert client.get(reverse("employers:portal_company", args=[other.pk])).status_code == 200


def test_a_contact_without_a_profile_is_told_what_to_do(client):
    employer = EmployerFactory.build()
    employer.organisation.region = None
    employer.organisation.save()
    client.force_login(representative(employer.organisation))
    assert "nog geen bedrijf" in client.get(reverse("employers:portal")).content.decode()
