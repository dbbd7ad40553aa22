"""R6–R10 and decision 10: the trial, the payer's permission, the three views, loonwaarde and what may follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting, Role
from accounts.models import Client as Payer
from candidates.models import TargetGroup
from demo.walk import Team, Walk
from tests import factories
from tests.questions import ONE_THING
from tests.trajectories.conftest import START, Reach, make_walk, walk_to
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
    TrialPeriod,
    ViewDraft,
    WageValue,
)
from trajectories.pages.filters import Completion, completion_of
from trajectories.process import rules
from trajectories.process.periods import period_end

pytestmark = pytest.mark.usefixtures("db")

END = date(2026, 5, 1)
PARTIES = ("jongere", "werkgever", "jobcoach")


@standing
def signed(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan().send_plan().sign()


@standing
def trial(world: World) -> None:
    walk_to(world.walk, world.vacancy, "PROEFPERIODE")


@standing
def evaluating(world: World) -> None:
    walk = walk_to(world.walk, world.vacancy, "EVALUATIE")
    with clock.at(walk.day, 12):
        run_outbox("send_link")


def page(walk: Walk, name: str, *args: object) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *args])


def state(walk: Walk) -> str:
    return walk.fresh().state


def answers(positive: bool = True, score: int = 4, **more: object) -> dict[str, object]:
    scores = {f"item_{item.pk}": score for item in AmbitionItem.objects.filter(is_active=True)}
    return {"is_positive": str(positive), "went_well": "Het werk.", "can_improve": "Vragen.", **scores, **more}


def answer_all(client: Client, url: str, score: int = 4, positive: bool = True) -> HttpResponse:
    """Every question with the same figure, then the words, the verdict and sending."""
    for number in range(1, 11):
        client.post(url, {"vraag": str(number), "answer": str(score)})
    client.post(url, {"vraag": "11", "went_well": "Het werk.", "can_improve": "Vragen."})
    client.post(url, {"vraag": "12", "answer": str(positive)})
    return client.post(url, {"vraag": "controle"}, follow=True)


def paid_by_uwv(walk: Walk) -> None:
    walk.trajectory.client = Payer.objects.filter(client_type="uwv").first()
    walk.trajectory.save()


# --- Decision 10: the payer's permission -----------------------------------------------------------------------------
def test_decision_10_without_uwvs_decision_no_trial_starts(signed: Walk) -> None:
    paid_by_uwv(signed)
    with clock.at(START), pytest.raises(Refused, match="ontbreekt"):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    signed.permit()
    assert state(signed.start_trial()) == "PROEFPERIODE"


def test_decision_10_a_gemeente_warns_by_setting(signed: Walk) -> None:
    with clock.at(START):
        assert rules.permission_warning(signed.fresh()) is not None
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    assert state(signed) == "PROEFPERIODE"


def test_decision_10_a_gemeente_can_be_set_to_block(signed: Walk) -> None:
    LawSetting.objects.create(
        key=LawSetting.Key.PERMISSION_MODE,
        value="blokkeren",
        valid_from=date(2026, 1, 1),
        client=signed.trajectory.client,
        source="Afspraak met de gemeente",
    )
    with clock.at(START), pytest.raises(Refused):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)


def decision(**changes: object) -> dict[str, object]:
    return {
        "kind": "eerste",
        "is_granted": "True",
        "valid_from": "2026-02-02",
        "valid_until": "2026-04-01",
        "decided_on": "2026-01-10",
        "reference": "PP-1",
        **changes,
    }


def test_the_register_proposes_and_keeps_decisions(signed: Walk, client: Client) -> None:
    client.force_login(signed.team.regisseur)
    with clock.at(signed.day):
        form = client.get(page(signed, "permission")).context["form"]
        assert form.initial["valid_until"] == date(2026, 4, 1)
        assert client.post(page(signed, "permission"), decision(decided_on=signed.day)).status_code == 302
        text = client.get(page(signed, "permission")).content.decode()
        following = client.get(page(signed, "permission")).context["form"]
    assert "loopt af vóór het einde" in text
    assert (following.initial["kind"], following.initial["valid_from"]) == ("verlenging", date(2026, 4, 2))
    assert signed.trajectory.permissions.get().reference == "PP-1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_until": "2026-02-01"}, "vóór de begindatum"),
        ({"valid_until": "2026-12-01"}, "ten hoogste 6 maanden"),
        ({"decided_on": "2027-01-01"}, "in de toekomst"),
        ({"valid_from": "gisteren"}, "geldige datum"),
        ({"is_granted": ""}, "verplicht"),
        ({"kind": "derde"}, "geldige keuze"),
    ],
)
def test_bad_input_at_a_decision(signed: Walk, client: Client, changes: dict[str, str], message: str) -> None:
    client.force_login(signed.team.regisseur)
    with clock.at(signed.day + timedelta(days=20)):
        response = client.post(page(signed, "permission"), decision(**changes))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not signed.trajectory.permissions.exists()


def test_uwv_decides_before_the_start(signed: Walk, client: Client) -> None:
    paid_by_uwv(signed)
    client.force_login(signed.team.regisseur)
    with clock.at(date(2026, 2, 10)):
        response = client.post(page(signed, "permission"), decision(decided_on="2026-02-05"))
    assert "UWV beslist vóór de start" in response.content.decode()


def test_without_a_payer_there_is_nothing_to_permit(signed: Walk, client: Client) -> None:
    signed.trajectory.client = None
    signed.trajectory.save()
    client.force_login(signed.team.regisseur)
    assert client.get(page(signed, "permission")).status_code == 409


def test_only_regisseur_and_frontoffice_record_decisions(signed: Walk, client: Client) -> None:
    client.force_login(signed.team.job_broker)
    with clock.at(signed.day):
        assert client.post(page(signed, "permission"), decision(decided_on=signed.day)).status_code == 409
    assert not signed.trajectory.permissions.exists()


# --- R6: start and end -----------------------------------------------------------------------------------------------
def test_r6_the_trial_starts_on_the_plans_date_also_when_handled_later(signed: Walk) -> None:
    with clock.at(START - timedelta(days=1)), pytest.raises(Refused, match="begint op"):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    with clock.at(START + timedelta(days=5)):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    row = TrialPeriod.objects.get()
    assert (row.starts_on, row.ends_on) == (START, END)


def test_r6_the_agreed_trial_never_changes(trial: Walk) -> None:
    for values in ({"starts_on": START + timedelta(days=1)}, {"ends_on": END + timedelta(days=1)}, {"months": 4}):
        with pytest.raises(DatabaseError), transaction.atomic():
            TrialPeriod.objects.update(**values)


def test_an_extension_is_a_row_of_its_own_with_its_permission(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    until = END + timedelta(days=20)
    trial.later(30)
    with clock.at(trial.day):
        first = trial.trajectory.permissions.get()
        data = {"until_day": until.isoformat(), "reason": "Drie weken ziek.", "permission": first.pk}
        assert "eindigt eerder" in client.post(page(trial, "extend_trial"), data).content.decode()
        bad = client.post(page(trial, "extend_trial"), {"until_day": END.isoformat(), "reason": "", "permission": ""})
        assert "na het huidige einde" in bad.content.decode()
        long = client.post(page(trial, "extend_trial"), data | {"until_day": "2026-09-01"})
        assert "ten hoogste 6 maanden" in long.content.decode()
        extra = decision(kind="verlenging", valid_from=END + timedelta(days=1), valid_until=until, decided_on=trial.day)
        client.post(page(trial, "permission"), extra)
        data["permission"] = trial.trajectory.permissions.get(kind="verlenging").pk
        assert client.post(page(trial, "extend_trial"), data).status_code == 302
    row = trial.fresh().current_trial
    assert (row.ends_on, row.last_day) == (END, until)
    assert row.extensions.get().reason == "Drie weken ziek."


def test_all_decisions_together_last_at_most_six_months(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    trial.later(30)
    # From 2 February: six calendar months end on 1 August, however many decisions they are spread over.
    longer = {"kind": "verlenging", "valid_from": date(2026, 5, 2), "decided_on": trial.day}
    with clock.at(trial.day):
        wrong = client.post(page(trial, "permission"), decision(**longer, valid_until=date(2026, 8, 2)))
        assert "met alle besluiten samen ten hoogste 6 maanden: tot en met za 1 aug 2026" in wrong.content.decode()
        case = trial.fresh()
        facts = longer | {"client": case.client, "is_granted": True, "by": trial.user_on_lead}
        with pytest.raises(Refused, match="alle besluiten samen"):
            actions.record_permission(case, valid_until=date(2026, 8, 2), **facts)
        assert case.permissions.count() == 1
        assert (
            client.post(page(trial, "permission"), decision(**longer, valid_until=date(2026, 8, 1))).status_code == 302
        )


def test_an_extension_leaves_no_day_without_a_decision(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    trial.later(30)
    until = END + timedelta(days=20)
    late = {"kind": "verlenging", "valid_from": END + timedelta(days=2), "valid_until": until, "decided_on": trial.day}
    with clock.at(trial.day):
        client.post(page(trial, "permission"), decision(**late))
        found = trial.trajectory.permissions.get(kind="verlenging")
        data = {"until_day": until.isoformat(), "reason": "Ziek", "permission": found.pk}
        assert "begint later" in client.post(page(trial, "extend_trial"), data).content.decode()
        with pytest.raises(Refused, match="toestemming"):
            actions.extend_trial(trial.fresh(), until_day=until, reason="Ziek", permission=found, by=trial.user_on_lead)
    assert trial.fresh().current_trial.last_day == END


def test_only_who_may_extend_gets_the_form_and_it_says_where_the_decision_is_recorded(
    trial: Walk, client: Client
) -> None:
    with clock.at(trial.day):
        client.force_login(trial.team.jobcoach)
        assert client.get(page(trial, "extend_trial")).status_code == 409
        assert page(trial, "extend_trial") not in client.get(page(trial, "detail")).content.decode()
        client.force_login(trial.team.regisseur)
        assert page(trial, "extend_trial") in client.get(page(trial, "detail")).content.decode()
        assert page(trial, "permission") in client.get(page(trial, "extend_trial")).content.decode()
        empty = {"until_day": (END + timedelta(days=9)).isoformat(), "reason": "Ziek", "permission": ""}
        assert "Leg het eerst vast" in client.post(page(trial, "extend_trial"), empty).content.decode()


def test_no_extension_without_a_running_trial(signed: Walk, client: Client) -> None:
    client.force_login(signed.team.regisseur)
    assert client.get(page(signed, "extend_trial")).status_code == 409


@pytest.mark.parametrize("verb", ["start_trial", "record_permission", "extend_trial", "record_wage_value"])
def test_the_trials_actions_are_all_or_nothing(signed: Walk, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    if verb in ("extend_trial", "record_wage_value"):
        signed.permit(END + timedelta(days=20)).start_trial().later(10)

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.trial.log", fails)
    monkeypatch.setattr("trajectories.journey.core.log", fails)
    case, by = signed.fresh(), signed.user_on_lead
    calls = {
        "start_trial": lambda: actions.start_trial(case, by=by),
        "record_permission": lambda: actions.record_permission(
            case,
            client=case.client,
            kind="eerste",
            is_granted=True,
            valid_from=START,
            valid_until=END,
            decided_on=START,
            by=by,
        ),
        "extend_trial": lambda: actions.extend_trial(
            case, until_day=END + timedelta(days=9), reason="Ziek", permission=case.permissions.get(), by=by
        ),
        "record_wage_value": lambda: actions.record_wage_value(
            case, percentage=50, determined_by="uwv", determined_on=START, by=by
        ),
    }
    before = (case.state, TrialPeriod.objects.count(), case.permissions.count(), case.placements.count())
    with clock.at(max(signed.day, START)), pytest.raises(RuntimeError):
        calls[verb]()
    after = signed.fresh()
    assert (after.state, TrialPeriod.objects.count(), after.permissions.count(), after.placements.count()) == before
    assert not WageValue.objects.exists()
    assert after.current_trial is None or not after.current_trial.extensions.exists()


# --- R7: three views -------------------------------------------------------------------------------------------------
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
        ({"vraag": "12", "answer": "misschien"}, "geldige keuze"),
        ({"vraag": "1", "answer": "6"}, "geldige keuze"),
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
        evaluating.step("other_place", reason=" ")
    client.force_login(evaluating.team.regisseur)
    with clock.at(evaluating.day, 18):
        text = client.get(page(evaluating, "evaluation")).content.decode()
    assert "Niet iedereen is positief: werkgever" in text
    evaluating.step("other_place", reason="Geen klik met het werk.")
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
    evaluating.step("seek_advice", reason="Eerst advies.")
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


# --- R8: loonwaarde --------------------------------------------------------------------------------------------------
def test_r8_without_the_decision_the_evaluation_is_not_complete(evaluating: Walk) -> None:
    evaluating.give_views()
    with pytest.raises(Refused, match="Leg vast of loonwaarde nodig is"):
        evaluating.continue_learning(12)


def test_r8_some_target_groups_ask_for_it(team: Team, vacancy, light_pdf: None, client: Client) -> None:
    group = TargetGroup.objects.filter(needs_wage_value=True).first()
    walk = walk_to(make_walk(team, group=group.code), vacancy, "EVALUATIE").give_views()
    with pytest.raises(Refused, match="loonwaarde ontbreekt"):
        walk.continue_learning(12)
    client.force_login(team.regisseur)
    with clock.at(walk.day, 17):
        assert "vraagt erom" in client.get(page(walk, "evaluation")).content.decode()
        values = {"which": "value", "percentage": 55, "determined_by": "uwv", "determined_on": walk.day.isoformat()}
        assert client.post(page(walk, "wage_value"), values).status_code == 302
    assert state(walk.continue_learning(12)) == "LEERWERK"


def test_r8_nobody_decides_that_it_isnt_needed_where_the_group_asks_for_it(
    team: Team, vacancy, light_pdf: None, client: Client
) -> None:
    group = TargetGroup.objects.filter(needs_wage_value=True).first()
    walk = walk_to(make_walk(team, group=group.code), vacancy, "EVALUATIE")
    client.force_login(team.regisseur)
    no = {
        "which": "decision",
        "besluit-wants_wage_subsidy": "False",
        "besluit-needed": "False",
        "besluit-reason": "Nee",
    }
    with clock.at(walk.day, 17):
        assert "vraagt altijd om loonwaarde" in client.post(page(walk, "wage_value"), no).content.decode()
        with pytest.raises(Refused, match="vraagt altijd"):
            actions.decide_wage_value(walk.fresh(), needed=False, reason="Nee", by=walk.user_on_lead)
        assert Evaluation.objects.get().wage_value_needed is None
        assert client.post(page(walk, "wage_value"), no | {"besluit-needed": "True"}).status_code == 302


def test_r8_loonkostensubsidie_asks_for_it(evaluating: Walk, client: Client) -> None:
    client.force_login(evaluating.team.regisseur)
    asked = {
        "which": "decision",
        "besluit-wants_wage_subsidy": "True",
        "besluit-needed": "True",
        "besluit-reason": "De gemeente vult aan.",
    }
    with clock.at(evaluating.day, 17):
        wrong = client.post(page(evaluating, "wage_value"), asked | {"besluit-needed": "False"})
        assert "altijd nodig" in wrong.content.decode()
        assert client.post(page(evaluating, "wage_value"), asked).status_code == 302
    evaluating.give_views()
    with pytest.raises(Refused, match="loonwaarde ontbreekt"):
        evaluating.continue_learning(12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"percentage": "101"}, "100"),
        ({"percentage": "-1"}, "0"),
        ({"percentage": "45,5"}, "geheel getal"),
        ({"percentage": ""}, "verplicht"),
        ({"determined_on": "2099-01-01"}, "toekomst"),
        ({"determined_by": "buurman"}, "geldige keuze"),
    ],
)
def test_r8_bad_loonwaarde(evaluating: Walk, client: Client, changes: dict[str, str], message: str) -> None:
    client.force_login(evaluating.team.regisseur)
    values = {
        "which": "value",
        "percentage": "50",
        "determined_by": "uwv",
        "determined_on": "2026-04-20",
        "explanation": "",
    }
    with clock.at(evaluating.day, 17):
        response = client.post(page(evaluating, "wage_value"), values | changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not WageValue.objects.exists()


@pytest.mark.parametrize("percentage", [0, 100])
def test_r8_the_ends_of_the_scale_are_fine(evaluating: Walk, percentage: int) -> None:
    evaluating.settle_wage_value()
    with clock.at(evaluating.day, 17):
        actions.record_wage_value(
            evaluating.fresh(),
            percentage=percentage,
            determined_by="gemeente",
            determined_on=START,
            by=evaluating.user_on_lead,
        )
    assert WageValue.objects.get().percentage == percentage


def test_r8_the_database_knows_percentages_too(evaluating: Walk) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        WageValue.objects.create(
            trajectory=evaluating.trajectory,
            percentage=101,
            determined_by="uwv",
            determined_on=START,
            created_at=clock.now(),
        )


# --- R10 -------------------------------------------------------------------------------------------------------------
def test_r10_construction_2_has_a_contract_of_exactly_the_trial(reach: Reach) -> None:
    walk = reach("PROEFPERIODE", construction="2")
    contract = walk.fresh().contracts.get()
    assert (contract.kind, contract.holder) == ("proef", "maatwerq")
    assert (contract.starts_on, contract.ends_on) == (START, END)
    assert not walk.trajectory.signed_plan.keeps_benefit


def test_r10_construction_1_has_no_contract_during_the_trial(trial: Walk) -> None:
    assert not trial.fresh().contracts.exists()
    assert trial.trajectory.signed_plan.keeps_benefit


def test_the_page_of_the_evaluation_asks_as_much_with_all_views_as_with_one(
    evaluating: Walk, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(evaluating.team.regisseur)
    evaluating.give_views(True, "jongere")
    with clock.at(evaluating.day, 12), django_assert_max_num_queries(ONE_THING) as one:
        client.get(page(evaluating, "evaluation"))
    evaluating.give_views(True, "werkgever", "jobcoach")
    with clock.at(evaluating.day, 18), django_assert_max_num_queries(ONE_THING) as all_of_them:
        assert "ja, verder" in client.get(page(evaluating, "evaluation")).content.decode()
    assert len(all_of_them) <= len(one)
