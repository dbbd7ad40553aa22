"""What other weights would do to the cases of today, before anybody decides on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from employers.models import Vacancy
from matching import columns
from matching.models import SearchProfile, VacancyFact
from matching.rows import person_row, query_row, vacancy_row
from matching.weights import Weights

MOST_PEOPLE, MOST_VACANCIES, TOP = 200, 2000, 10


@dataclass(frozen=True)
class Effect:
    """The effect on a sample of people who can be placed now."""

    people: int
    other_first: int
    kept_in_top: int
    places_in_top: int
    rising: list[tuple[Vacancy, int, int]]

    @property
    def kept_percent(self) -> int:
        return round(100 * self.kept_in_top / self.places_in_top) if self.places_in_top else 100


def effect(before: Weights, after: Weights, today: date) -> Effect:
    """Compare everybody's best ten vacancies under both sets of weights."""
    facts = VacancyFact.objects.filter(is_open=True, seats_free__gt=0).order_by("-pk")[:MOST_VACANCIES]
    table = columns.Table.of((fact.pk, vacancy_row(fact)) for fact in facts)
    profiles = list(SearchProfile.objects.matchable().order_by("-pk")[:MOST_PEOPLE])
    if not len(table) or not profiles:
        return Effect(len(profiles), 0, 0, 0, [])
    people = columns.Table.of((profile.candidate_id, person_row(profile)) for profile in profiles)
    tops = list(zip(*(_tops(people, table, own, today) for own in (before, after)), strict=True))
    counts: dict[int, list[int]] = {}
    for which in (0, 1):
        for pair in tops:
            for pk in pair[which]:
                counts.setdefault(pk, [0, 0])[which] += 1
    moved = sorted(counts.items(), key=lambda row: (-abs(row[1][1] - row[1][0]), row[0]))[:TOP]
    names = Vacancy.objects.select_related("employer__organisation").in_bulk([pk for pk, _n in moved])
    return Effect(
        people=len(profiles),
        other_first=sum(old[:1] != new[:1] for old, new in tops),
        kept_in_top=sum(len(set(old) & set(new)) for old, new in tops),
        places_in_top=sum(len(old) for old, _new in tops),
        rising=[(names[pk], old, new) for pk, (old, new) in moved if old != new and pk in names],
    )


def _tops(people: columns.Table, vacancies: columns.Table, weights: Weights, today: date) -> list[list[int]]:
    pairs = columns.AllPairs(people, vacancies, weights, query_row(today))
    return [found.ids.tolist() for found in pairs.best(TOP)]
