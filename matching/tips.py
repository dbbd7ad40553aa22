"""Good fits worth a word to the werkmakelaar: on a change and every night, each pair once and never twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from candidates.models import Candidate
from matching import columns, search, ties, weights
from matching.access import READER_ROLES
from matching.criteria import SPEC_VERSION
from matching.models import MatchRun, SearchProfile, Tip, VacancyFact
from matching.rows import person_row, query_row, vacancy_row
from topjob import clock

# From here on a fit is worth a word, for at most so many per run and subject.
GOOD_FIT = 750
AT_MOST = 10


def unseen_by(user: User) -> QuerySet[Tip]:
    """New good fits of the people whose matches are somebody's work."""
    return Tip.objects.filter(candidate__in=Candidate.objects.in_regions_of(user, *READER_ROLES), seen_at=None)


@transaction.atomic
def for_vacancy(vacancy_id: int) -> MatchRun:
    """New good fits for one vacancy."""
    run = _begin(MatchRun.Kind.VACANCY, vacancy_id)
    fact = VacancyFact.objects.filter(pk=vacancy_id).first()
    found: list[tuple[int, int, int]] = []
    if fact is not None:
        asked: dict[str, Any] = {"today": clock.today(), "seed": run.seed, "limit": AT_MOST}
        statement = search.people_for(vacancy_row(fact), weights.current(), **asked)
        found = [(hit.pk, vacancy_id, hit.total) for hit in search.run(statement)]
    return _finish(run, found, profiles=len(found), vacancies=1)


@transaction.atomic
def for_profile(profile_id: int) -> MatchRun:
    """New good fits for one confirmed zoekprofiel."""
    run = _begin(MatchRun.Kind.PROFILE, profile_id)
    profile = SearchProfile.objects.matchable().filter(pk=profile_id).first()
    found: list[tuple[int, int, int]] = []
    if profile is not None:
        asked: dict[str, Any] = {"today": clock.today(), "seed": run.seed, "limit": AT_MOST}
        statement = search.vacancies_for(person_row(profile), weights.current(), **asked)
        found = [(profile.candidate_id, hit.pk, hit.total) for hit in search.run(statement)]
    return _finish(run, found, profiles=1, vacancies=len(found))


@transaction.atomic
def nightly() -> MatchRun:
    """Everybody who can be placed against every open vacancy: good fits that came about without an edit."""
    run = _begin(MatchRun.Kind.NIGHTLY, None)
    own, query = weights.current(), query_row(clock.today(), run.seed)
    facts = VacancyFact.objects.filter(is_open=True, seats_free__gt=0)
    table = columns.Table.of((fact.pk, vacancy_row(fact)) for fact in facts.iterator(chunk_size=2000))
    profiles = SearchProfile.objects.matchable()
    people = columns.Table.of((row.candidate_id, person_row(row)) for row in profiles.iterator(chunk_size=2000))
    pairs = columns.AllPairs(people, table, own, query)
    found = [
        (int(candidate), int(vacancy), int(total))
        for candidate, best in zip(people.ids, pairs.best(AT_MOST), strict=True)
        for vacancy, total in zip(best.ids, best.totals, strict=True)
    ]
    return _finish(run, found, profiles=len(people), vacancies=len(table))


def _begin(kind: str, subject_id: int | None) -> MatchRun:
    started = clock.now()
    return MatchRun.objects.create(
        kind=kind,
        subject_id=subject_id,
        started_at=started,
        seed=ties.seed_of(kind, subject_id, started.isoformat()),
        spec_version=SPEC_VERSION,
        weights_hash=weights.current().hash,
    )


def _finish(run: MatchRun, found: Iterable[tuple[int, int, int]], *, profiles: int, vacancies: int) -> MatchRun:
    """Keep the good ones; the unique constraint makes a pair known once, whoever finds it first.

    Always in the same order: two runs at the same time then wait for each other and never block each other for good.
    """
    before = Tip.objects.filter(run=run).count()
    Tip.objects.bulk_create(
        [
            Tip(candidate_id=candidate, vacancy_id=vacancy, total=total, found_at=clock.now(), run=run)
            for candidate, vacancy, total in sorted(found)
            if total >= GOOD_FIT
        ],
        ignore_conflicts=True,
    )
    run.tips = Tip.objects.filter(run=run).count() - before
    run.profiles, run.vacancies, run.ended_at = profiles, vacancies, clock.now()
    run.save()
    return run
