"""The texts of the startplan: in versions per construction and route, safe, seen before use, frozen once sent (R5)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AuditEntry, Role, User
from tests import factories
from tests.trajectories.conftest import Reach
from topjob import clock
from topjob.errors import Refused
from trajectories import actions, documents
from trajectories.example import PERSON, example_plan
from trajectories.models import PlanTemplate, StartPlan
from trajectories.models.placement import Construction, Route
from trajectories.placeholders import PLACEHOLDERS, Block, blocks, fill, unknown

pytestmark = pytest.mark.django_db
COMBINATIONS = [(construction, route) for construction in Construction.values for route in Route.values]


@pytest.fixture
def beheerder(db: None) -> User:
    return factories.staff(Role.BEHEERDER)


def first(construction: str = "1", route: str = "bbl1") -> PlanTemplate:
    return PlanTemplate.objects.get(construction=construction, route=route, number=1)


def better(template: PlanTemplate, **texts) -> PlanTemplate:
    """A later version, not kept yet."""
    values = {name: getattr(template, name) for name in PlanTemplate.TEXTS} | {"valid_from": clock.today()} | texts
    return PlanTemplate(construction=template.construction, route=template.route, **values)


def posted(template: PlanTemplate, **changes) -> dict:
    values = {name: getattr(template, name) for name in PlanTemplate.TEXTS}
    return values | {"valid_from": clock.today().isoformat()} | changes


# --- Words in braces -------------------------------------------------------------------------------------------------
def test_words_in_braces_are_filled_in_once() -> None:
    values = {"voornaam": "{bedrijf}", "bedrijf": "Bouw & Zn <b>"}
    assert fill("{voornaam} werkt bij {bedrijf}.", values) == "{bedrijf} werkt bij Bouw & Zn <b>."


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{voornaam} en {bedrijf}", []),
        ("{geboortedatum}", ["{geboortedatum}"]),
        ("{{ plan.pk }}", ["{", "}"]),
        ("{% load x %}", ["{", "}"]),
        ("{voornaam", ["{"]),
        ("voornaam}", ["}"]),
        ("{}", ["{", "}"]),
        ("{Voornaam}", ["{", "}"]),
        ("{voornaam.__class__}", ["{", "}"]),
        ("{voornaam!r:>9}", ["{", "}"]),
        ("100% zeker", []),
    ],
)
def test_anything_else_in_braces_is_named(text: str, wrong: list[str]) -> None:
    assert unknown(text) == wrong


def test_lines_become_paragraphs_and_lists() -> None:
    text = "Eerste regel\nvan een alinea.\n\n- een\n- {voornaam}\nDaarna.\r\n\r\n  \nLaatste"
    assert blocks(text, {"voornaam": "sam"}) == [
        Block(("Eerste regel van een alinea.",), False),
        Block(("Een", "Sam"), True),
        Block(("Daarna.",), False),
        Block(("Laatste",), False),
    ]


# --- The first texts -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("construction", "route"), COMBINATIONS)
def test_every_combination_has_texts_that_fill_in(construction: str, route: str) -> None:
    template = first(construction, route)
    template.full_clean()
    said = documents.plan_content(example_plan(template))["texts"]
    lines = [line for name in PlanTemplate.TEXTS for block in said[name] for line in block.lines]
    assert len(lines) >= 20
    assert not any("{" in line or "}" in line for line in lines)
    assert all(
        block.is_list for name in ("youth_promises", "employer_promises", "coach_promises") for block in said[name]
    )


@pytest.mark.parametrize(("construction", "route"), COMBINATIONS)
def test_every_combination_reads_easily(construction: str, route: str) -> None:
    """B1: short sentences, spoken to one person."""
    said = documents.plan_content(example_plan(first(construction, route)))["texts"]
    lines = [line for name in PlanTemplate.TEXTS for block in said[name] for line in block.lines]
    sentences = [part for line in lines for part in line.replace("?", ".").replace(":", ".").split(".") if part.strip()]
    lengths = [len(sentence.split()) for sentence in sentences]
    assert max(lengths) <= 25
    assert sum(lengths) / len(lengths) < 13
    assert not any(word in " ".join(lines).lower() for word in (" u ", " uw ", "dient te", "conform", "inzake"))


def test_the_constructions_say_who_pays() -> None:
    said = {
        c: " ".join(line for block in blocks(first(c).trial, {}) for line in block.lines) for c in Construction.values
    }
    assert "nog geen loon" in said["1"]
    assert "in dienst bij MaatwerQ" in said["2"]


@pytest.mark.parametrize("construction", Construction.values)
def test_an_ordinary_plan_fits_on_three_pages(construction: str) -> None:
    pdf = documents.render_plan(example_plan(first(construction)))
    reader = PdfReader(io.BytesIO(pdf))
    assert 1 <= len(reader.pages) <= 3
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert PERSON in text
    assert "bel 06 87654321" in text
    assert pdf == documents.render_plan(example_plan(first(construction)))


# --- Versions --------------------------------------------------------------------------------------------------------
def test_a_better_text_is_a_new_version(beheerder: User) -> None:
    made = actions.add_plan_template(better(first(), opening="Hoi {voornaam}."), by=beheerder)
    assert (made.number, made.created_by) == (2, beheerder)
    assert first().opening != made.opening
    assert PlanTemplate.objects.valid_for("1", "bbl1", on=clock.today()) == made
    assert PlanTemplate.objects.valid_for("1", "bbl2", on=clock.today()).number == 1
    entry = AuditEntry.objects.get(subject_type="trajectories.plantemplate", subject_id=made.pk)
    assert (entry.actor, entry.details["number"]) == (beheerder, 2)


def test_a_version_begins_on_its_day(beheerder: User) -> None:
    day = clock.today() + timedelta(days=7)
    later = actions.add_plan_template(better(first(), valid_from=day), by=beheerder)
    assert PlanTemplate.objects.valid_for("1", "bbl1", on=day - timedelta(days=1)) == first()
    assert PlanTemplate.objects.valid_for("1", "bbl1", on=day) == later


def test_a_version_does_not_begin_in_the_past(beheerder: User) -> None:
    with pytest.raises(Refused, match="verleden"):
        actions.add_plan_template(better(first(), valid_from=clock.today() - timedelta(days=1)), by=beheerder)


def test_the_texts_of_a_version_never_change() -> None:
    for change in (lambda: PlanTemplate.objects.update(opening="x"), lambda: PlanTemplate.objects.all().delete()):
        with pytest.raises(DatabaseError, match=r"(?i)permission denied|liggen vast"), transaction.atomic():
            change()


def test_a_text_with_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        better(first(), opening="Beste {achternam},").full_clean(exclude=["number", "created_at"])
    assert "{achternam}" in str(refused.value)


def test_r5_sending_fixes_the_texts(reach: Reach, beheerder: User, client: Client) -> None:
    walk = reach("STARTPLAN").draft_plan()
    with clock.at(walk.day):
        plan = walk.fresh().current_plan
        assert plan.template is None
        actions.add_plan_template(better(first(plan.construction, plan.route), opening="Nieuw: {naam}."), by=beheerder)
        walk.send_plan()
    sent = StartPlan.objects.with_parts().get(pk=plan.pk)
    assert sent.template.number == 2
    with clock.at(walk.day):
        actions.add_plan_template(better(sent.template, opening="Nog nieuwer."), by=beheerder)
        assert documents.plan_content(sent)["texts"]["opening"][0].lines == ("Nieuw: Sem Bakker.",)
        again = actions.draft_plan(walk.fresh(), by=walk.user_on_lead)
        assert again.template is None
        assert documents.plan_content(again)["texts"]["opening"][0].lines == ("Nog nieuwer.",)
        client.force_login(walk.user_on_lead)
        page = client.get(reverse("trajectories:plan_preview", args=[walk.trajectory.pk, sent.number]))
    assert "teksten versie 2" in page.content.decode()
    assert "Nieuw: Sem Bakker." in page.content.decode()


def test_r5_the_texts_of_a_sent_plan_cannot_be_swapped(reach: Reach, beheerder: User) -> None:
    walk = reach("STARTPLAN").draft_plan().send_plan()
    other = first("2", "anders")
    with pytest.raises(DatabaseError, match="R5"), transaction.atomic():
        StartPlan.objects.filter(trajectory=walk.trajectory).update(template=other)


# --- Under Beheer ----------------------------------------------------------------------------------------------------
def test_the_list_shows_all_combinations(client: Client, beheerder: User, django_assert_max_num_queries) -> None:
    client.force_login(beheerder)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("trajectories:plan_templates")).content.decode()
    for construction, route in COMBINATIONS:
        assert reverse("trajectories:plan_template_edit", args=[construction, route]) in page


def test_a_preview_keeps_nothing(client: Client, beheerder: User) -> None:
    client.force_login(beheerder)
    url = reverse("trajectories:plan_template_edit", args=["1", "bbl1"])
    page = client.post(url, posted(first(), opening="Dag {naam}, <script>", voorbeeld="1")).content.decode()
    assert f"Dag {PERSON}, &lt;script&gt;" in page
    assert PlanTemplate.objects.filter(number=2).count() == 0
    assert StartPlan.objects.count() == 0


def test_keeping_makes_a_version_to_look_at(client: Client, beheerder: User) -> None:
    client.force_login(beheerder)
    url = reverse("trajectories:plan_template_edit", args=["2", "anders"])
    assert first("2", "anders").opening[:20] in client.get(url).content.decode()
    response = client.post(url, posted(first("2", "anders"), opening="Dag {voornaam}."), follow=True)
    assert "Dag Sam." in response.content.decode()
    assert PlanTemplate.objects.get(construction="2", route="anders", number=2).created_by == beheerder


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"opening": "{onbekend}"}, "opening"),
        ({"trial": "{{ 7 }}"}, "trial"),
        ({"trouble": ""}, "trouble"),
        ({"training": "x" * 1501}, "training"),
        ({"afterwards": "nul\x00"}, "afterwards"),
        ({"valid_from": "2001-01-01"}, "valid_from"),
        ({"valid_from": "9999-12-31"}, "valid_from"),
        ({"valid_from": "morgen"}, "valid_from"),
    ],
)
@pytest.mark.parametrize("how", [{}, {"voorbeeld": "1"}])
def test_bad_input_is_told_at_the_field(client: Client, beheerder: User, change: dict, field: str, how: dict) -> None:
    client.force_login(beheerder)
    url = reverse("trajectories:plan_template_edit", args=["1", "bbl1"])
    response = client.post(url, posted(first(), **change, **how))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert PlanTemplate.objects.filter(number=2).count() == 0


def test_the_example_on_paper(client: Client, beheerder: User) -> None:
    client.force_login(beheerder)
    response = client.get(reverse("trajectories:plan_template_pdf", args=[first().pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_only_the_beheerder_writes_texts(client: Client) -> None:
    client.force_login(factories.staff(Role.REGISSEUR))
    names = [("plan_templates", []), ("plan_template_edit", ["1", "bbl1"]), ("plan_template", [first().pk])]
    for name, args in names:
        assert client.get(reverse(f"trajectories:{name}", args=args)).status_code == 404


def test_an_unknown_combination_is_not_there(client: Client, beheerder: User) -> None:
    client.force_login(beheerder)
    for construction, route in (("3", "bbl1"), ("1", "bbl9"), ("versie", "1")):
        assert client.get(f"/beheer/startplan/{construction}/{route}/").status_code == 404


def test_every_word_in_braces_is_explained_and_works() -> None:
    template = better(first(), opening=" ".join(f"{{{name}}}" for name in PLACEHOLDERS))
    (block,) = documents.plan_content(example_plan(template))["texts"]["opening"]
    assert "{" not in block.lines[0]
    assert date(2012, 1, 1) == first().valid_from
