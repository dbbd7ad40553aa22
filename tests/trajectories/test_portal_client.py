"""The client's portal: whom it pays for and nobody else (R16), results, outstanding decisions, a safe export."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Reading, Role
from candidates.models import Candidate, Registration
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import Reach
from tests.trajectories.portals import browser_of, client_of, on, page, without_tokens
from topjob import clock
from trajectories.models import Trajectory
from trajectories.pages.portal import open_permissions, results
from trajectories.process.workflow import Journey
from trajectories.views import client

OVERVIEW = reverse("trajectories:client_overview")
EXPORT = reverse("trajectories:client_export")


def detail(walk: Walk) -> str:
    return reverse("trajectories:client_case", args=[walk.trajectory.pk])


def all_of(walk: Walk):
    return Trajectory.objects.filter(client=walk.trajectory.client)


def more(walk: Walk, count: int) -> list[int]:
    """So many other people of the same payer, past the actions; answers their numbers."""
    people = []
    for _number in range(count):
        registration = Registration.objects.create(
            candidate=factories.CandidateFactory(),
            situation="thuis",
            wish="baan",
            created_at=walk.at(),
            status="TOEGEWEZEN",
            ended_at=walk.at(),
            department=walk.trajectory.department,
        )
        case = Trajectory.objects.get(pk=walk.trajectory.pk)
        case.pk, case.candidate, case.registration = None, registration.candidate, registration
        case.__dict__["state"] = "AANGEMELD"
        case.save(force_insert=True)
        people.append(registration.candidate_id)
    return people


def test_R16_a_client_sees_only_whom_it_pays_for(on_trial: Walk) -> None:
    walk = on_trial
    payer = browser_of(client_of(walk.trajectory))
    other = browser_of(factories.representative(factories.ClientFactory(), role=Role.OPDRACHTGEVER))
    with on(walk.day):
        assert walk.candidate.full_name in page(payer, OVERVIEW)
        assert "2 feb 2026" in page(payer, detail(walk))
        assert walk.candidate.full_name not in page(other, OVERVIEW)
        foreign, missing = other.get(detail(walk)), other.get("/opdrachtgever/987654/")
        lines = b"".join(other.get(EXPORT).streaming_content).decode()
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert without_tokens(foreign) == without_tokens(missing)
    assert walk.candidate.last_name not in lines
    pages = Reading.objects.of_people(walk.candidate.pk).filter(party="werkgever").values_list("page", flat=True)
    assert set(pages) == {"deelnemers", "deelnemer"}


def test_R16_a_client_sees_nothing_of_the_file(in_aftercare: Walk) -> None:
    walk = in_aftercare
    payer = browser_of(client_of(walk.trajectory))
    with on(walk.day):
        text = page(payer, OVERVIEW) + page(payer, detail(walk))
    words = walk.words
    for private in (*words.default_foto, words.talk, words.support, words.coaching, words.advice, walk.candidate.email):
        assert private not in text
    for result in ("Startkwalificatie mbo 2", "Leerwerkcontract", "Overname door de werkgever", "Proefperiode"):
        assert result in text


@pytest.mark.parametrize("role", [Role.KANDIDAAT, Role.WERKGEVER, Role.REGISSEUR])
def test_only_clients_open_the_clients_pages(applying: Walk, role: str) -> None:
    walk = applying
    user = factories.UserFactory()
    company = walk.trajectory.current_application.organisation
    where = {"organisation": company} if role == Role.WERKGEVER else {"region": factories.region()}
    user.memberships.create(role=role, **where)
    assert [browser_of(user).get(address).status_code for address in (OVERVIEW, EXPORT, detail(walk))] == [404] * 3


def test_results_follow_the_journey(learning: Walk, reach: Reach) -> None:
    walk = learning
    assert results(all_of(walk), walk.team.regisseur) == {
        "passed": 1,
        "contracts": 1,
        "diplomas": 0,
        "placed": 0,
        "unpaid": 0,
        "stopped": 0,
    }
    reach("NAZORG")
    assert results(all_of(walk), walk.team.regisseur) == {
        "passed": 1,
        "contracts": 1,
        "diplomas": 1,
        "placed": 1,
        "unpaid": 0,
        "stopped": 0,
    }
    walk.later(5).step(Journey.stop, reason="Verhuisd.")
    assert results(all_of(walk), walk.team.regisseur)["stopped"] == 1


def test_outstanding_decisions_until_the_trial_is_covered(planning: Walk) -> None:
    walk = planning.draft_plan()
    payer = browser_of(client_of(walk.trajectory))
    assert open_permissions(all_of(walk), most=1) == []
    walk.send_plan()
    with on(walk.day):
        text = page(payer, OVERVIEW)
        assert "Uw besluit is nodig" in text and walk.team.regisseur.email in text
        assert "nog niet vastgelegd" in page(payer, detail(walk))
    plan = walk.fresh().current_plan
    walk.permit(until=plan.trial_ends_on - timedelta(days=30))
    assert len(open_permissions(all_of(walk), most=1)) == 1
    walk.permit()
    with on(walk.day):
        assert "Uw besluit is nodig" not in page(payer, OVERVIEW)


def test_decisions_are_asked_of_so_many_at_once(planning: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = planning.draft_plan()
    walk.send_plan()
    payer, more = browser_of(client_of(walk.trajectory)), "Er wachten er meer"
    monkeypatch.setattr(client, "open_permissions", lambda rows, most: open_permissions(rows, most) * 3)
    with on(walk.day):
        assert more not in page(payer, OVERVIEW)
        monkeypatch.setattr(client, "MOST_WAITING", 2)
        text = page(payer, OVERVIEW)
    assert more in text and text.count("Laat uw besluit weten aan") == 2


def test_the_export_says_of_everybody_what_the_page_says(on_trial: Walk) -> None:
    walk = on_trial
    with on(walk.day):
        text = b"".join(browser_of(client_of(walk.trajectory)).get(EXPORT).streaming_content).decode("utf-8-sig")
    _header, line = list(csv.reader(io.StringIO(text), delimiter=";"))
    case = walk.fresh()
    begin = [case.candidate.full_name, str(case.client), str(case.department), case.phase_label, case.state_label]
    end = ["Einde van de proefperiode", "2026-05-01", str(clock.local(case.created_at)), ""]
    assert line == [*begin, str(clock.local(case.state_since)), *end]


def test_the_export_cannot_carry_a_formula(on_trial: Walk) -> None:
    walk = on_trial
    Candidate.objects.filter(pk=walk.candidate.pk).update(first_name='=HYPERLINK("http://kwaad")', last_name="+1")
    user = client_of(walk.trajectory)
    with on(walk.day):
        response = browser_of(user).get(EXPORT)
        text = b"".join(response.streaming_content).decode("utf-8-sig")
    header, line = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert header[0] == "Naam" and line[0].startswith("'=HYPERLINK")
    assert line[6:8] == ["Einde van de proefperiode", "2026-05-01"]
    assert AuditEntry.objects.filter(verb=verbs.PARTICIPANTS_EXPORTED, actor=user).exists()
    assert Reading.objects.get(actor=user, page="export").people == [walk.candidate.pk]


def test_the_export_is_read_some_at_a_time_and_holds_whom_it_was_logged_for(
    on_trial: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes between the log row and the last line isn't in the file; no person is built for a line of a table."""
    walk = on_trial
    monkeypatch.setattr("trajectories.views.client.CHUNK", 2)
    with on(walk.day):
        people = [walk.candidate.pk, *more(walk, 4)]
        user = client_of(walk.trajectory)
        response = browser_of(user).get(EXPORT)
        more(walk, 1)
        with CaptureQueriesContext(connection) as asked:
            lines = b"".join(response.streaming_content).decode().splitlines()
    assert Reading.objects.get(actor=user, page="export").people == sorted(people)
    assert len(lines) == 1 + len(people)
    assert len(asked) == 2 * 3  # the cases and their next dates, of two people at a time
    assert not [one for one in asked if '"phone"' in one["sql"] or '"bsn"' in one["sql"]]


def test_filters_narrow_the_list_and_the_export(on_trial: Walk) -> None:
    walk = on_trial
    payer, name = browser_of(client_of(walk.trajectory)), walk.candidate.full_name
    with on(walk.day):
        for query in ("?phase=B", "?q=bakkr", "?still=open", "?phase=Z&still=x", "?page=99"):
            assert name in page(payer, OVERVIEW + query), query
        for query in ("?phase=E", "?q=niemand", "?still=gesloten"):
            assert "Niemand gevonden" in page(payer, OVERVIEW + query), query
            assert name not in b"".join(payer.get(EXPORT + query).streaming_content).decode()


def test_the_list_takes_as_many_queries_for_five_as_for_fifty(reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    payer = browser_of(client_of(walk.trajectory))

    def queries() -> int:
        with on(walk.day), CaptureQueriesContext(connection) as captured:
            page(payer, OVERVIEW)
        return len(captured)

    more(walk, 4)
    few = queries()
    more(walk, 45)
    assert queries() == few
    assert few <= 12
