"""The texts of every document that is signed: in versions, safe, seen before use, frozen once sent (R5)."""

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
from tests.questions import ONE_THING
from tests.trajectories.conftest import Reach
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.documents import making
from trajectories.documents.example import PERSON, example_paper, example_plan
from trajectories.models import PaperLine, PaperTemplate, PlanTemplate, StartPlan
from trajectories.models.placeholders import PLAN_WORDS, Block, blocks, fill, headings, sections, unknown
from trajectories.models.placement import Construction, Route
from trajectories.models.template import PaperKind

pytestmark = pytest.mark.usefixtures("db")
TextVersion = PlanTemplate | PaperTemplate
COMBINATIONS = [(construction, route) for construction in Construction.values for route in Route.values]


@pytest.fixture
def beheerder(db: None) -> User:
    return factories.staff(Role.BEHEERDER)


def first(construction: str = "1", route: str = "bbl1") -> PlanTemplate:
    return PlanTemplate.objects.valid_for(construction=construction, route=route, on=clock.today())


def of_kind(kind: str) -> PaperTemplate:
    return PaperTemplate.objects.valid_for(kind=kind, on=clock.today())


def better(template: TextVersion, **texts) -> TextVersion:
    """A later version, not kept yet."""
    return type(template)(**template.which, **(template.texts | {"valid_from": clock.today()} | texts))


def posted(template: TextVersion, **changes) -> dict:
    return template.texts | {"valid_from": clock.today().isoformat()} | changes


def page_of(template: TextVersion, name: str = "text_new") -> str:
    key = (
        template.kind if isinstance(template, PaperTemplate) else f"startplan-{template.construction}-{template.route}"
    )
    return reverse(f"trajectories:{name}", args=[key] if name == "text_new" else [key, template.number])


def lines_of(template: PaperTemplate) -> list[str]:
    """Everything the example of a document says in the beheerder's words and the file's."""
    lines = example_paper(template).lines.all()
    return [part for line in lines for part in (line.section, line.label, line.text, *line.cells) if part]


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
    assert unknown(text, PLAN_WORDS) == wrong


def test_lines_become_paragraphs_and_lists() -> None:
    text = "Eerste regel\nvan een alinea.\n\n- een\n- {voornaam}\nDaarna.\r\n\r\n  \nLaatste"
    assert blocks(text, {"voornaam": "sam"}) == [
        Block(("Eerste regel van een alinea.",), False),
        Block(("Een", "Sam"), True),
        Block(("Daarna.",), False),
        Block(("Laatste",), False),
    ]


def test_what_a_document_does_not_have_is_left_out() -> None:
    text = "Tot {einde}.\n\nAltijd.\n\n- Brief op {dag}.\n- {uren} uur."
    assert blocks(text, {"einde": "", "dag": "", "uren": "32"}) == [
        Block(("Altijd.",), False),
        Block(("32 uur.",), True),
    ]


def test_headings_make_parts() -> None:
    text = "Vooraf.\r\n\r\n# Loon\r\n- een\r\n- twee\r\n#\r\nmidden\r\n## Ziek\r\nBel."
    assert sections(text) == [("", "Vooraf.\n\n"), ("Loon", "- een\n- twee\n"), ("", "midden\n"), ("Ziek", "Bel.\n")]
    assert headings(text) == ["Loon", "", "Ziek"]


# --- The first texts -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("construction", "route"), COMBINATIONS)
def test_every_combination_has_texts_that_fill_in(construction: str, route: str) -> None:
    template = first(construction, route)
    template.full_clean()
    said = making.plan_content(example_plan(template))["texts"]
    lines = [line for name in PlanTemplate.TEXTS for block in said[name] for line in block.lines]
    assert len(lines) >= 20
    assert not any("{" in line or "}" in line for line in lines)
    assert all(
        block.is_list for name in ("youth_promises", "employer_promises", "coach_promises") for block in said[name]
    )


@pytest.mark.parametrize(("construction", "route"), COMBINATIONS)
def test_every_combination_reads_easily(construction: str, route: str) -> None:
    """B1: short sentences, spoken to one person."""
    said = making.plan_content(example_plan(first(construction, route)))["texts"]
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
    pdf = making.render_plan(example_plan(first(construction)))
    reader = PdfReader(io.BytesIO(pdf))
    assert 1 <= len(reader.pages) <= 3
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert PERSON in text
    assert "bel 06 87654321" in text
    assert pdf == making.render_plan(example_plan(first(construction)))


