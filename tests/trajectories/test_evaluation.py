"""R7: youth, employer and jobcoach give their view of the trial, each by a link of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import walk_to
from tests.trajectories.evaluating import PARTIES, answer_all, answers, page, state
from tests.trajectories.personal import run_outbox, token_in
from tests.trajectories.standing import World, standing
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import (
    AmbitionItem,
    AmbitionStep,
    Evaluation,
    EvaluationView,
    NoShow,
    PartyLink,
    ViewDraft,
)
from trajectories.pages.worklists import Completion, completion_of
from trajectories.process.periods import period_end
from trajectories.process.workflow import Journey

pytestmark = pytest.mark.usefixtures("db")

END = date(2026, 5, 1)


@standing
def trial(world: World) -> None:
    walk_to(world.walk, world.vacancy, "PROEFPERIODE")


def test_r7_each_party_gives_its_view_through_its_own_link(evaluating: Walk, client: Client) -> None:
    plan = evaluating.fresh().signed_plan
    with clock.at(evaluating.day, 13):
        for party in plan.parties.all():
            token = token_in(mail.outbox, party.email)
            url = reverse("trajectories:evaluate", args=[token])
            for look in (client.get(url), client.head(url), client.get(url, {"vraag": "3"})):
                assert look.status_code == 200
                assert (look["Cache-Control"], look["Referrer-Policy"]) == ("no-store", "no-referrer")
            assert "Bedankt" in answer_all(client, url).content.decode()
            again = client.post(url, {"vraag": "1", "answer": "1"}, follow=True)
            assert "Bedankt" in again.content.decode()
    views = Evaluation.objects.get().views.all()
    assert {view.role for view in views} == set(PARTIES)
    assert all(view.is_positive for view in views)
    assert all([score.score for score in view.scores.all()] == [4] * 10 for view in views)
    assert not ViewDraft.objects.exists()


def test_r7_the_youth_reads_it_in_plain_words(evaluating: Walk, client: Client) -> None:
    with clock.at(evaluating.day, 13):
        youth = reverse("trajectories:evaluate", args=[token_in(mail.outbox, "sem@post.example")])
        coach = reverse("trajectories:evaluate", args=[token_in(mail.outbox, evaluating.team.jobcoach.email)])
        first, last = client.get(youth, {"vraag": "1"}), client.get(youth, {"vraag": "12"})
        assert "Ik heb zin in mijn werk" in first.content.decode()
        assert "Heeft zin als een ander erbij is en moed geeft." in first.content.decode()
        assert "Wil je verder bij dit bedrijf?" in last.content.decode()
        assert "Wilt u verder met Sem?" in client.get(coach, {"vraag": "12"}).content.decode()
        assert "Positieve houding" in client.get(coach, {"vraag": "1"}).content.decode()


def test_every_figure_of_the_scale_has_an_example() -> None:
    steps = AmbitionStep.objects.values_list("item__code", "score")
    items = AmbitionItem.objects.filter(is_active=True).values_list("code", flat=True)
    assert set(steps) == {(code, score) for code in items for score in range(1, 6)}


def test_nothing_that_was_answered_is_lost(evaluating: Walk, client: Client) -> None:
    url = reverse("trajectories:evaluate", args=[token_in(mail.outbox, "sem@post.example")])
    with clock.at(evaluating.day, 13):
        assert client.post(url, {"vraag": "1", "answer": "2"}).url == f"{url}?vraag=2"
        kept = client.post(
            url,
            {"vraag": "11", "went_well": "Straten", "can_improve": ""},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        assert kept.json() == {"saved_at": "13:00"}
        later = Client()
        assert "Ga verder bij vraag 2" in later.get(url).content.decode()
        assert "Straten" in later.get(url, {"vraag": "11"}).content.decode()
        link = actions.link_for(url.split("/")[-2])
        actions.resend_link(link, by=evaluating.user_on_lead)
        run_outbox("send_link")
        fresh = reverse("trajectories:evaluate", args=[token_in(mail.outbox, "sem@post.example")])
        assert fresh != url
        assert client.post(url, {"vraag": "2", "answer": "5"}).status_code == 410
        assert "Ga verder bij vraag 2" in later.get(fresh).content.decode()
    assert ViewDraft.objects.get().scores.get().score == 2


def test_changing_an_answer_leads_back_to_the_overview(evaluating: Walk, client: Client) -> None:
    url = reverse("trajectories:evaluate", args=[token_in(mail.outbox, "sem@post.example")])
    with clock.at(evaluating.day, 13):
        for number in range(1, 11):
            client.post(url, {"vraag": str(number), "answer": "4"})
        check = client.get(url, {"vraag": "controle"}).content.decode()
        assert "Er staat nog 1 vraag open" in check and ">Versturen<" not in check
        client.post(url, {"vraag": "controle"})
        assert not EvaluationView.objects.exists()
        changed = client.post(url, {"vraag": "3", "answer": "1", "terug": "controle"})
        assert changed.url == f"{url}?vraag=controle"
        client.post(url, {"vraag": "12", "answer": "False"})
        client.post(url, {"vraag": "controle"})
    view = EvaluationView.objects.get()
    assert not view.is_positive
    assert [score.score for score in view.scores.all()][:4] == [4, 4, 1, 4]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vraag": "12", "answer": ""}, "Kies een van de antwoorden"),
        ({"vraag": "12", "answer": "misschien"}, "Kies iets uit de lijst"),
        ({"vraag": "1", "answer": "6"}, "Kies iets uit de lijst"),
        ({"vraag": "1"}, "Kies een van de antwoorden"),
        ({"vraag": "11", "went_well": "a" * 5001}, "5000"),
    ],
)
def test_bad_input_in_a_view(evaluating: Walk, client: Client, changes: dict, message: str) -> None:
    url = reverse("trajectories:evaluate", args=[token_in(mail.outbox, "sem@post.example")])
    with clock.at(evaluating.day, 13):
        response = client.post(url, changes)
        for nonsense in ("0", "13", "x", "\x00", "9" * 40):
            assert client.post(url, {"vraag": nonsense, "answer": "1"}).status_code == 302
            assert client.get(url, {"vraag": nonsense}).status_code == 200
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not ViewDraft.objects.exists()


@pytest.mark.parametrize(
    ("follows", "says"), [("opnieuw", "Nog geen oordeel van"), ("zonder", "Zonder dit oordeel volgt geen contract")]
)
def test_a_party_that_did_not_come(evaluating: Walk, client: Client, follows: str, says: str) -> None:
    evaluating.give_views(True, "jongere", "jobcoach").settle_wage_value()
    client.force_login(evaluating.team.regisseur)
    url = page(evaluating, "no_show", "werkgever")
    data = {"on": evaluating.day.isoformat(), "cause": "geen_bericht", "reason": "Druk op de bouw.", "follows": follows}
    with clock.at(evaluating.day, 18):
        old = evaluating.trajectory.links.usable().get(party__party="werkgever")
        assert client.get(url).status_code == 200
        assert "verplicht" in client.post(url, data | {"reason": ""}).content.decode()
        assert "in de toekomst" in client.post(url, data | {"on": "2027-01-01"}).content.decode()
        if follows == "opnieuw":
            assert "Kies de dag" in client.post(url, data).content.decode()
            assert "latere dag" in client.post(url, data | {"again_on": "2026-01-01"}).content.decode()
            data["again_on"] = (evaluating.day + timedelta(days=3)).isoformat()
        assert client.post(url, data).status_code == 302
        text = client.get(page(evaluating, "evaluation")).content.decode()
        usable = evaluating.trajectory.links.usable().filter(party__party="werkgever")
        assert [link.pk != old.pk for link in usable] == ([True] if follows == "opnieuw" else [])
    assert "niet gekomen, geen bericht" in text and "Druk op de bouw." in text
    with pytest.raises(Refused, match=says):
        evaluating.continue_learning(12)
    log = AuditEntry.objects.get(verb="record_no_show")
    assert (log.text.text, log.details["follows"]) == ("Druk op de bouw.", follows)
    with pytest.raises(DatabaseError), transaction.atomic():
        NoShow.objects.update(reason="Anders")


def test_after_a_no_show_a_guide_may_fill_in_what_was_discussed(evaluating: Walk, client: Client) -> None:
    client.force_login(evaluating.team.regisseur)
    data = {"on": evaluating.day.isoformat(), "cause": "afwezig", "reason": "Vrij.", "follows": "namens"}
    with clock.at(evaluating.day, 18):
        done = client.post(page(evaluating, "no_show", "jongere"), data)
        assert done.url == page(evaluating, "record_view", "jongere")
        assert client.post(done.url, answers(reason="Samen aan de telefoon.")).status_code == 302
        assert client.post(page(evaluating, "no_show", "jongere"), data).status_code == 409
        assert client.get(page(evaluating, "no_show", "buurman")).status_code == 404
        case_page = client.get(reverse("trajectories:detail", args=[evaluating.trajectory.pk])).content.decode()
        client.force_login(evaluating.team.job_broker)
        assert client.get(page(evaluating, "no_show", "werkgever")).status_code == 409
    assert "(ingevuld door" in case_page


def test_the_regisseur_sees_how_many_views_were_given(evaluating: Walk, client: Client) -> None:
    evaluating.give_views(True, "jongere", "jobcoach")
    with clock.at(evaluating.day, 18):
        assert completion_of(evaluating.team.regisseur) == Completion(asked=3, given=2, on_behalf=0)
        assert completion_of(evaluating.team.jobcoach) is None
        client.force_login(evaluating.team.regisseur)
        text = " ".join(client.get("/").content.decode().split())
        assert "2 van 3" in text and "(67%)" in text
    with clock.at(evaluating.day + timedelta(days=366)):
        assert completion_of(evaluating.team.regisseur) == Completion(0, 0, 0)


@pytest.mark.parametrize("missing", PARTIES)
def test_r7_no_contract_before_all_were_heard(evaluating: Walk, missing: str) -> None:
    evaluating.give_views(True, *(party for party in PARTIES if party != missing)).settle_wage_value()
    with pytest.raises(Refused, match=missing):
        evaluating.continue_learning(12)
    assert state(evaluating) == "EVALUATIE"


def test_r7_one_negative_view_means_no_contract_but_a_choice_with_a_reason(evaluating: Walk, client: Client) -> None:
    evaluating.give_views(positive=False).settle_wage_value()
    with pytest.raises(Refused, match="Niet iedereen is positief"):
        evaluating.continue_learning(12)
    with pytest.raises(Refused, match="reden"):
        evaluating.step(Journey.other_place, reason=" ")
    client.force_login(evaluating.team.regisseur)
    with clock.at(evaluating.day, 18):
        text = client.get(page(evaluating, "evaluation")).content.decode()
    assert "Niet iedereen is positief: werkgever" in text
    evaluating.step(Journey.other_place, reason="Geen klik met het werk.")
    assert state(evaluating) == "BEMIDDELBAAR"
    assert Evaluation.objects.get().decision == "other_place"


def test_r7_all_positive_the_contract_follows(evaluating: Walk) -> None:
    evaluating.give_views().settle_wage_value().continue_learning(12)
    contract = evaluating.fresh().running_contract
    assert (contract.starts_on, contract.ends_on) == (END + timedelta(days=1), period_end(END + timedelta(days=1), 12))


def test_the_page_shows_the_views_side_by_side_and_who_is_missing(evaluating: Walk, client: Client) -> None:
    with clock.at(evaluating.day, 13):
        url = reverse("trajectories:evaluate", args=[token_in(mail.outbox, "sem@post.example")])
        answer_all(client, url, score=2)
        url = reverse("trajectories:evaluate", args=[token_in(mail.outbox, evaluating.team.jobcoach.email)])
        answer_all(client, url, score=5)
        client.force_login(evaluating.team.regisseur)
        response = client.get(page(evaluating, "evaluation"))
    rows = {row["label"]: row for row in response.context["rows"]}
    assert [cell["answer"] for cell in rows["Positieve houding"]["cells"]] == [2, "–", 5]
    assert [(mark.shape, mark.x) for mark in rows["Positieve houding"]["sides"].marks] == [
        ("circle", 35),
        ("triangle", 110),
    ]
    assert rows["Positieve houding"]["differs"]
    assert not rows["Verder samen"]["differs"]
    assert "Nog geen oordeel van: werkgever" in response.content.decode()
    assert "Nieuwe link sturen" in response.content.decode()


def test_the_page_says_from_when_a_party_can_be_sent_a_new_link(evaluating: Walk, client: Client) -> None:
    client.force_login(evaluating.team.regisseur)
    with clock.at(evaluating.day, 15):
        link = PartyLink.objects.get(party__party="jongere", purpose=PartyLink.Purpose.EVALUATE)
        actions.resend_link(link, by=evaluating.team.regisseur)
        text = client.get(page(evaluating, "evaluation")).content.decode()
    assert text.count("Een nieuwe kan vanaf 15:10 uur") == 1 and text.count("Nieuwe link sturen") == 2


def test_a_guide_fills_in_for_a_party_with_a_reason_and_visibly(evaluating: Walk, client: Client) -> None:
    client.force_login(evaluating.team.jobcoach)
    url = page(evaluating, "record_view", "werkgever")
    employer = evaluating.fresh().signed_plan.parties.get(party="werkgever")
    token = token_in(mail.outbox, employer.email)
    with clock.at(evaluating.day, 13):
        assert client.get(url).status_code == 200
        assert "verplicht" in client.post(url, answers(reason="")).content.decode()
        assert client.post(url, answers(reason="Gebeld, geen mail op de bouw.")).status_code == 302
        assert client.post(url, answers(reason="Nog eens")).status_code == 409
        assert client.get(reverse("trajectories:evaluate", args=[token])).status_code == 410
        text = client.get(page(evaluating, "evaluation")).content.decode()
    view = EvaluationView.objects.get()
    assert (view.role, view.recorded_by) == ("werkgever", evaluating.team.jobcoach)
    assert "Gebeld, geen mail op de bouw." in text
    assert AuditEntry.objects.filter(verb="record_view", text__isnull=False).count() == 1


def test_nobody_fills_in_for_a_party_outside_the_evaluation(evaluating: Walk, client: Client) -> None:
    client.force_login(evaluating.team.job_broker)
    with clock.at(evaluating.day, 13):
        assert client.get(page(evaluating, "record_view", "buurman")).status_code == 404
        url = page(evaluating, "record_view", "jongere")
        assert client.post(url, answers(reason="Ik doe het wel.")).status_code == 409
    assert not EvaluationView.objects.exists()


def test_r14_a_view_never_changes(evaluating: Walk) -> None:
    evaluating.give_views()
    for change in (
        lambda: EvaluationView.objects.update(is_positive=False),
        lambda: EvaluationView.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_after_the_decision_the_links_are_closed_and_no_new_ones_go_out(evaluating: Walk, client: Client) -> None:
    evaluating.give_views(True, "jongere", "jobcoach")
    link = evaluating.trajectory.links.filter(party__party="werkgever", purpose="evalueren").get()
    evaluating.step(Journey.seek_advice, reason="Eerst advies.")
    client.force_login(evaluating.team.regisseur)
    url = reverse("trajectories:link_resend", args=[evaluating.trajectory.pk, link.pk])
    assert client.post(url).status_code == 409
    assert client.get(page(evaluating, "evaluation")).status_code == 200


def test_before_it_opens_there_is_no_evaluation(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    assert client.get(page(trial, "evaluation")).status_code == 409
    foreign = factories.staff(Role.REGISSEUR, region_code="29")
    client.force_login(foreign)
    for name in ("evaluation", "permission", "wage_value", "extend_trial", "plan"):
        assert client.get(page(trial, name)).status_code == 404


@pytest.mark.parametrize("verb", ["give_view", "record_view", "decide_wage_value", "record_no_show"])
def test_the_evaluations_actions_are_all_or_nothing(
    evaluating: Walk, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.trial.log", fails)
    monkeypatch.setattr("trajectories.actions.evaluating.log", fails)
    case, by = evaluating.fresh(), evaluating.user_on_lead
    link = actions.link_for(token_in(mail.outbox, "sem@post.example"))
    party = case.signed_plan.parties.get(party="werkgever")
    calls = {
        "give_view": lambda: actions.give_view(link, is_positive=True, scores={}),
        "record_view": lambda: actions.record_view(
            case, party=party, is_positive=True, scores={}, reason="Gebeld", by=by
        ),
        "decide_wage_value": lambda: actions.decide_wage_value(case, needed=False, reason="Nee", by=by),
        "record_no_show": lambda: actions.record_no_show(
            case, party=party, on=evaluating.day, cause="afgezegd", reason="Druk", follows="zonder", by=by
        ),
    }
    with clock.at(evaluating.day, 13), pytest.raises(RuntimeError):
        calls[verb]()
    assert not EvaluationView.objects.exists()
    assert Evaluation.objects.get().wage_value_needed is None
    with clock.at(evaluating.day, 13):
        assert case.links.usable().count() == 3
