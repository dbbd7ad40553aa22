"""The pages as people use them: filled in, sent, and what is wrong said at the field."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Branch, KindOfPlace, Organisation, Role
from employers import portal
from employers.models import Employer, FunctionProfile, LearnWorkProject, SroiObligation, Vacancy
from tests.factories import (
    EmployerContactFactory,
    EmployerFactory,
    FunctionFactory,
    ProjectFactory,
    VacancyFactory,
    region,
    representative,
    staff,
)
from tests.mails_first import assert_shown, shows
from topjob import clock

pytestmark = pytest.mark.django_db
NUL = "\x00"
LONG = "x" * 100_000


@pytest.fixture
def broker(client):
    user = staff(Role.WERKMAKELAAR)
    client.force_login(user)
    return user


def errors_of(response):
    """The form's errors, after checking that the page shows them and keeps what was typed."""
    assert response.status_code == 200
    form = response.context["form"]
    page = response.content.decode()
    assert form.errors and "Dit klopt nog niet" in page and "<title>Fout:" in page
    return form.errors


def employer_data(**changes):
    branch = Branch.objects.get(code="01")
    return {"name": "Wegenbouw", "branch": branch.pk, "mentor_fte": "1,5", **changes}


def vacancy_data(function, **changes):
    data = {
        "title": "Stratenmaker",
        "function": function.pk,
        "kind_of_place": KindOfPlace.objects.get(code="bbl").pk,
        "seats": 2,
        "hours_min": 24,
        "hours_max": 32,
        "starts_on": "2027-02-01",
        "postcode": "8131ab",
        "city": "Wijhe",
        "region": region().pk,
    }
    return {**data, **changes}


# --- Staff: the whole way ---


def test_from_company_to_open_vacancy(client, broker):
    response = client.post(reverse("employers:add"), employer_data(kvk_number="12345678", postcode="8131ab"))
    employer = Employer.objects.get()
    assert response.url == reverse("employers:detail", args=[employer.pk])
    assert (employer.organisation.postcode, str(employer.mentor_fte)) == ("8131 AB", "1.5")
    data = {"name": "Lasser", "branch": employer.branch_id, "tasks": "Lassen", "hours_per_week": 32, "level": 2}
    client.post(reverse("employers:function_add", args=[employer.pk]), {**data, "language_level": 2, "load_tillen": 3})
    function = FunctionProfile.objects.get()
    assert dict(function.loads.values_list("load", "level")) == {"tillen": 3}
    client.post(reverse("employers:vacancy_for_employer", args=[employer.pk]), vacancy_data(function))
    vacancy = Vacancy.objects.get()
    assert (vacancy.postcode, vacancy.status) == ("8131 AB", "concept")
    page = client.post(reverse("employers:vacancy_publish", args=[vacancy.pk]), follow=True)
    assert "De vacature staat open" in page.content.decode()
    client.post(reverse("employers:vacancy_edit", args=[vacancy.pk]), vacancy_data(function, seats=5))
    vacancy.refresh_from_db()
    assert (vacancy.seats, vacancy.seats_free, vacancy.status) == (5, 5, "open")
    client.post(reverse("employers:vacancy_close", args=[vacancy.pk]), {"reason": "Vergeven"})
    vacancy.refresh_from_db()
    assert vacancy.status == "gesloten"


def test_a_company_without_a_function_first_gets_one(client, broker):
    employer = EmployerFactory()
    response = client.get(reverse("employers:vacancy_for_employer", args=[employer.pk]))
    assert response.url == reverse("employers:function_add", args=[employer.pk])


