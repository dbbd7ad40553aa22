"""Weights with their preview, tips once, the check on equal chances, demands of functions and imports."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, KindOfPlace, Role
from employers.models import Vacancy
from matching import actions, fairness, handlers, pairs, tasks, weights
from matching.criteria import WEIGHTED, codes_of
from matching.models import AuditFigure, CriterionWeight, FunctionDemand, MatchRun, Place, Skill, Tip
from matching.models.skill import tokens
from matching.rows import PERSON_FIELDS, VACANCY_FIELDS, person_row
from tests import factories
from tests.screens import form_with
from topjob import clock, outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = factories.staff(Role.BEHEERDER)
    client.force_login(user)
    return user


def filled(**changes: object) -> dict[str, str]:
    standard = weights.standard()
    data = {f"{c.code}_person": str(standard.person[c.code]) for c in WEIGHTED}
    data |= {f"{c.code}_employer": str(standard.employer[c.code]) for c in WEIGHTED}
    return data | {name: str(value) for name, value in changes.items()}


# --- Weights
def test_weights_count_from_the_next_search(client, manager) -> None:
    profile = factories.ConfirmedProfileFactory(level=0)
    near_but_high = factories.VacancyFactory(function__level=3)
    far_but_fitting = factories.VacancyFactory(function__level=0, postcode="8102 AB")
    broker = factories.staff(Role.WERKMAKELAAR)
    for level, first in ((0, near_but_high), (100, far_but_fitting)):
        client.force_login(manager)
        kind = profile.kind_ids[0]
        response = client.post(reverse("matching:kind_weights", args=[kind]), filled(level_person=level))
        assert response.status_code == 302
        client.force_login(broker)
        page = client.get(reverse("matching:for_candidate", args=[profile.candidate_id]))
        assert page.context["rows"][0].pk == first.pk
    assert AuditEntry.objects.filter(verb=verbs.WEIGHTS_SET, actor=manager).count() == 2
    client.force_login(manager)
    assert "eigen" in client.get(reverse("matching:weights")).text


def test_the_default_counts_for_kinds_without_their_own(manager) -> None:
    actions.set_weights(None, {"level": (90, 80)}, by=manager)
    bbl = KindOfPlace.objects.get(code="bbl")
    assert weights.current().for_kind(bbl.pk).person["level"] == 90
    actions.set_weights(bbl, {"level": (1, 2)}, by=manager)
    own = weights.current().for_kind(bbl.pk)
    assert (own.person["level"], own.employer["level"]) == (1, 2)
    assert own.person["branch"] == weights.standard().person["branch"]


def test_the_preview_shows_the_effect_and_changes_nothing(client, manager) -> None:
    factories.ConfirmedProfileFactory(level=0)
    factories.VacancyFactory(function__level=3)
    other = factories.VacancyFactory(function__level=0, postcode="8102 AB")
    before = CriterionWeight.objects.count()
    page = client.get(reverse("matching:weights"), filled(level_person=0, proef=1))
    effect = page.context["effect"]
    assert (effect.people, effect.other_first, effect.kept_percent) == (1, 1, 100)
    assert CriterionWeight.objects.count() == before
    Vacancy.objects.exclude(pk=other.pk).update(status="gesloten")
    assert client.get(reverse("matching:weights"), filled(proef=1)).context["effect"].other_first == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"level_person": "101"},
        {"level_person": "-1"},
        {"level_person": "veel"},
        {"level_person": ""},
        {"level_person": "\x00"},
    ],
)
def test_bad_weights_are_said_at_the_field(client, manager, changes: dict[str, str]) -> None:
    before = CriterionWeight.objects.count()
    for response in (
        client.post(reverse("matching:weights"), filled(**changes)),
        client.get(reverse("matching:weights"), filled(**changes, proef=1)),
    ):
        assert response.status_code == 200
        assert response.context["form"].errors["level_person"]
    assert CriterionWeight.objects.count() == before


def test_something_has_to_count(client, manager) -> None:
    nothing = dict.fromkeys(filled(), "0")
    response = client.post(reverse("matching:weights"), nothing)
    assert "ten minste één criterium" in response.text


# --- Tips
def test_a_good_fit_is_told_once_whoever_finds_it() -> None:
    profile, vacancy = factories.ConfirmedProfileFactory(), factories.VacancyFactory()
    handlers.vacancy_changed(vacancy.pk)
    tip = Tip.objects.get()
    assert (tip.candidate_id, tip.vacancy_id) == (profile.candidate_id, vacancy.pk)
    handlers.vacancy_changed(vacancy.pk)
    handlers.profile_changed(profile.pk)
    tasks.nightly_tips()
    assert Tip.objects.count() == 1
    kinds = list(MatchRun.objects.order_by("pk").values_list("kind", "tips"))
    assert kinds == [("vacature", 1), ("vacature", 0), ("zoekprofiel", 0), ("nacht", 0)]


def test_a_tip_that_was_seen_by_mistake_stands_there_again(client) -> None:
    factories.ConfirmedProfileFactory()
    handlers.vacancy_changed(factories.VacancyFactory().pk)
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    page = client.post(reverse("matching:tips"), {"tip": [Tip.objects.get().pk]}, follow=True)
    assert Tip.objects.get().seen_at is not None
    token = form_with(page, "token")["token"][0]
    page = client.post(reverse("accounts:undo"), {"token": token}, follow=True)
    assert "1 tip staat er weer." in page.text
    assert Tip.objects.get().seen_at is None


def test_the_nightly_run_finds_what_no_edit_announced() -> None:
    profile = factories.ConfirmedProfileFactory(
        start_from=clock.today(), start_until=clock.today() + timedelta(days=90)
    )
    vacancy = factories.VacancyFactory()
    tasks.nightly_tips()
    assert list(Tip.objects.values_list("candidate", "vacancy")) == [(profile.candidate_id, vacancy.pk)]
    run = MatchRun.objects.get()
    assert (run.profiles, run.vacancies, run.tips) == (1, 1, 1)
    assert run.ended_at is not None


def test_the_nightly_run_and_the_live_search_agree() -> None:
    profile, vacancy = factories.ConfirmedProfileFactory(), factories.VacancyFactory()
    handlers.profile_changed(profile.pk)
    live = Tip.objects.get().total
    Tip.objects.all().delete()
    tasks.nightly_tips()
    assert Tip.objects.get(vacancy=vacancy).total == live


def test_a_poor_fit_is_no_tip_and_a_gone_subject_no_error() -> None:
    factories.ConfirmedProfileFactory(level=0, language_level=0, branch_ids=[999])
    factories.VacancyFactory(function__level=7, function__language_level=4, postcode="8102 AB")
    tasks.nightly_tips()
    handlers.vacancy_changed(987654)
    handlers.profile_changed(987654)
    assert not Tip.objects.exists()


def test_messages_of_a_change_reach_the_handlers() -> None:
    vacancy = factories.VacancyFactory()
    message = outbox.enqueue("vacancy_changed", key="test-vacancy", vacancy=vacancy.pk)
    assert outbox.run(message.pk)
    assert MatchRun.objects.filter(kind="vacature", subject_id=vacancy.pk).exists()


def test_the_werkmakelaar_ticks_tips_off(client) -> None:
    factories.ConfirmedProfileFactory()
    factories.ConfirmedProfileFactory(candidate__region=factories.region("29"))
    factories.VacancyFactory()
    tasks.nightly_tips()
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    page = client.get(reverse("matching:tips"))
    assert len(page.context["page_obj"].object_list) == 1
    assert "nieuwe passende combinatie" in client.get("/").text
    pks = [str(pk) for pk in Tip.objects.values_list("pk", flat=True)]
    client.post(reverse("matching:tips"), {"tip": [*pks, "x", "9" * 40]})
    assert Tip.objects.filter(seen_at=None).count() == 1
    assert "Geen nieuwe combinaties" in client.get(reverse("matching:tips")).text
    assert "nieuwe passende combinatie" not in client.get("/").text


# --- Equal chances
def test_the_check_counts_per_group_and_names_the_cause(client, manager) -> None:
    for _ in range(3):
        factories.ConfirmedProfileFactory(candidate__age=20, max_distance_km=25)
        factories.ConfirmedProfileFactory(candidate__age=40, max_distance_km=5)
    factories.VacancyFactory(postcode="8102 AB")
    client.post(reverse("matching:audit"))
    message = OutboxMessage.objects.get(handler="match_audit")
    assert outbox.run(message.pk)
    young = AuditFigure.objects.get(dimension="Leeftijd", group="18–20")
    older = AuditFigure.objects.get(dimension="Leeftijd", group="27–54")
    assert (young.people, young.eligible, young.in_top) == (3, 3, 3)
    assert (older.people, older.eligible, older.in_top) == (3, 0, 0)
    assert (older.criterion, older.criterion_gap) == ("distance", 1.0)
    assert young.exposure == pytest.approx((1 + 1 / 1.584962500721156 + 0.5) / 3)
    page = client.get(reverse("matching:audit"))
    assert "Reisafstand" in page.text
    drawn = [row.eligible for _dimension, rows in page.context["dimensions"] for row in rows if row.text[0] == "18–20"]
    assert [(interval.middle, interval.high) for interval in drawn] == [(100, 100)]
    assert f'<rect class="fill" x="{drawn[0].low}" y="3" width="{100 - drawn[0].low}"' in page.text


def test_the_check_names_what_puts_a_group_lower_in_the_rankings(manager) -> None:
    lassen = Skill.objects.get(name="Lassen")
    for _ in range(2):
        factories.ConfirmedProfileFactory(candidate__age=20, skill_tokens=tokens({lassen.pk: 4}))
        factories.ConfirmedProfileFactory(candidate__age=40, skill_tokens=tokens({lassen.pk: 1}))
    factories.VacancyFactory().function.skills.create(skill=lassen, level=4)
    factories.VacancyFactory(seats_free=0)
    fairness.run(clock.today())
    older = AuditFigure.objects.get(dimension="Leeftijd", group="27–54")
    # Three of the four steps are missing: 750 points, of which competences weigh 25 of all that weighs.
    assert (older.criterion, older.ranking_criterion) == ("", "skills")
    assert older.ranking_gap == pytest.approx(750 * 25 / sum(criterion.employer for criterion in WEIGHTED))
    assert AuditFigure.objects.get(dimension="Leeftijd", group="18–20").ranking_criterion == ""


def test_gender_is_measured_and_a_small_group_is_not_shown(client, manager) -> None:
    for number in range(5):
        factories.ConfirmedProfileFactory(candidate__gender="vrouw", max_distance_km=5)
        factories.ConfirmedProfileFactory(candidate__gender="man")
        if number < 4:
            factories.ConfirmedProfileFactory(candidate__gender="anders")
    factories.VacancyFactory(postcode="8102 AB")
    fairness.run(clock.today())
    found = {figure.group: figure for figure in AuditFigure.objects.filter(dimension="Gender")}
    assert set(found) == {"vrouw", "man"}
    assert (found["vrouw"].eligible, found["vrouw"].criterion) == (0, "distance")
    assert (found["man"].people, found["man"].eligible) == (5, 5)
    assert "minder dan vijf personen" in client.get(reverse("matching:audit")).text


def test_gender_is_no_input_of_matching() -> None:
    folder = Path(fairness.__file__).parent
    reading = {path.name for path in folder.rglob("*.py") if "gender" in path.read_text(encoding="utf-8").lower()}
    # The check reads it; the criteria and the model say in words that it is no input.
    assert reading == {"fairness.py", "criteria.py", "profile.py"}
    assert not {"gender", "birth_date"} & {*PERSON_FIELDS, *VACANCY_FIELDS}
    profile = factories.ConfirmedProfileFactory(candidate__gender="vrouw")
    assert "vrouw" not in str(person_row(profile)) + str(
        pairs.pair_of(profile.candidate, factories.VacancyFactory()).inputs
    )


def test_competences_and_places_are_edited_under_beheer(client, manager) -> None:
    add = reverse("accounts:add_row", args=["competenties"])
    bad = client.post(add, {"name": "Dakdekken", "uri": "javascript:alert(1)", "is_active": "on"})
    assert bad.context["form"].errors["uri"]
    uri = "http://data.europa.eu/esco/skill/dakdekken"
    assert client.post(add, {"name": "Dakdekken", "uri": uri, "is_active": "on"}).status_code == 302
    assert Skill.objects.get(name="Dakdekken").uri == uri
    assert client.post(add, {"name": "Dakdekken", "uri": "", "is_active": "on"}).context["form"].errors["name"]
    edit, vacancy = reverse("accounts:edit_row", args=["plaatsen", 8131]), factories.VacancyFactory()
    sea = client.post(edit, {"name": "Wijhe", "x": "1", "y": "1"})
    assert "ligt niet in Nederland" in sea.text
    assert client.post(edit, {"name": "Wijhe", "x": "20700", "y": "48800"}).status_code == 302
    vacancy.fact.refresh_from_db()
    assert (vacancy.fact.x, vacancy.fact.y) == (20700, 48800)
    assert AuditEntry.objects.filter(actor=manager).count() == 2


def test_the_check_can_be_downloaded(client, manager) -> None:
    factories.ConfirmedProfileFactory()
    factories.VacancyFactory()
    fairness.run(clock.today())
    response = client.get(reverse("matching:audit"), {"vorm": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert tuple(rows[0]) == fairness.HEADINGS
    assert rows[1][:3] == ["Leeftijd", "18–20", "1"]


def test_the_check_downloads_no_formula_and_leaves_numbers_numbers(client, manager, monkeypatch) -> None:
    factories.ConfirmedProfileFactory()
    factories.VacancyFactory()
    fairness.run(clock.today())
    monkeypatch.setattr(fairness, "table", lambda run: [["=1+1", "@x", "-3,2"]])
    response = client.get(reverse("matching:audit"), {"vorm": "csv"})
    assert b"'=1+1;'@x;-3,2" in b"".join(response.streaming_content)


def test_without_people_or_a_check_the_page_is_there(client, manager) -> None:
    assert "nog geen controle" in client.get(reverse("matching:audit")).text
    fairness.run(clock.today())
    assert client.get(reverse("matching:audit")).status_code == 200


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 27.8), (5, 10, 23.7, 76.3), (10, 10, 72.2, 100.0), (0, 0, 0.0, 100.0)],
)
def test_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    assert fairness.interval(part, whole) == pytest.approx((low, high), abs=0.05)


def test_only_the_beheerder_manages(client) -> None:
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    for name in ("weights", "audit"):
        assert client.get(reverse(f"matching:{name}")).status_code == 404


# --- What functions ask
def test_demands_of_a_function(client) -> None:
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    vacancy = factories.VacancyFactory()
    url = reverse("matching:demand", args=[vacancy.function_id])
    assert client.get(url).status_code == 200
    assert client.post(url, {"skills": "Toveren", "skills_level": "3"}).status_code == 200
    data = {"must_bits": ["level"], "weekdays": ["0", "4"], "skills": "Lassen", "skills_level": "4"}
    assert client.post(url, data).status_code == 302
    demand = FunctionDemand.objects.get(function=vacancy.function)
    assert (demand.must_bits, demand.weekdays) == (4, 17)
    vacancy.fact.refresh_from_db()
    assert (vacancy.fact.must_bits, vacancy.fact.want_total) == (4, 4)
    assert OutboxMessage.objects.filter(handler="vacancy_changed").exists()
    shown = client.get(url).text
    assert 'value="Lassen"' in shown
    assert '<option value="4"\n                    selected>' in shown
    assert client.post(url, {}).status_code == 302
    assert not vacancy.function.skills.exists()


def test_a_competence_out_of_use_stays_where_it_stands(client) -> None:
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    vacancy, skill = factories.VacancyFactory(), Skill.objects.get(name="Lassen")
    vacancy.function.skills.create(skill=skill, level=2)
    Skill.objects.filter(name__in=["Lassen", "Koken"]).update(is_active=False)
    url = reverse("matching:demand", args=[vacancy.function_id])
    assert client.post(url, {"skills": "Koken", "skills_level": "3"}).context["form"].errors["skills"]
    assert client.post(url, {"skills": "Lassen", "skills_level": "5"}).status_code == 302
    assert vacancy.function.skills.get().level == 5


# --- What employers ask in the portal
def test_employers_say_what_is_verplicht_for_their_own_functions(client) -> None:
    vacancy, other = factories.VacancyFactory(), factories.VacancyFactory()
    profile = factories.ConfirmedProfileFactory(level=0)
    client.force_login(factories.representative(vacancy.employer.organisation))
    url = reverse("matching:portal_demand", args=[vacancy.function_id])
    assert url in client.get(reverse("employers:portal_function", args=[vacancy.function_id])).text
    assert "Wat is verplicht?" in client.get(url).text
    assert pairs.pair_of(profile.candidate, vacancy).verdict.passes
    data = {"must_bits": ["level", "days"], "weekdays": ["0"], "skills": ["Lassen", ""], "skills_level": ["4", "3"]}
    assert client.post(url, data).status_code == 302
    demand = FunctionDemand.objects.get(function=vacancy.function)
    assert codes_of(demand.must_bits) == ["level", "days"]
    fresh = Vacancy.objects.get(pk=vacancy.pk)
    fresh.function.level = 3
    fresh.function.save()
    assert "level" in pairs.pair_of(profile.candidate, fresh).verdict.knock_outs
    entry = AuditEntry.objects.get(verb=verbs.DEMAND_SET)
    assert entry.party == "werkgever"
    for page in (reverse("matching:portal_demand", args=[other.function_id]), reverse("matching:demand", args=[1])):
        assert client.get(page).status_code == 404
        assert client.post(page, data).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("must_bits", "rules"), ("must_bits", "x"), ("weekdays", "7"), ("skills", "Toveren"), ("skills", "x" * 400)],
)
def test_bad_demands_are_said_in_the_portal(client, field: str, value: str) -> None:
    vacancy = factories.VacancyFactory()
    client.force_login(factories.representative(vacancy.employer.organisation))
    page = client.post(reverse("matching:portal_demand", args=[vacancy.function_id]), {field: value})
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert not FunctionDemand.objects.exists()


def test_suggestions_while_typing(client) -> None:
    url = reverse("matching:skill_options")
    Skill.objects.filter(name="Autogeen lassen").update(is_active=False)
    for user in (
        factories.staff(Role.LOOPBAANADVISEUR),
        factories.representative(factories.EmployerOrganisationFactory()),
    ):
        client.force_login(user)
        assert client.get(url, {"skills": "LASS"}).text.count("<option") == 1
        assert "<option" not in client.get(url, {"skills": "\x00"}).text + client.get(url).text
        assert 'name="skills_level"' in client.get(reverse("matching:skill_row")).text
    client.force_login(factories.candidate_user())
    assert client.get(url, {"skills": "lassen"}).status_code == 404


# --- Imports
def test_postcodes_are_imported_and_bad_lines_named(tmp_path: Path) -> None:
    file = tmp_path / "pc4.csv"
    lines = (
        'postcode,"woonplaats",latitude,longitude',
        "8131,Wijhe,52.3866,6.1364",
        "813,Kort,52.4,6.1",
        "8132,,52.4,6.1",
        "8133,Zonder punt,,6.1",
        "8134,Ver weg,12.4,6.1",
        "8135,Zee,53.9,3.1",
        "8136,Nieuw dorp,52.40,6.20",
        "",
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    out, errors = StringIO(), StringIO()
    call_command("import_postcodes", str(file), stdout=out, stderr=errors)
    assert "7 regels gelezen, 2 opgeslagen, 5 fout." in out.getvalue()
    assert [line.partition(":")[0] for line in errors.getvalue().splitlines()] == [
        f"Regel {n}" for n in (3, 4, 5, 6, 7)
    ]
    wijhe = Place.objects.get(pk=8131)
    # The RD coordinates of Wijhe are about 206.3 km east and 489.0 km north.
    assert abs(wijhe.x - 20_620) < 100
    assert abs(wijhe.y - 48_900) < 100


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b'postcode,woonplaats,latitude,longitude\n"8131', b"\n"]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_postcodes", str(file), stdout=StringIO(), stderr=StringIO())
    with pytest.raises(CommandError):
        call_command("import_postcodes", str(tmp_path / "no.csv"))


def test_skills_are_imported_and_bad_lines_named(tmp_path: Path) -> None:
    file = tmp_path / "skills.csv"
    uri = "http://data.europa.eu/esco/skill/1"
    lines = (
        "name;uri",
        f"Lassen;{uri}",
        "Nieuw;",
        f"Dubbel;{uri}",
        "Fout;geen adres",
        ";",
        "x" * 161 + ";",
        f"Nul;{uri}2",
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    out, errors = StringIO(), StringIO()
    call_command("import_skills", str(file), stdout=out, stderr=errors)
    assert "6 regels gelezen, 3 opgeslagen, 3 fout." in out.getvalue()
    assert Skill.objects.get(name="Lassen").uri == uri
    assert "hoort al bij een andere competentie" in errors.getvalue()
    call_command("import_skills", str(file), stdout=StringIO(), stderr=StringIO())
    assert Skill.objects.filter(name="Nieuw").count() == 1
