"""Two people with one thing open: nothing that a colleague saved is overwritten unseen, in any form (`topjob/merging.py`)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django import forms
from django.conf import settings
from django.db import connections
from django.forms.formsets import BaseFormSet
from django.test import Client
from django.urls import reverse

from accounts.models import Branch, Role, User
from candidates.models import Candidate, LifeArea, Registration, SupportNeed
from employers.models import EmployerContact
from tests import factories
from tests.employers.test_concurrency import at_once
from tests.screens import form_with
from tests.test_repository import APPS
from topjob import clock, merging
from topjob.merging import MergingMixin
from topjob.merging_rows import MergingFormSet

ROOT = Path(settings.BASE_DIR)
SAID = "Iemand anders heeft dit intussen gewijzigd"
# Forms that only ever make a new row, or answer something once: there is nothing of somebody else's to overwrite.
ONLY_NEW = {
    "AcceptForm",
    "CloseForm",
    "CodeForm",
    "ConsentForm",
    "ContactForm",
    "FinanceForm",
    "HoldForm",
    "IntakeDateForm",
    "LawSettingForm",
    "NeedForm",
    "NoteForm",
    "OfferAnswerForm",
    "OfferForm",
    "OwnConsentForm",
    "PublicRegistrationForm",
    "RepresentativeForm",
    "ScanForm",
    # the parts of a file are added and removed, never changed
    "PartForm",
    "DatedForm",
    "ExperienceForm",
    "EducationForm",
    "InterestForm",
    "AbilityForm",
    "LimitationForm",
    "ProspectForm",
    # the base of a form that does merge; by itself the person in a new registration
    "PersonFields",
    # the new account with its first role
    "InviteForm",
    "WhyForm",
}


def subclasses(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def ours() -> list[type]:
    return [form for form in subclasses(forms.BaseForm) if form.__module__.partition(".")[0] in APPS]


def test_every_form_about_a_stored_row_merges() -> None:
    """So the next one can't forget it: a model's form merges, or is named above with why it has nothing to overwrite."""
    import topjob.urls  # noqa: F401  every view, and so every form

    models = [form for form in ours() if issubclass(form, forms.ModelForm)]
    without = {form.__name__ for form in models if not issubclass(form, MergingMixin)}
    assert without - ONLY_NEW == set()
    assert len(models) > 30


def test_every_form_that_begins_with_what_is_stored_merges() -> None:
    """Also those that aren't a model's own: whatever a page fills in beforehand may have been changed by somebody else."""
    merging_forms = {form.__name__ for form in ours() if issubclass(form, MergingMixin)}
    wrong = {
        f"{path.name}: {call.func.id}"
        for app in APPS
        for path in (ROOT / app).rglob("views/*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Form")
        if {word.arg for word in call.keywords} & {"instance", "initial"}
        if call.func.id not in merging_forms | ONLY_NEW
    }
    assert wrong == set()


def test_every_list_of_lines_merges() -> None:
    """Also a list that is stored as a whole: goals, agreements and talks of a startplan."""
    import topjob.urls  # noqa: F401

    lists = [formset for formset in subclasses(BaseFormSet) if getattr(formset, "form", None) in set(ours())]
    without = [one for one in lists if not (issubclass(one, MergingFormSet) or issubclass(one.form, MergingMixin))]
    assert without == []
    assert len(lists) >= 3


# --- the pages of every app ---


class Page(NamedTuple):
    """A page that changes something: two fields with what two people make of them."""

    name: str
    role: str
    make: Callable[[], Any]
    one: str
    first: str
    second: str
    other: str
    value: str


def own_data() -> Any:
    return factories.CandidateFactory(phone="+31612345678")


def question() -> Any:
    candidate, area = factories.CandidateFactory(), LifeArea.objects.first()
    return SupportNeed.objects.create(candidate=candidate, area=area, question="Vervoer", created_at=clock.now())


FRONT, BROKER = Role.FRONTOFFICE, Role.WERKMAKELAAR
CONTACT, PROFILE = factories.EmployerContactFactory, factories.ConfirmedProfileFactory
NUMBERS = ("0612345699", "0612345688")
PAGES = [
    Page("candidates:registration_edit", FRONT, factories.RegistrationFactory, "phone", *NUMBERS, "city", "Olst"),
    Page("candidates:person_data", FRONT, factories.CandidateFactory, "phone", *NUMBERS, "city", "Olst"),
    Page("candidates:need", Role.REGISSEUR, question, "approach", "Een fiets", "De bus", "status", "loopt"),
    Page("employers:edit", BROKER, factories.EmployerFactory, "vision", "Mensen", "Werk", "city", "Olst"),
    Page("employers:contact_edit", BROKER, CONTACT, "name", "Ans", "Bea", "email", "x@test.example"),
    Page("employers:function_edit", BROKER, factories.FunctionFactory, "tasks", "Lassen", "Slijpen", "load_tillen", "3"),
    Page("employers:vacancy_edit", BROKER, factories.VacancyFactory, "title", "Lasser", "Slijper", "city", "Olst"),
    Page("employers:sroi_edit", BROKER, factories.SroiFactory, "fulfilled_sum", "100", "200", "contract_name", "Brug"),
    Page("employers:project_edit", BROKER, factories.ProjectFactory, "name", "Straat", "Plein", "place", "Olst"),
    Page("matching:refine", Role.REGISSEUR, PROFILE, "remark", "Vroeg", "Laat", "max_distance_km", "17"),
    Page("matching:demand", BROKER, factories.FunctionFactory, "weekdays", "1", "2", "must_bits", "branch"),
    Page("matching:weights", Role.BEHEERDER, lambda: None, "branch_person", "11", "12", "kind_employer", "13"),
    Page("accounts:edit_user", Role.BEHEERDER, factories.UserFactory, "name", "Ans", "Bea", "phone", "0612345699"),
    Page("accounts:edit_row", Role.BEHEERDER, lambda: Branch.objects.first(), "name", "Bouw", "Zorg", "position", "77"),
]  # fmt: skip


def address(page: Page) -> str:
    row = page.make()
    if page.name == "matching:weights":
        return reverse(page.name)
    args = {"candidates:need": lambda: [row.candidate_id, row.pk], "accounts:edit_row": lambda: ["branches", row.pk]}
    if page.name == "matching:refine":
        return reverse(page.name, args=[row.candidate_id])
    return reverse(page.name, args=args.get(page.name, lambda: [row.pk])())


def shows(client: Client, url: str, page: Page) -> tuple[str, str]:
    form = form_with(client.get(url), merging.FIELD)
    return ",".join(form.get(page.one, [])), ",".join(form.get(page.other, []))


def same(shown: str, typed: str) -> bool:
    """A phone number is shown in the international way, an amount with its cents."""
    digits = "".join(letter for letter in shown if letter.isdigit())
    return shown == typed or digits.endswith(typed.removeprefix("0")) or shown.startswith(f"{typed},")


@pytest.fixture
def opened(db) -> Callable[[Page], tuple[Client, str, dict[str, list[str]]]]:
    """The page as two people have it open."""

    def go(page: Page) -> tuple[Client, str, dict[str, list[str]]]:
        client = Client()
        client.force_login(factories.staff(page.role))
        url = address(page)
        return client, url, form_with(client.get(url), merging.FIELD)

    return go


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_a_colleague_saved_in_another_field_stays(page: Page, opened) -> None:
    client, url, form = opened(page)
    sent = client.post(url, form | {page.one: page.first})
    assert sent.status_code == 302, sent.context["form"].errors
    sent = client.post(url, form | {page.other: page.value})
    assert sent.status_code == 302, sent.context["form"].errors
    one, other = shows(client, url, page)
    assert same(one, page.first) and same(other, page.value), (one, other)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_in_the_same_field_both_are_shown_and_nothing_is_lost(page: Page, opened) -> None:
    client, url, form = opened(page)
    client.post(url, form | {page.one: page.first})
    answer = client.post(url, form | {page.one: page.second, page.other: page.value})
    assert answer.status_code == 200 and SAID in answer.content.decode()
    assert f'name="{merging.TAKE_OVER}" value="{page.one}"' in answer.content.decode()
    shown = form_with(answer, merging.FIELD)
    assert same(",".join(shown[page.one]), page.second) and same(",".join(shown[page.other]), page.value)
    assert same(shows(client, url, page)[0], page.first)
    client.post(url, shown)
    assert tuple(map(same, shows(client, url, page), (page.second, page.value))) == (True, True)


def test_the_others_value_can_be_taken_over_without_typing_it(opened) -> None:
    client, url, form = opened(PAGES[0])
    client.post(url, form | {"city": "Van een collega"})
    answer = client.post(url, form | {"city": "Van mij", "street": "Dorpsstraat"})
    page = answer.content.decode()
    assert "“Van een collega”; hier ingevuld: “Van mij”" in page.replace("&quot;", '"')
    assert "Neem “Van een collega” over" in page
    client.post(url, form_with(answer, merging.FIELD) | {merging.TAKE_OVER: "city"})
    assert Candidate.objects.values_list("city", "street").get() == ("Van een collega", "Dorpsstraat")


def test_choices_and_ticks_merge_too(opened) -> None:
    """Checkboxes that were ticked, a choice from a list, a date and yes-or-no."""
    client, url, form = opened(PAGES[0])
    kinds = [str(pk) for pk in Registration.kinds_of_place.rel.model.objects.values_list("pk", flat=True)[:2]]
    client.post(url, form | {"kinds_of_place": kinds, "is_motivated": "true", "planned_start": "2027-02-01"})
    client.post(url, form | {"wants_project": "on", "branches": [str(Branch.objects.first().pk)]})
    row = Registration.objects.get()
    assert {str(kind.pk) for kind in row.kinds_of_place.all()} == set(kinds)
    assert (row.is_motivated, row.wants_project, str(row.planned_start)) == (True, True, "2027-02-01")
    assert row.branches.count() == 1
    shown = form_with(client.get(url), merging.FIELD)
    assert shown["is_motivated"] == ["true"]  # and saving again leaves it so
    client.post(url, shown)
    assert Registration.objects.get().is_motivated is True


def test_another_mistake_on_the_page_forgets_nothing_of_the_comparing(opened) -> None:
    """What a colleague saved stands in the form that is shown again, and stays when the mistake is mended."""
    client, url, form = opened(PAGES[0])
    client.post(url, form | {"city": "Olst"})
    answer = client.post(url, form | {"email": "geen adres"})
    shown = form_with(answer, merging.FIELD)
    assert shown["city"] == ["Olst"]
    client.post(url, shown | {"email": "x@test.example"})
    assert Candidate.objects.values_list("city", "email").get() == ("Olst", "x@test.example")


def test_what_is_hidden_in_the_page_cant_be_read_back(opened) -> None:
    client, url, _form = opened(PAGES[1])
    Candidate.objects.update(city="Geheim123")
    hidden = form_with(client.get(url), merging.FIELD)[merging.FIELD][0]
    assert "Geheim123" not in hidden and '"city"' in hidden


def test_a_row_that_was_removed_meanwhile_is_said(opened) -> None:
    client, url, form = opened(PAGES[4])
    hold = EmployerContact.objects.get()
    EmployerContact.objects.filter(pk=hold.pk).delete()
    assert client.post(url, form | {"name": "Ans"}).status_code == 404


@pytest.mark.parametrize(
    "rubbish", ["", "[]", "geen json", '{"city": 1}', "x" * 30_000, "[" * 100_000, '{"a":' * 50_000]
)
def test_a_spoiled_hidden_field_breaks_nothing(rubbish: str, opened) -> None:
    client, url, form = opened(PAGES[1])
    assert client.post(url, form | {merging.FIELD: rubbish, "city": "Olst"}).status_code in (200, 302)


def test_two_who_save_at_the_same_moment_both_keep_what_they_typed(own_database) -> None:
    """The row is held from the comparing until the saving."""
    client = Client()
    client.force_login(factories.staff(Role.FRONTOFFICE))
    person = factories.CandidateFactory()
    url = reverse("candidates:person_data", args=[person.pk])
    form = form_with(client.get(url), merging.FIELD)
    changes = {"city": "Olst", "street": "Dorpsstraat", "house_number": "7", "email": "x@test.example"}

    def save(name: str) -> int:
        one = Client()
        one.cookies = client.cookies.copy()
        try:
            return one.post(url, form | {name: changes[name]}).status_code
        finally:
            connections.close_all()

    assert at_once(*[lambda name=name: save(name) for name in changes]) == [302] * len(changes)
    assert Candidate.objects.values(*changes).get() == changes


def test_ones_own_data_merge_with_what_staff_saved(db) -> None:
    person = own_data()
    user = factories.UserFactory()
    Candidate.objects.filter(pk=person.pk).update(user=user)
    factories.Membership.objects.create(user=user, role=Role.KANDIDAAT)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    form = form_with(client.get("/mijn/gegevens/"), merging.FIELD)
    Candidate.objects.update(phone="+31687654321")
    assert client.post("/mijn/gegevens/", form | {"city": "Olst"}).status_code == 302
    fresh = Candidate.objects.get()
    assert (fresh.city, fresh.phone.as_e164) == ("Olst", "+31687654321")