def test_edit_form_shows_what_is_stored_and_saves_it_unchanged(client, broker):
    employer = EmployerFactory(mentor_fte="2.5", vision="Samen")
    url = reverse("employers:edit", args=[employer.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    assert (data["name"], data["city"], data["vision"]) == (employer.organisation.name, "Wijhe", "Samen")
    assert form["mentor_fte"].field.prepare_value(employer.mentor_fte) in ("2,5", "2.5")
    assert client.post(url, {k: v for k, v in data.items() if v not in (None, False)}).status_code == 302


def test_double_publish_is_explained_and_changes_nothing(client, broker):
    vacancy = VacancyFactory()
    response = client.post(reverse("employers:vacancy_publish", args=[vacancy.pk]))
    assert response.status_code == 409
    assert "staat al open" in response.content.decode()


def test_a_vacancy_that_cannot_open_says_why_with_a_link(client, broker):
    vacancy = VacancyFactory(status="concept", closes_on=clock.today() - timedelta(days=3))
    page = client.get(reverse("employers:vacancy", args=[vacancy.pk])).content.decode()
    assert "Waarom kan dit nog niet?" in page
    assert reverse("employers:vacancy_edit", args=[vacancy.pk]) in page


def test_get_never_changes(client, broker):
    vacancy = VacancyFactory(status="concept")
    assert client.get(reverse("employers:vacancy_publish", args=[vacancy.pk])).status_code == 405
    client.get(reverse("employers:vacancy_close", args=[vacancy.pk]))
    vacancy.refresh_from_db()
    assert vacancy.status == "concept"


def test_contact_is_added_and_switched_off(client, broker):
    employer = EmployerFactory()
    url = reverse("employers:contact_add", args=[employer.pk])
    data = {"name": "Anja", "function": "jobcoach", "email": "anja@b.example", "phone": "0570-521234"}
    client.post(url, data)
    contact = employer.contacts.get()
    assert contact.phone.as_e164 == "+31570521234"
    client.post(reverse("employers:contact_switch", args=[contact.pk]))
    contact.refresh_from_db()
    assert not contact.is_active


@shows("employers:contact_access")
def test_a_contact_sees_before_what_is_mailed(client, broker):
    contact = EmployerContactFactory()
    assert_shown(client, reverse("employers:contact_access", args=[contact.pk]), sent=1)
    contact.refresh_from_db()
    assert contact.user is not None


def test_contact_gets_and_loses_the_portal(client, broker):
    contact = EmployerContactFactory()
    url = reverse("employers:contact_access", args=[contact.pk])
    assert "heeft nu toegang" in client.post(url, follow=True).content.decode()
    contact.refresh_from_db()
    assert contact.user is not None
    assert "had al toegang" in client.post(url, follow=True).content.decode(), "a page from before a colleague gave it"
    contact.refresh_from_db()
    assert contact.user is not None
    assert "geen toegang meer" in client.post(url, {"intrekken": "1"}, follow=True).content.decode()
    contact.refresh_from_db()
    assert contact.user is None


def test_project_with_company_by_name_and_intake_dates(client, broker):
    employer = EmployerFactory(organisation__name="Wegenbouw Salland")
    stream = LearnWorkProject.objects.first().stream
    data = {
        "name": "BinQ-7",
        "branch": employer.branch_id,
        "stream": stream.pk,
        "employer": "wegenbouw salland",
        "training_months": 18,
        "group_size": 12,
    }
    client.post(reverse("employers:project_add"), data)
    project = LearnWorkProject.objects.get(name="BinQ-7")
    assert project.employer == employer
    client.post(reverse("employers:intake_add", args=[project.pk]), {"on": "2027-02-01"})
    again = client.post(reverse("employers:intake_add", args=[project.pk]), {"on": "2027-02-01"})
    assert "on" in errors_of(again)
    for year in (2028, 2029, 2030):
        client.post(reverse("employers:intake_add", args=[project.pk]), {"on": f"{year}-02-01"})
    full = client.post(reverse("employers:intake_add", args=[project.pk]), {"on": "2031-02-01"})
    assert "al 4 instroomdata" in full.text
    project.intake_dates.filter(on__year__gt=2027).delete()
    client.post(reverse("employers:intake_remove", args=[project.intake_dates.get().pk]))
    assert not project.intake_dates.exists()
    edit = client.get(reverse("employers:project_edit", args=[project.pk])).content.decode()
    assert f'value="{project.employer.distinct_name}"' in edit
    url, same = reverse("employers:project_edit", args=[project.pk]), {"employer": project.employer.distinct_name}
    assert client.post(url, data | same).status_code == 302


def test_project_page_shows_binq_1_with_12_participants_and_11_jobs(client, broker):
    project = LearnWorkProject.objects.get(name="BinQ-1")
    response = client.get(reverse("employers:project", args=[project.pk]))
    page = response.content.decode()
    assert re.search(r"<strong>12</strong>\s*<span>deelnemers", page)
    assert re.search(r"<strong>11</strong>\s*<span>banen", page)
    assert page.count('class="track"') == 2, "what nobody counted has no bar"
    assert "februari 2012" in page


def test_project_page_shows_the_group_that_trajectories_registers(client, broker, monkeypatch):
    member = portal.GroupMember(name="Piet Jansen", state="Proefperiode", phase="B", url="/trajecten/1/")
    monkeypatch.setattr(portal, "GROUP_SOURCES", [lambda project, user: [member]])
    project = LearnWorkProject.objects.get(name="BinQ-1")
    assert "Piet Jansen" in client.get(reverse("employers:project", args=[project.pk])).content.decode()


def test_suggestions_hold_what_was_typed(client, broker):
    EmployerFactory(organisation__name="Wegenbouw Salland")
    EmployerFactory(organisation__name="Zorg Raalte")
    page = client.get(reverse("employers:suggest"), {"employer": "sall"}).content.decode()
    assert "Wegenbouw Salland" in page and "Zorg Raalte" not in page
    assert client.get(reverse("employers:suggest"), {"employer": NUL}).status_code == 200


# --- Bad input ---


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kvk_number", "1234567", "precies 8 cijfers"),
        ("kvk_number", "1234567a", "precies 8 cijfers"),
        ("kvk_number", "١٢٣٤٥٦٧٨", "precies 8 cijfers"),
        ("postcode", "0131 AB", "4 cijfers en 2 letters"),
        ("postcode", "8131", "4 cijfers en 2 letters"),
        ("phone", "12", ""),
        ("email", "geen adres", ""),
        ("name", "", ""),
        ("name", NUL, ""),
        ("name", LONG, ""),
        ("vision", LONG, ""),
        ("employees", "-1", ""),
        ("employees", "99999999999999", ""),
        ("mentor_fte", "veel", ""),
        ("mentor_fte", "-1", ""),
        ("mentor_fte", "NaN", ""),
        ("mentor_fte", "1e999", ""),
        ("branch", "99999999999999999999", ""),
        ("branch", "x", ""),
    ],
)
def test_wrong_company_data_is_said_at_the_field(client, broker, field, value, words):
    response = client.post(reverse("employers:add"), employer_data(**{field: value}))
    errors = errors_of(response)
    assert field in errors and words in errors[field][0]
    assert not Employer.objects.exists()