@pytest.mark.parametrize("kind", PaperKind.values)
def test_every_other_document_has_texts_that_fill_in(kind: str) -> None:
    template = of_kind(kind)
    template.full_clean()
    lines = lines_of(template)
    assert len(lines) >= 20
    assert not any("{" in line or "}" in line for line in lines)
    assert any("Sam" in line for line in lines)
    assert len({line.section for line in example_paper(template).lines.all()}) >= 5


@pytest.mark.parametrize("kind", PaperKind.values)
def test_every_other_document_reads_easily(kind: str) -> None:
    """B1: short sentences, spoken to one person."""
    said = [line.text for line in example_paper(of_kind(kind)).lines.all() if not line.label and line.text]
    sentences = [part for line in said for part in line.replace("?", ".").replace(":", ".").split(".") if part.strip()]
    lengths = [len(sentence.split()) for sentence in sentences]
    assert max(lengths) <= 25
    assert sum(lengths) / len(lengths) < 13
    assert not any(word in " ".join(said).lower() for word in (" u ", " uw ", "dient te", "conform", "inzake"))


@pytest.mark.parametrize("kind", PaperKind.values)
def test_every_other_document_fits_on_two_pages_and_is_the_same_twice(kind: str) -> None:
    pdf = making.render_paper(example_paper(of_kind(kind)))
    reader = PdfReader(io.BytesIO(pdf))
    assert 1 <= len(reader.pages) <= 2
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert PERSON in " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert pdf == making.render_paper(example_paper(of_kind(kind)))


def test_each_contract_says_what_it_is() -> None:
    said = {kind: " ".join(lines_of(of_kind(kind))) for kind in PaperKind.values}
    assert "Er is geen proeftijd" in said["leerwerk"] and "Er is geen proeftijd" in said["maatwerq_flex"]
    assert "Een proeftijd is er niet" in said["proefcontract"]
    for kind in ("detachering", "uitzenden"):
        assert "leidt je werk" in said[kind] and "hetzelfde loon als collega's" in said[kind]
    assert "De cao voor uitzendkrachten hoort bij dit contract." in said["uitzenden"]
    assert "Uiterlijk op" in said["leerwerk"] and "Uiterlijk op" not in said["proefcontract"]  # too short to be told
    assert "stopt vanzelf" not in said["overname"] and "onbepaalde tijd" in said["overname"]
    assert "De proeftijd is 1 maand." in said["direct"] and "De proeftijd" not in said["overname"]
    assert all("minimumloon" in said[kind] for kind in PaperKind if kind.is_contract and not kind.is_unpaid)


# --- Versions --------------------------------------------------------------------------------------------------------
def test_a_better_text_is_a_new_version(beheerder: User) -> None:
    earlier = first()
    made = actions.add_texts(better(earlier, opening="Hoi {voornaam}."), by=beheerder)
    assert (made.number, made.created_by) == (2, beheerder)
    earlier.refresh_from_db()
    assert earlier.opening != made.opening
    assert PlanTemplate.objects.valid_for(construction="1", route="bbl1", on=clock.today()) == made
    assert PlanTemplate.objects.valid_for(construction="1", route="bbl2", on=clock.today()).number == 1
    entry = AuditEntry.objects.get(subject_type="trajectories.plantemplate", subject_id=made.pk)
    assert (entry.actor, entry.details["number"]) == (beheerder, 2)


def test_a_version_begins_on_its_day(beheerder: User) -> None:
    day = clock.today() + timedelta(days=7)
    later = actions.add_texts(better(first(), valid_from=day), by=beheerder)
    assert PlanTemplate.objects.valid_for(construction="1", route="bbl1", on=day - timedelta(days=1)) == first()
    assert PlanTemplate.objects.valid_for(construction="1", route="bbl1", on=day) == later


def test_a_version_does_not_begin_in_the_past(beheerder: User) -> None:
    with pytest.raises(Refused, match="verleden"):
        actions.add_texts(better(first(), valid_from=clock.today() - timedelta(days=1)), by=beheerder)


