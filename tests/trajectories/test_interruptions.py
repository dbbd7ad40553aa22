"""Illness or another interruption: recorded with its reason; the end stays until it is extended, and then everything moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting
from demo.walk import Walk
from tests.trajectories.conftest import START
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import Deadline, TrialInterruption

END = date(2026, 5, 1)
FIRST, LAST = date(2026, 2, 10), date(2026, 2, 23)


@pytest.fixture
def trial(on_trial: Walk) -> Walk:
    return on_trial.later(30)


def url(walk: Walk, name: str, *args: object) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *args])


def data(**changes: object) -> dict[str, object]:
    return {
        "kind": "ziek",
        "starts_on": FIRST.isoformat(),
        "ends_on": LAST.isoformat(),
        "reason": "Kan nu niet werken.",
    } | changes


def due(walk: Walk, kind: str) -> list[date]:
    return sorted(walk.trajectory.deadlines.open().filter(kind=kind).values_list("due_on", flat=True))


def interrupt(walk: Walk, first: date = FIRST, last: date | None = LAST) -> TrialInterruption:
    with clock.at(walk.day):
        return actions.record_interruption(
            walk.fresh(), kind="ziek", starts_on=first, ends_on=last, reason="Ziek gemeld.", by=walk.team.jobcoach
        )


def test_an_interruption_is_recorded_and_the_end_stays(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.jobcoach)
    with clock.at(trial.day):
        assert client.post(url(trial, "interruptions"), data()).status_code == 302
        page = client.get(url(trial, "interruptions")).content.decode()
        case = client.get(url(trial, "detail")).content.decode()
        told = client.get(url(trial, "timeline") + "?toon=alles").content.decode()
    row = TrialInterruption.objects.get()
    assert (row.starts_on, row.ends_on, row.days, row.recorded_by) == (FIRST, LAST, 14, trial.team.jobcoach)
    assert "14 dagen" in page and "Kan nu niet werken." in page
    assert "ziek gemeld, " in case and "Proefperiode onderbroken: ziek gemeld" in told
    assert trial.fresh().current_trial.last_day == END
    assert due(trial, Deadline.Kind.TRIAL_END) == [END]
    assert AuditEntry.objects.get(verb="record_interruption").text.text == "Kan nu niet werken."


def test_one_that_lasts_is_ended_once(trial: Walk, client: Client) -> None:
    row = interrupt(trial, trial.day, None)
    client.force_login(trial.team.regisseur)
    with clock.at(trial.day + timedelta(days=5)):
        assert "duurt nog" in client.get(url(trial, "interruptions")).content.decode()
        early = (trial.day - timedelta(days=1)).isoformat()
        assert "vóór de begindatum" in client.post(url(trial, "resume", row.pk), {"ends_on": early}).content.decode()
        assert client.post(url(trial, "resume", row.pk), {"ends_on": trial.day.isoformat()}).status_code == 302
        assert client.get(url(trial, "resume", row.pk)).status_code == 404
        with pytest.raises(Refused, match="al afgelopen"):
            actions.end_interruption(row, ends_on=trial.day, by=trial.team.regisseur)
    assert TrialInterruption.objects.get().days == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "griep"}, "Kies iets uit de lijst"),
        ({"reason": ""}, "verplicht"),
        ({"starts_on": "2026-02-01", "ends_on": "2026-02-03"}, "in de proefperiode"),
        ({"starts_on": "2026-05-02", "ends_on": ""}, "in de proefperiode"),
        ({"ends_on": "2026-02-09"}, "vóór de begindatum"),
        ({"ends_on": "2026-05-02"}, "Verleng die eerst"),
        ({"starts_on": "2026-04-20", "ends_on": ""}, "ook de laatste dag"),
        ({"starts_on": "morgen"}, "geldige datum"),
    ],
)
def test_bad_input(trial: Walk, client: Client, changes: dict, message: str) -> None:
    client.force_login(trial.team.regisseur)
    with clock.at(trial.day):
        response = client.post(url(trial, "interruptions"), data(**changes))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not TrialInterruption.objects.exists()


def test_two_at_the_same_time_is_one_too_many(trial: Walk) -> None:
    interrupt(trial)
    with pytest.raises(Refused, match="al een onderbreking"):
        interrupt(trial, LAST, LAST)
    interrupt(trial, LAST + timedelta(days=1), None)
    with pytest.raises(DatabaseError), transaction.atomic():
        TrialInterruption.objects.update(ends_on=None)


def test_only_the_guides_record_it_and_only_in_the_trial(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.job_broker)
    with clock.at(trial.day):
        assert client.post(url(trial, "interruptions"), data()).status_code == 409
    trial.open_evaluation()
    client.force_login(trial.team.regisseur)
    with clock.at(trial.day):
        assert client.post(url(trial, "interruptions"), data()).status_code == 409
        assert client.get(url(trial, "interruptions")).status_code == 200
    assert not TrialInterruption.objects.exists()


def extend(walk: Walk, days: int, permission: object = None) -> None:
    with clock.at(walk.day):
        actions.extend_trial(
            walk.fresh(),
            until_day=END + timedelta(days=days),
            reason="Ingehaald.",
            permission=permission,
            by=walk.user_on_lead,
        )


def test_extending_moves_everything_that_depends_on_the_end(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign().permit(END + timedelta(days=14)).start_trial().later(1)
    talk = walk.fresh().signed_plan.evaluation_dates.get(is_final=False)
    kinds = (Deadline.Kind.MID_TERM, Deadline.Kind.EVALUATION_SOON, Deadline.Kind.TRIAL_END)
    before = {kind: due(walk, kind) for kind in kinds}
    assert before[Deadline.Kind.TRIAL_END] == [END] and before[Deadline.Kind.MID_TERM] == [talk.on]
    walk.later(20)
    interrupt(walk)
    assert {kind: due(walk, kind) for kind in kinds} == before
    extend(walk, 14, walk.trajectory.permissions.get())
    moved = {kind: [day + timedelta(days=14) for day in days] for kind, days in before.items()}
    assert {kind: due(walk, kind) for kind in kinds} == moved
    trial = walk.fresh().current_trial
    final = walk.trajectory.signed_plan.evaluation_dates.get(is_final=True)
    assert (trial.ends_on, trial.last_day, trial.day_of(final)) == (
        END,
        END + timedelta(days=14),
        END + timedelta(days=14),
    )
    with clock.at(END - timedelta(days=1)), pytest.raises(Refused, match="open vanaf vr 1 mei 2026"):
        actions.open_evaluation(walk.fresh(), by=walk.user_on_lead)


def test_a_talk_before_the_interruption_stays(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign().permit(END + timedelta(days=14)).start_trial()
    talk = walk.fresh().signed_plan.evaluation_dates.get(is_final=False)
    walk.day = talk.on + timedelta(days=5)
    interrupt(walk, talk.on + timedelta(days=1), talk.on + timedelta(days=4))
    extend(walk, 4, walk.trajectory.permissions.get())
    assert walk.fresh().current_trial.day_of(talk) == talk.on


def test_without_the_payers_permission_no_extension_unless_a_setting_says_so(trial: Walk) -> None:
    interrupt(trial)
    with pytest.raises(Refused, match="toestemming van de opdrachtgever"):
        extend(trial, 14)
    LawSetting.objects.create(
        key=LawSetting.Key.EXTENSION_NEEDS_PERMISSION,
        value="nee",
        valid_from=START,
        client=trial.trajectory.client,
        source="Afspraak met de gemeente",
    )
    extend(trial, 14)
    assert trial.fresh().current_trial.last_day == END + timedelta(days=14)
    assert due(trial, Deadline.Kind.PERMISSION_ENDING), "the permission that ends too early is still asked for"


def test_recording_is_all_or_nothing(trial: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.interrupting.log", fails)
    with pytest.raises(RuntimeError):
        interrupt(trial)
    assert not TrialInterruption.objects.exists()
