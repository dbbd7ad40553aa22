"""Signing at the same moment, with real commits: one signature, and every wrong guess counts (fault 22)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from tests.trajectories import conftest
from tests.trajectories.personal import code_to, run_outbox
from topjob import clock, outbox
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import PartyLink, Signature, SigningCode
from trajectories.signing.statements import statements_for

PHONE = "+31612345678"


@pytest.fixture
def committed(own_database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[PartyLink, str]:
    """A link with a code that was really sent, in a database with real commits."""
    monkeypatch.setitem(outbox.HANDLERS, "render_plan", conftest.render_lightly)
    team = conftest.factories.team()
    vacancy = conftest.make_vacancy()
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        conftest.factories.EmployerContactFactory(employer=vacancy.employer, function=function)
    walk = conftest.walk_to(conftest.make_walk(team), vacancy, "STARTPLAN").draft_plan().send_plan()
    with clock.at(walk.day, 15):
        link = walk.open_link("jongere", PartyLink.Purpose.SIGN)
        asked = actions.request_code(link, typed_name="Sem Bakker", statements=statements_for(link.party))
        run_outbox("send_code")
    assert asked.link_id == link.pk
    return link, code_to(PHONE)


def at_once(link: PartyLink, codes: list[str], day: date) -> list[str]:
    """Sign with each code at the same moment; what came of each."""

    def attempt(code: str) -> str:
        try:
            with clock.at(day, 15):
                actions.sign(PartyLink.objects.get(pk=link.pk), code=code, ip_address=None, user_agent="")
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "getekend"

    with ThreadPoolExecutor(len(codes)) as pool:
        return list(pool.map(attempt, codes))


def test_fault_22_parallel_signatures_give_one(committed: tuple[PartyLink, str]) -> None:
    link, code = committed
    outcomes = at_once(link, [code] * 8, clock.local(link.created_at))
    assert outcomes.count("getekend") == 1
    assert Signature.objects.count() == 1


def test_parallel_guesses_all_count(committed: tuple[PartyLink, str]) -> None:
    """Twenty guesses at once are no more than five."""
    link, code = committed
    guesses = [f"{(int(code) + number) % 10**6:06}" for number in range(1, 21)]
    outcomes = at_once(link, guesses, clock.local(link.created_at))
    assert "getekend" not in outcomes
    assert sum("Pogingen over" in outcome or "nu vervallen" in outcome for outcome in outcomes) == 5
    assert SigningCode.objects.get().attempts == 5
    assert not SigningCode.objects.open().exists()