@pytest.mark.parametrize("model", [PlanTemplate, PaperTemplate])
def test_the_texts_of_a_version_never_change(model: type[TextVersion]) -> None:
    for change in (lambda: model.objects.update(opening="x"), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError, match=r"(?i)permission denied|liggen vast"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("kind", "word"),
    [("leerwerk", "loonwaarde"), ("loonwaarde", "einde"), ("evaluatie", "uren"), ("direct", "maanden"), ("", "einde")],
)
def test_a_word_that_this_document_does_not_have_is_refused(kind: str, word: str) -> None:
    template = of_kind(kind) if kind else first()
    with pytest.raises(ValidationError) as refused:
        better(template, opening=f"Kijk: {{{word}}}").full_clean(exclude=["number", "created_at"])
    assert f"{{{word}}}" in str(refused.value.message_dict["opening"])


def test_r5_sending_fixes_the_texts(reach: Reach, beheerder: User, client: Client) -> None:
    walk = reach("STARTPLAN").draft_plan()
    with clock.at(walk.day):
        plan = walk.fresh().current_plan
        assert plan.template is None
        actions.add_texts(better(first(plan.construction, plan.route), opening="Nieuw: {naam}."), by=beheerder)
        walk.send_plan()
    sent = StartPlan.objects.with_parts().get(pk=plan.pk)
    assert sent.template.number == 2
    with clock.at(walk.day):
        actions.add_texts(better(sent.template, opening="Nog nieuwer."), by=beheerder)
        assert making.plan_content(sent)["texts"]["opening"][0].lines == ("Nieuw: Sem Bakker.",)
        again = actions.draft_plan(walk.fresh(), by=walk.user_on_lead)
        assert again.template is None
        assert making.plan_content(again)["texts"]["opening"][0].lines == ("Nog nieuwer.",)
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
@pytest.fixture(params=["startplan", *PaperKind.values])
def template(request: pytest.FixtureRequest, db: None) -> TextVersion:
    return first() if request.param == "startplan" else of_kind(request.param)


def test_the_list_shows_every_document(client: Client, beheerder: User, django_assert_max_num_queries) -> None:
    client.force_login(beheerder)
    later = better(of_kind("leerwerk"), valid_from=clock.today() + timedelta(days=3))
    actions.add_texts(later, by=beheerder)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("trajectories:texts")).content.decode()
    replaced = (
        PlanTemplate.objects.filter(construction="2", number=1),
        PaperTemplate.objects.filter(
            number=1, kind__in=[kind for kind in PaperKind if kind.is_contract and not kind.is_unpaid]
        ),
    )
    assert sum(len(rows) for rows in replaced) == 4 + 7  # since wages are kept
    shown = set(PlanTemplate.objects.all()) - set(replaced[0]) | set(PaperTemplate.objects.all()) - set(replaced[1])
    for template in shown:
        assert page_of(template) in page
        assert page_of(template, "text_version") in page
    moved = client.get("/beheer/startplan/")
    assert (moved.status_code, moved.url) == (301, reverse("trajectories:texts"))


def test_a_preview_keeps_nothing(client: Client, beheerder: User, template: TextVersion) -> None:
    client.force_login(beheerder)
    page = client.post(page_of(template), posted(template, opening="Dag {naam}, <script>", voorbeeld="1"))
    assert f"Dag {PERSON}, &lt;script&gt;" in page.content.decode()
    assert type(template).objects.filter(created_by__isnull=False).count() == 0
    assert StartPlan.objects.count() == PaperLine.objects.count() == 0


def test_keeping_makes_a_version_to_look_at(
    client: Client, beheerder: User, template: TextVersion, django_assert_max_num_queries
) -> None:
    client.force_login(beheerder)
    assert template.opening[:20] in client.get(page_of(template)).content.decode().replace("&#x27;", "'")
    response = client.post(page_of(template), posted(template, opening="Dag {naam}."), follow=True)
    assert f"Dag {PERSON}." in response.content.decode()
    made = type(template).objects.get(**template.which, number=template.number + 1)
    assert made.created_by == beheerder
    with django_assert_max_num_queries(ONE_THING):
        client.get(page_of(made, "text_version"))


