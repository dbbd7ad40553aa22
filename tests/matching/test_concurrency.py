"""Runs of matching at the same moment, on a database with real commits."""

from __future__ import annotations

from matching import handlers, tasks
from matching.models import MatchRun, Tip
from tests import factories
from tests.employers.test_concurrency import at_once


def test_runs_at_the_same_time_tell_each_pair_once(own_database) -> None:
    profiles = [factories.ConfirmedProfileFactory() for _ in range(8)]
    vacancies = [factories.VacancyFactory() for _ in range(6)]
    answers = at_once(
        tasks.nightly_tips,
        tasks.nightly_tips,
        *[lambda pk=vacancy.pk: handlers.vacancy_changed(pk) for vacancy in vacancies],
        *[lambda pk=profile.pk: handlers.profile_changed(pk) for profile in profiles],
    )
    assert answers == [None] * len(answers)
    assert MatchRun.objects.exclude(ended_at=None).count() == len(answers)
    assert Tip.objects.count() == len(profiles) * len(vacancies)
    assert sum(MatchRun.objects.values_list("tips", flat=True)) == len(profiles) * len(vacancies)