def test_a_kvk_number_in_use_names_the_company(client, broker):
    EmployerFactory(organisation__kvk_number="12345678", organisation__name="Al Bekend")
    response = client.post(reverse("employers:add"), employer_data(kvk_number="12345678"))
    assert errors_of(response)["kvk_number"] == ["Er is al een werkgever met dit KvK-nummer: Al Bekend."]


def test_a_kvk_number_of_an_opdrachtgever_is_free_for_an_employer(client, broker):
    Organisation.objects.filter(kind="opdrachtgever").first().save()
    Organisation.objects.create(kind="opdrachtgever", name="Gemeente X", kvk_number="12345678")
    assert client.post(reverse("employers:add"), employer_data(kvk_number="12345678")).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("hours_min", "0", ""),
        ("hours_max", "41", ""),
        ("hours_max", "20", "lager dan het minimum"),
        ("seats", "0", ""),
        ("seats", "201", ""),
        ("seats", "twee", ""),
        ("starts_on", "31-02-2027", ""),
        ("starts_on", "0001-01-01", "Controleer het jaar"),
        ("ends_on", "2027-01-31", "vóór de startdatum"),
        ("closes_on", "9999-12-31", "Controleer het jaar"),
        ("postcode", "8131  a", "4 cijfers en 2 letters"),
        ("title", LONG, ""),
        ("title", NUL, ""),
        ("description", LONG, ""),
        ("stream", "x", ""),
    ],
)
def test_wrong_vacancy_data_is_said_at_the_field(client, broker, field, value, words):
    function = FunctionFactory()
    url = reverse("employers:vacancy_for_employer", args=[function.employer_id])
    errors = errors_of(client.post(url, vacancy_data(function, **{field: value})))
    assert field in errors and words in errors[field][0]
    assert not Vacancy.objects.exists()


def test_R13_seats_below_use_is_an_error_at_the_field(client, broker):
    vacancy = VacancyFactory(seats=4, seats_free=1)
    url = reverse("employers:vacancy_edit", args=[vacancy.pk])
    errors = errors_of(client.post(url, vacancy_data(vacancy.function, seats=2)))
    assert errors["seats"] == ["Er zijn 3 plaatsen bezet. Het aantal plaatsen kan niet lager zijn."]
    assert client.post(url, vacancy_data(vacancy.function, seats=3)).status_code == 302
    vacancy.refresh_from_db()
    assert (vacancy.seats, vacancy.seats_free) == (3, 0)


def test_another_companys_function_or_project_cannot_be_chosen(client, broker):
    function, foreign, project = FunctionFactory(), FunctionFactory(), ProjectFactory()
    url = reverse("employers:vacancy_for_employer", args=[function.employer_id])
    assert "function" in errors_of(client.post(url, vacancy_data(foreign)))
    assert "project" in errors_of(client.post(url, vacancy_data(function, project=project.pk)))


