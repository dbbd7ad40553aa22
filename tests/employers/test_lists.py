"""The lists of companies, vacancies and projects: their filters, and how much they ask of the database."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Branch, KindOfPlace, Role
from employers.models import LearnWorkProject
from tests.factories import (
    EmployerFactory,
    FunctionFactory,
    ProjectFactory,
    VacancyFactory,
    region,
    representative,
    staff,
)
from tests.questions import LIST, ONE_THING
from topjob import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(client):
    user = staff(Role.WERKMAKELAAR)
    client.force_login(user)
    return user


def test_employer_filters_live_in_the_address(client, broker):
    EmployerFactory(organisation__name="Wegenbouw Salland", organisation__city="Raalte")
    EmployerFactory(organisation__name="Zorg", branch=Branch.objects.get(code="04"), organisation__region=region("29"))
    url = reverse("employers:list")

    def names(**query):
        return [str(row) for row in client.get(url, query).context["page_obj"].object_list]

    assert names() == ["Wegenbouw Salland", "Zorg"]
    assert names(q="salland") == names(q="raalte") == names(branch="01") == names(region="20") == ["Wegenbouw Salland"]
    assert names(branch="04", region="29") == ["Zorg"]
    assert names(branch="04", region="20") == []


def test_open_vacancies_come_first_whatever_the_order_and_a_start_that_is_past_looks_past(client, broker):
    today = clock.today()
    VacancyFactory(title="A dicht", status="gesloten", starts_on=today + timedelta(days=9))
    VacancyFactory(title="B concept", status="concept", starts_on=today + timedelta(days=9))
    VacancyFactory(title="C straks", starts_on=today + timedelta(days=1))
    VacancyFactory(title="D begonnen", starts_on=today - timedelta(days=1))
    url = reverse("employers:vacancies")

    def titles(sort):
        return [row.title for row in client.get(url, {"sort": sort}).context["page_obj"].object_list]

    assert titles("") == ["D begonnen", "C straks", "A dicht", "B concept"]
    assert titles("title") == ["C straks", "D begonnen", "A dicht", "B concept"]
    assert titles("start") == ["D begonnen", "C straks", "A dicht", "B concept"]
    page = client.get(url, {"sort": "-title"}).content.decode()
    assert page.count("sinds ") == 1
    assert 'aria-sort="descending"' in page


def test_vacancy_filters_live_in_the_address(client, broker):
    stream = LearnWorkProject.objects.first().stream
    VacancyFactory(title="Straten", stream=stream, city="Raalte")
    VacancyFactory(
        title="Vol",
        function__name="Bakken",
        seats_free=0,
        status="gesloten",
        kind_of_place=KindOfPlace.objects.get(code="bol"),
    )
    url = reverse("employers:vacancies")

    def titles(**query):
        return [row.title for row in client.get(url, query).context["page_obj"].object_list]

    assert titles() == ["Straten", "Vol"], "what is closed comes last, though it is newer"
    for query in ({"q": "straten"}, {"stream": "stroom-1"}, {"status": "open"}, {"place": "raalte"}, {"free": "on"}):
        assert titles(**query) == ["Straten"], query
    assert titles(kind="bol") == ["Vol"]
    assert titles(branch="02") == []


def test_concepts_and_closed_vacancies_come_last_and_a_past_start_looks_past(client, broker):
    today = clock.today()
    for title, status, days in (
        ("Eerst", "open", -40),
        ("Nieuwer", "open", 40),
        ("Dicht", "gesloten", 5),
        ("Los", "concept", 5),
    ):
        VacancyFactory(title=title, status=status, starts_on=today + timedelta(days=days))
    page = client.get(reverse("employers:vacancies"))
    titles = [row.title for row in page.context["page_obj"].object_list]
    assert titles == ["Nieuwer", "Eerst", "Dicht", "Los"]
    assert page.text.count("sinds") == 1


def make(count):
    for _ in range(count):
        vacancy = VacancyFactory()
        ProjectFactory(employer=vacancy.employer, branch=vacancy.function.branch)


@pytest.mark.parametrize("name", ["list", "vacancies", "projects", "vacancy_add"])
def test_lists_ask_as_much_for_50_rows_as_for_5(client, broker, django_assert_max_num_queries, name):
    url = reverse(f"employers:{name}")
    make(5)
    client.get(url)
    with django_assert_max_num_queries(LIST) as few:
        client.get(url)
    make(45)
    with django_assert_max_num_queries(LIST) as many:
        assert client.get(url).status_code == 200
    assert len(many) == len(few)


@pytest.mark.parametrize("portal_too", [False, True])
def test_a_companys_page_asks_as_much_with_many_rows_as_with_few(client, django_assert_max_num_queries, portal_too):
    employer = VacancyFactory().employer
    user = representative(employer.organisation) if portal_too else staff(Role.WERKMAKELAAR)
    client.force_login(user)
    url = reverse("employers:portal" if portal_too else "employers:detail", args=[] if portal_too else [employer.pk])
    with django_assert_max_num_queries(ONE_THING) as few:
        client.get(url)
    for _ in range(20):
        VacancyFactory(employer=employer, function=FunctionFactory(employer=employer))
        ProjectFactory(employer=employer)
    with django_assert_max_num_queries(ONE_THING) as many:
        client.get(url)
    assert len(many) == len(few)