@pytest.mark.parametrize(
    ("which", "change", "field"),
    [
        ("startplan", {"opening": "{onbekend}"}, "opening"),
        ("startplan", {"trial": "{{ 7 }}"}, "trial"),
        ("startplan", {"trouble": ""}, "trouble"),
        ("startplan", {"training": "x" * 1501}, "training"),
        ("startplan", {"afterwards": "\x00"}, "afterwards"),
        ("startplan", {"valid_from": "2001-01-01"}, "valid_from"),
        ("startplan", {"valid_from": "9999-12-31"}, "valid_from"),
        ("startplan", {"valid_from": "morgen"}, "valid_from"),
        ("leerwerk", {"opening": "{loonwaarde}"}, "opening"),
        ("leerwerk", {"clauses": "# Kop\n{% load x %}"}, "clauses"),
        ("leerwerk", {"clauses": "#\nzonder kop"}, "clauses"),
        ("leerwerk", {"clauses": "# " + "k" * 81}, "clauses"),
        ("leerwerk", {"clauses": "x" * 6001}, "clauses"),
        ("loonwaarde", {"clauses": ""}, "clauses"),
    ],
)
@pytest.mark.parametrize("how", [{}, {"voorbeeld": "1"}])
def test_bad_input_is_told_at_the_field(
    client: Client, beheerder: User, which: str, change: dict, field: str, how: dict
) -> None:
    template = first() if which == "startplan" else of_kind(which)
    client.force_login(beheerder)
    response = client.post(page_of(template), posted(template, **change, **how))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert type(template).objects.filter(created_by__isnull=False).count() == 0


def test_the_example_on_paper(client: Client, beheerder: User, template: TextVersion) -> None:
    client.force_login(beheerder)
    response = client.get(page_of(template, "text_pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_only_the_beheerder_writes_texts(client: Client, template: TextVersion) -> None:
    for role in (Role.REGISSEUR, Role.PERSONEEL):
        client.force_login(factories.staff(role))
        for name in ("text_new", "text_version", "text_pdf"):
            assert client.get(page_of(template, name)).status_code == 404
        assert client.post(page_of(template), posted(template)).status_code == 404
        assert client.get(reverse("trajectories:texts")).status_code == 404
        assert client.get("/beheer/startplan/").status_code == 404
    assert type(template).objects.filter(created_by__isnull=False).count() == 0


def test_an_unknown_document_or_version_is_not_there(client: Client, beheerder: User) -> None:
    client.force_login(beheerder)
    for rest in ("startplan-3-bbl1/", "startplan/", "iets/", "leerwerk/versie/9/", "iets/versie/1/voorbeeld.pdf"):
        assert client.get(f"/beheer/teksten/{rest}").status_code == 404


def test_a_contract_is_for_a_lawyer_to_look_at(client: Client, beheerder: User) -> None:
    client.force_login(beheerder)
    assert "Laat een jurist" in client.get(page_of(of_kind("detachering"), "text_version")).content.decode()
    assert "Laat een jurist" not in client.get(page_of(of_kind("evaluatie"), "text_version")).content.decode()


@pytest.mark.parametrize("which", ["startplan", *PaperKind.values])
def test_every_word_in_braces_is_explained_and_works(which: str) -> None:
    template = first() if which == "startplan" else of_kind(which)
    every = better(template, opening="\n\n".join(f"{name} {{{name}}}" for name in template.words))
    if isinstance(every, PlanTemplate):
        said = [line for block in making.plan_content(example_plan(every))["texts"]["opening"] for line in block.lines]
    else:
        said = [line.text for line in example_paper(every).lines.all() if not line.section]
    assert not any("{" in line for line in said)
    unsaid = set(template.words) - {line.split()[0].lower() for line in said}
    # What that contract doesn't have; a trial in construction 1 has no wage.
    without = {
        "startplan": {"uurloon"},
        PaperKind.SOCIAL_INTERNSHIP: {"vergoeding"},
        PaperKind.WORKSHOP: {"vergoeding"},
    }
    assert unsaid <= {"proeftijd", "aanzegdag", "einde", "opleidingsuren"} | without.get(which, set())
    assert date(2012, 1, 1) == template.valid_from