def test_a_project_of_another_stream_is_an_error(client, broker):
    function = FunctionFactory()
    project = LearnWorkProject.objects.get(name="TecQ")
    other = type(project.stream).objects.get(number=3)
    url = reverse("employers:vacancy_for_employer", args=[function.employer_id])
    data = vacancy_data(function, project=project.pk, stream=other.pk)
    assert "stream" in errors_of(client.post(url, data))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("awarded_sum", "-1"),
        ("awarded_sum", "veel"),
        ("awarded_sum", "99999999999999"),
        ("percentage", "101"),
        ("percentage", "-0,1"),
        ("fulfilled_sum", "NaN"),
        ("due_on", "gisteren"),
        ("contract_name", NUL),
    ],
)
def test_wrong_sroi_data_is_said_at_the_field(client, broker, field, value):
    employer = EmployerFactory()
    data = {"contract_name": "A", "awarded_by": "B", "awarded_sum": "1.000", "percentage": "5", "due_on": "2027-12-31"}
    url = reverse("employers:sroi_add", args=[employer.pk])
    assert field in errors_of(client.post(url, {**data, field: value}))
    assert not SroiObligation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stored"), [("1.250,50", "1250.50"), ("€ 1.250", "1250.00"), ("1250.5", "1250.50"), ("1250", "1250.00")]
)
def test_money_is_read_as_the_dutch_write_it(client, broker, typed, stored):
    employer = EmployerFactory()
    data = {"contract_name": "A", "awarded_by": "B", "awarded_sum": typed, "percentage": "5%", "due_on": "2027-12-31"}
    client.post(reverse("employers:sroi_add", args=[employer.pk]), data)
    obligation = SroiObligation.objects.get()
    assert str(obligation.awarded_sum) == stored
    edit = client.get(reverse("employers:sroi_edit", args=[obligation.pk])).content.decode()
    assert f'value="1.{stored[1:].replace(".", ",")}"' in edit


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"employer": "Onbekend BV"}, "employer"),
        ({"group_size": "0"}, "group_size"),
        ({"reported_participants": "2", "reported_jobs": "3"}, "reported_jobs"),
        ({"name": "BinQ-1"}, "name"),
        ({"starts_on": "2027-13-01"}, "starts_on"),
    ],
)
def test_wrong_project_data_is_said_at_the_field(client, broker, changes, field):
    project = LearnWorkProject.objects.get(name="BinQ-2")
    data = {"name": "Nieuw", "branch": project.branch_id, "stream": project.stream_id, "training_months": 18}
    assert field in errors_of(client.post(reverse("employers:project_add"), {**data, **changes}))


def test_a_mistyped_company_is_asked_about_and_never_taken_for_granted(client, broker):
    EmployerFactory(organisation__name="Wegenbouw Salland")
    project = LearnWorkProject.objects.get(name="BinQ-2")
    data = {"name": "N", "branch": project.branch_id, "stream": project.stream_id, "training_months": 18}
    errors = errors_of(client.post(reverse("employers:project_add"), {**data, "employer": "wegenbouw sallant"}))
    assert errors["employer"] == ["Welke bedoel je? Kies er een uit de lijst."]


def test_R13_a_group_smaller_than_who_is_in_it_is_an_error_at_the_field(client, broker, monkeypatch):
    project = ProjectFactory(group_size=12, employer=None)
    monkeypatch.setattr("employers.portal.HEADCOUNTS", [lambda _project: 8])
    url = reverse("employers:project_edit", args=[project.pk])
    data = {"name": project.name, "branch": project.branch_id, "stream": project.stream_id, "training_months": 18}
    assert "group_size" in errors_of(client.post(url, {**data, "group_size": 7}))


@pytest.mark.parametrize("name", ["list", "vacancies", "projects", "vacancy_add"])
@pytest.mark.parametrize(
    "query",
    [
        {"q": NUL, "place": NUL},
        {"q": LONG},
        {"branch": "x", "region": "x", "kind": "x", "stream": "x", "status": "x", "free": "x"},
        {"branch": NUL},
        {"page": "x"},
        {"page": "9" * 300},
        {"page": "-1"},
    ],
)
def test_nonsense_in_the_address_of_a_list_is_ignored(client, broker, name, query):
    assert client.get(reverse(f"employers:{name}"), query).status_code == 200


@pytest.mark.parametrize("name", ["detail", "vacancy", "project", "function", "vacancy_for_employer"])
def test_a_number_that_cannot_exist_is_not_found(client, broker, name):
    for pk in (0, 10**30):
        assert client.get(reverse(f"employers:{name}", args=[pk])).status_code == 404


