"""A day at work for the tests of UX.md's twenty-five: a team, a company with a vacancy, and people each at a place where
something is to be done. Made once for a module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail

from candidates.models import Candidate
from demo.team import Team
from demo.walk import Walk
from employers.models import EmployerContact, Vacancy
from tests import factories
from tests.accounts.people import PASSWORD
from tests.trajectories import conftest as journey
from tests.trajectories.personal import run_outbox, token_in
from topjob import clock, outbox
from trajectories import actions


@dataclass
class Day:
    """Who works, and which case is for what; a test that changes a case has one of its own."""

    team: Team
    vacancy: Vacancy
    late: list[Walk]
    ready: list[Walk]
    draft: Walk
    tokens: list[str]
    known: Candidate


def make_day() -> Day:
    """Nobody listens for work here: what a test waits for, it does itself (`run_outbox`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(outbox.HANDLERS, "render_plan", journey.render_lightly)
        patch.setattr(outbox, "tell_celery", lambda pk: None)
        return _made()


def _made() -> Day:
    team = factories.team()
    team.regisseur.password = make_password(PASSWORD, hasher="argon2")  # which the running product reads
    team.regisseur.save()
    vacancy = _company()
    late = [journey.make_walk(team, day=date(2026, 1, 5) + timedelta(days=n)) for n in range(4)]
    ready = [_walked(team, vacancy, "BEMIDDELBAAR") for _number in range(3)]
    draft = _planned(team, vacancy)
    draft.draft_plan()
    for walk in (*late, *ready, draft):
        walk.fresh()
    tokens = [_sent(_planned(team, vacancy)) for _number in range(2)]
    known = factories.CandidateFactory(first_name="Youri", name_prefix="van der", last_name="Hoevelaken")
    return Day(team, vacancy, late, ready, draft, tokens, known)


def _company() -> Vacancy:
    vacancy = journey.make_vacancy(seats=9)
    for function in EmployerContact.Function.values:
        factories.EmployerContactFactory(employer=vacancy.employer, function=function)
    return vacancy


def _walked(team: Team, vacancy: Vacancy, state: str) -> Walk:
    return journey.walk_to(journey.make_walk(team, day=clock.today() - timedelta(days=21)), vacancy, state)


def _planned(team: Team, vacancy: Vacancy) -> Walk:
    walk = _walked(team, vacancy, "SOLLICITATIE").later(6).hold_talk()
    return walk.accept(clock.today() + timedelta(days=28))


def _sent(walk: Walk) -> str:
    """The plan goes out today; the youth's link, from the mail."""
    walk.day = clock.today()
    walk.draft_plan()
    actions.send_plan(walk.fresh().current_plan, by=walk.team.regisseur)
    run_outbox("render_plan", "send_link")
    return token_in(mail.outbox, walk.candidate.email)
