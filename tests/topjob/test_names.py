"""A name is declared at the model's field and shows itself right from there (decision 32)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.template import engines
from django.utils.translation import gettext

from accounts.models import Organisation, User
from accounts.models.reference import ReferenceRow
from candidates.models import Candidate
from tests.factories import CandidateFactory
from tests.names_on_pages import misplaced
from topjob.names import Name, NameField, in_plain_text, isolated

ARABIC = "محمد علي"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Names of things, which we write ourselves or which are no names of people and companies.
THINGS = {
    "accounts.SavedFilter.name",
    "accounts.VerifyFinding.check_name",
    "candidates.CandidateDocument.original_name",
    "candidates.Education.name",
    "candidates.TakenField.name",
    "employers.FunctionProfile.name",
    "employers.LearnWorkProject.name",
    "employers.SroiObligation.contract_name",
    "matching.Place.name",
    "matching.Skill.name",
    "trajectories.Qualification.name",
    "trajectories.PracticeAgreement.original_name",
    "trajectories.Scan.original_name",
    "trajectories.StartPlan.function_name",
    "trajectories.StartPlan.training_name",
    "trajectories.WageTask.name",
}


def test_every_name_of_a_person_or_company_is_declared_as_one() -> None:
    plain = []
    for model in apps.get_models():
        if model._meta.app_label not in {"accounts", "candidates", "employers", "matching", "trajectories"}:
            continue
        for field in model._meta.local_concrete_fields:
            is_name = re.fullmatch(r"(\w+_)?name|measured_by", field.name) and isinstance(field, models.CharField)
            known = f"{model._meta.label}.{field.name}" in THINGS or issubclass(model, ReferenceRow)
            if is_name and not known and not isinstance(field, NameField):
                plain.append(f"{model._meta.label}.{field.name}")
    assert not plain, "\n".join(plain)


def test_no_template_takes_away_what_holds_a_name_apart() -> None:
    """A filter that makes plain text of a name loses its `<bdi>`; in an attribute `plain` says so on purpose."""
    name = r"\{\{\s*[\w.]*(?:\w+_name|candidate|employer|organisation|\bname)"
    filters = r"safe|force_escape|stringformat|capfirst|title|lower|upper|truncate\w*|striptags"
    lost = re.compile(rf"{name}\s*\|\s*(?:{filters})")
    found = [
        f"{path.relative_to(TEMPLATES)}: {match[0]}"
        for path in TEMPLATES.rglob("*.html")
        for match in lost.finditer(path.read_text())
    ]
    assert not found, "\n".join(found)


def shown(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load i18n topjob %}" + source).render(context)


def test_on_a_page_a_name_stands_in_an_element_of_its_own() -> None:
    assert shown("Van {{ a }}.", a=Name("Jan <b>")) == "Van <bdi>Jan &lt;b&gt;</bdi>."
    assert (
        shown("{% blocktranslate with a=a %}Van {{ a }}{% endblocktranslate %}", a=Name("Jan")) == "Van <bdi>Jan</bdi>"
    )
    assert shown("{{ a|default:'–' }}", a=Name("")) == "–"


def test_in_plain_text_only_a_name_from_right_to_left_is_held_apart() -> None:
    assert (
        shown("{% autoescape off %}Beste {{ a }},{% endautoescape %}", a=Name("Łukasz Yıldız"))
        == "Beste Łukasz Yıldız,"
    )
    assert (
        shown("{% autoescape off %}Beste {{ a }},{% endautoescape %}", a=Name(ARABIC)) == f"Beste \u2068{ARABIC}\u2069,"
    )
    assert gettext("Van %(a)s.") % {"a": Name(ARABIC)} == f"Van \u2068{ARABIC}\u2069."
    assert f"{Name('Suharto')}" == "Suharto"
    assert isolated(isolated(ARABIC)) == isolated(ARABIC)


def test_a_title_and_an_attribute_hold_no_elements() -> None:
    assert shown("{% plain_text %}Van {{ a }}{% endplain_text %}", a=Name(ARABIC)) == f"Van \u2068{ARABIC}\u2069"
    assert shown('<a title="{{ a|plain }}">', a=Name("Jan")) == '<a title="Jan">'
    assert in_plain_text("<bdi>A &amp; B</bdi>") == "A &amp; B"
    assert misplaced("<title>Van <bdi>Jan</bdi></title>")
    assert misplaced('<a title="Van <bdi>Jan</bdi>">')
    assert not misplaced('<a title="Van Jan"><bdi>Jan</bdi></a>')


@pytest.mark.django_db
def test_a_name_is_stored_compared_and_edited_as_it_is() -> None:
    person = CandidateFactory(first_name="محمد", name_prefix="", last_name="علي")
    fresh = Candidate.objects.get(last_name="علي")
    assert fresh.full_name == person.full_name == ARABIC
    assert json.dumps(fresh.full_name, ensure_ascii=False) == f'"{ARABIC}"'
    assert isinstance(fresh.full_name, Name)
    assert isinstance(Candidate.objects.values_list("last_name", flat=True)[0], Name)
    box = forms.modelform_factory(Candidate, fields=["last_name"])(instance=fresh)
    assert 'value="علي"' in str(box["last_name"])
    fresh.save()
    assert Candidate.objects.filter(first_name="محمد", last_name="علي").exists()


@pytest.mark.django_db
def test_a_choice_of_a_list_holds_text_only() -> None:
    Organisation.objects.create(kind="werkgever", name="Bakkerij Bug")
    User.objects.create_user(email="x@test.example", name=ARABIC)

    class Choosing(forms.Form):
        company = forms.ModelChoiceField(Organisation.objects.filter(name="Bakkerij Bug"))
        user = forms.ModelChoiceField(User.objects.filter(email="x@test.example"))

    page = str(Choosing())
    assert ">Bakkerij Bug</option>" in page
    assert f">\u2068{ARABIC}\u2069</option>" in page