def test_a_nonsense_function_in_the_address_is_ignored(client, broker):
    function = FunctionFactory()
    url = reverse("employers:vacancy_for_employer", args=[function.employer_id])
    for value in (NUL, "x", "9" * 40):
        assert client.get(url, {"functie": value}).status_code == 200


# --- The portal ---


def test_an_employer_makes_opens_and_closes_a_vacancy(client):
    function = FunctionFactory()
    employer = function.employer
    client.force_login(representative(employer.organisation))
    client.post(reverse("employers:portal_vacancy_add", args=[employer.pk]), vacancy_data(function))
    vacancy = Vacancy.objects.get()
    page = client.post(reverse("employers:portal_vacancy_publish", args=[vacancy.pk]), follow=True).content.decode()
    assert "Top Job zoekt nu kandidaten voor u" in page
    client.post(reverse("employers:portal_vacancy_edit", args=[vacancy.pk]), vacancy_data(function, seats=4))
    client.post(reverse("employers:portal_vacancy_close", args=[vacancy.pk]), {"reason": ""})
    vacancy.refresh_from_db()
    assert (vacancy.seats, vacancy.status) == (4, "gesloten")


def test_an_employer_leaves_stream_and_project_as_top_job_set_them(client):
    project = ProjectFactory()
    vacancy = VacancyFactory(employer=project.employer, project=project, stream=project.stream)
    client.force_login(representative(project.employer.organisation))
    url = reverse("employers:portal_vacancy_edit", args=[vacancy.pk])
    assert not {"stream", "project"} & set(client.get(url).context["form"].fields)
    client.post(url, vacancy_data(vacancy.function, stream="", project="", title="Anders"))
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.project, vacancy.stream) == ("Anders", project, project.stream)


def test_an_employer_keeps_the_own_profile_but_not_the_name(client):
    employer = EmployerFactory(organisation__name="Vaste Naam", organisation__kvk_number="12345678")
    client.force_login(representative(employer.organisation))
    url = reverse("employers:portal_profile_edit", args=[employer.pk])
    data = {"branch": employer.branch_id, "employees": 30, "vision": "Leren", "city": "Olst", "name": "Anders"}
    assert client.post(url, data).status_code == 302
    employer.refresh_from_db()
    assert (employer.organisation.name, employer.organisation.kvk_number) == ("Vaste Naam", "12345678")
    assert (employer.organisation.city, employer.vision, employer.employees) == ("Olst", "Leren", 30)


def test_an_employer_adds_function_and_contact(client):
    employer = EmployerFactory()
    client.force_login(representative(employer.organisation))
    data = {"name": "Lasser", "branch": employer.branch_id, "tasks": "Lassen", "hours_per_week": 32}
    client.post(reverse("employers:portal_function_add", args=[employer.pk]), {**data, "level": 2, "language_level": 2})
    contact = {"name": "Jan", "function": "leermeester", "email": "jan@b.example"}
    client.post(reverse("employers:portal_contact_add", args=[employer.pk]), contact)
    assert employer.functions.get().name == "Lasser"
    assert employer.contacts.get().name == "Jan"


def test_tasks_of_other_apps_come_in_order_of_urgency_and_for_this_company_only(client, monkeypatch):
    employer = EmployerFactory()
    today = clock.today()
    tasks = [
        portal.PortalTask("Later", "/a/", due_on=today + timedelta(days=9)),
        portal.PortalTask("Eerst", "/b/", due_on=today, organisation_id=employer.organisation_id),
        portal.PortalTask("Zonder datum", "/c/"),
        portal.PortalTask("Van een ander", "/d/", organisation_id=employer.organisation_id + 1),
    ]
    monkeypatch.setattr(portal, "TASK_SOURCES", [lambda user: tasks])
    client.force_login(representative(employer.organisation))
    response = client.get(reverse("employers:portal"))
    assert [task.title for task in response.context["tasks"]] == ["Eerst", "Later", "Zonder datum"]


def test_quota_and_sroi_are_shown_to_the_employer(client):
    employer = EmployerFactory(employees=12)
    client.force_login(representative(employer.organisation))
    page = client.get(reverse("employers:portal_sroi", args=[employer.pk])).content.decode()
    assert "Vrijgesteld: minder dan 25 medewerkers" in page


def test_an_open_vacancy_leads_to_its_fitting_candidates(client, broker):
    is_open, draft = VacancyFactory(), VacancyFactory(status="concept")
    pages = [client.get(reverse("employers:vacancy", args=[row.pk])).content.decode() for row in (is_open, draft)]
    link = reverse("matching:for_vacancy", args=[is_open.pk])
    assert link in pages[0]
    assert "Passende kandidaten" not in pages[1]
