"""What the match pages show: the search and the names around it in one statement, each result judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from employers.models import Vacancy
from matching import search, ties, weights
from matching.briefly import obstacle
from matching.criteria import CRITERIA, V, distance_squared, hours_short, points_known
from matching.expressions import Const, Expr, Row, fold, to_sql
from matching.models import SearchProfile, VacancyFact
from matching.rows import PERSON_FIELDS, VACANCY_FIELDS, person_row, plain, query_row, vacancy_row
from matching.scoring import EMPLOYER, PERSON, Verdict, excluded, judge
from matching.search import Search
from matching.sentences import Facts, Names, metres, range_in_words, wish_in_words
from matching.sorting import TOTAL
from matching.strip import Strip, strip
from matching.weights import Weights
from topjob.names import Name

PAGE = 25
REFERENCE = """
SELECT 'kind', id, name, '', 0, 0, position FROM accounts_kindofplace
UNION ALL SELECT 'branch', id, name, '', 0, 0, position FROM accounts_branch
UNION ALL SELECT 'weight', kind_of_place_id, '', criterion, person, employer, 0 FROM matching_criterionweight
ORDER BY 1, 7, 3
"""


@dataclass(frozen=True)
class Reference:
    """Names and weights, read in one go."""

    names: Names
    weights: Weights


def reference() -> Reference:
    with connection.cursor() as cursor:
        cursor.execute(REFERENCE)
        rows = cursor.fetchall()
    kinds = {pk: name for sort, pk, name, *_rest in rows if sort == "kind"}
    branches = {pk: name for sort, pk, name, *_rest in rows if sort == "branch"}
    own = [(pk, code, person, employer) for sort, pk, _n, code, person, employer, _p in rows if sort == "weight"]
    return Reference(Names(kinds, branches), weights.from_rows(own))


@dataclass(frozen=True)
class Result:
    """One row of a match page. `starts_on` as the criterion counts it, never before today; `began_on` where that day passed."""

    pk: int
    title: str
    subtitle: str
    place: str
    hours: str
    starts_on: date | None
    began_on: date | None
    seats: int | None
    verdict: Verdict
    strip: Strip
    # How many criteria that count hang on something nobody recorded.
    unknown: int
    obstacle: str
    metres: int | None
    is_shortlisted: bool
    decision: str
    version: int | None = None
    # Whether another result has this name, and the number that tells it apart when employer and place are the same too.
    is_namesake: bool = False
    number: str = ""

    @property
    def total(self) -> int:
        return self.verdict.total

    @property
    def kilometres(self) -> str:
        return "" if self.metres is None else f"{self.metres / 1000:.0f}"


# The names around the ids of a search, and what was done with the pair before.
VACANCY_FRAME = """
SELECT t.key, {fields}, v.title, o.name, v.city, v.starts_on,
  EXISTS (SELECT 1 FROM matching_shortlisted s WHERE s.candidate_id = %(candidate)s AND s.vacancy_id = t.key),
  coalesce((SELECT d.decision FROM matching_matchdecision d
            WHERE d.candidate_id = %(candidate)s AND d.vacancy_id = t.key ORDER BY d.id DESC LIMIT 1), '')
FROM ({search}) t
JOIN matching_vacancyfact f ON f.vacancy_id = t.key
JOIN employers_vacancy v ON v.id = t.key
JOIN employers_employer e ON e.id = v.employer_id
JOIN accounts_organisation o ON o.id = e.organisation_id
ORDER BY t.sort, t.total DESC, t.first, t.place, t.key
"""
PERSON_FRAME = """
SELECT t.key, {fields}, concat_ws(' ', nullif(c.first_name, ''), nullif(c.name_prefix, ''), nullif(c.last_name, '')), '',
  c.city, p.start_from,
  EXISTS (SELECT 1 FROM matching_shortlisted s WHERE s.vacancy_id = %(vacancy)s AND s.candidate_id = t.key),
  coalesce((SELECT d.decision FROM matching_matchdecision d
            WHERE d.vacancy_id = %(vacancy)s AND d.candidate_id = t.key ORDER BY d.id DESC LIMIT 1), ''), p.version
FROM ({search}) t
JOIN matching_searchprofile p ON p.candidate_id = t.key AND p.status = 'bevestigd'
JOIN candidates_candidate c ON c.id = t.key
ORDER BY t.sort, t.total DESC, t.first, t.place, t.key
"""


def vacancies(profile: SearchProfile, known: Reference, today: date, chosen: Mapping[str, Any]) -> list[Result]:
    """The vacancies for one person in the order that was asked for, the best first; one statement."""
    person = person_row(profile)
    statement = search.vacancies_for(
        person,
        known.weights,
        today=today,
        seed=ties.seed_of("vacancies", profile.candidate_id, today),
        wanted=wanted_vacancies(chosen),
        **_asked(chosen),
    )
    rows = _rows(VACANCY_FRAME, "f", VACANCY_FIELDS, statement, {"candidate": profile.candidate_id})
    return told_apart([_vacancy_result(person, known, today, row) for row in rows])


def _vacancy_result(person: Row, known: Reference, today: date, row: tuple) -> Result:
    width = len(VACANCY_FIELDS)
    vacancy = {name: plain(value) for name, value in zip(VACANCY_FIELDS, row[1 : 1 + width], strict=True)}
    title, employer, city, starts_on, listed, decision = row[1 + width :]
    return Result(
        pk=row[0],
        title=title,
        subtitle=Name(employer),
        place=city,
        hours=range_in_words(row[1 + VACANCY_FIELDS.index("hours_min")], row[1 + VACANCY_FIELDS.index("hours_max")]),
        seats=row[1 + VACANCY_FIELDS.index("seats_free")],
        is_shortlisted=listed,
        decision=decision,
        **_starting(starts_on, today),
        **_judged(Facts(person, vacancy, query_row(today), known.names), known, PERSON),
    )


def people(
    fact: VacancyFact,
    known: Reference,
    today: date,
    chosen: Mapping[str, Any],
    *,
    regions: Sequence[int],
) -> list[Result]:
    """The people for one vacancy in the order that was asked for; one statement, only of the regions someone may see."""
    vacancy = vacancy_row(fact)
    statement = search.people_for(
        vacancy,
        known.weights,
        today=today,
        seed=ties.seed_of("people", fact.pk, today),
        regions=regions,
        wanted=wanted_people(chosen),
        **_asked(chosen),
    )
    rows = _rows(PERSON_FRAME, "p", PERSON_FIELDS, statement, {"vacancy": fact.pk})
    return told_apart([_person_result(vacancy, known, today, row) for row in rows])


def _person_result(vacancy: Row, known: Reference, today: date, row: tuple) -> Result:
    width = len(PERSON_FIELDS)
    person = {name: plain(value) for name, value in zip(PERSON_FIELDS, row[1 : 1 + width], strict=True)}
    name, subtitle, city, start, listed, decision, version = row[1 + width :]
    return Result(
        pk=row[0],
        title=Name(name),
        subtitle=subtitle,
        place=city,
        hours=wish_in_words(row[1 + PERSON_FIELDS.index("hours_min")], row[1 + PERSON_FIELDS.index("hours_max")]),
        seats=None,
        is_shortlisted=listed,
        decision=decision,
        version=version,
        **_starting(start, today),
        **_judged(Facts(person, vacancy, query_row(today), known.names), known, EMPLOYER),
    )


def _asked(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """How many, from which total on, in which order."""
    return {
        "limit": chosen.get("shown", PAGE),
        "minimum": chosen.get("minimum", 0),
        "sort": chosen.get("sort") or TOTAL,
    }


def _starting(day: date | None, today: date) -> dict[str, Any]:
    """As the criterion counts it: a start never lies before today; and the day itself where it has passed."""
    return {"starts_on": max(day, today) if day else None, "began_on": day if day and day < today else None}


def _judged(facts: Facts, known: Reference, side: str) -> dict[str, Any]:
    """What a row says of its pair."""
    own = known.weights.for_kind(facts.v("kind_id"))
    verdict, weights_ = judge(facts.person, facts.vacancy, facts.query, own, side), own.of(side)
    return {
        "verdict": verdict,
        "strip": strip(verdict),
        "unknown": sum(1 for code in verdict.unknown if weights_.get(code)),
        "obstacle": obstacle(verdict, facts, weights_),
        "metres": metres(facts),
    }


def told_apart(rows: list[Result]) -> list[Result]:
    """The same rows; those that share a name know it, and those that share employer and place as well get their number."""
    named = Counter(row.title for row in rows)
    alike = Counter((row.title, row.subtitle, row.place) for row in rows)
    return [
        replace(row, is_namesake=True, number=str(row.pk) if alike[row.title, row.subtitle, row.place] > 1 else "")
        if named[row.title] > 1
        else row
        for row in rows
    ]


def _rows(frame: str, alias: str, fields: Sequence[str], statement: Search, parameters: dict[str, int]) -> list[tuple]:
    columns = ", ".join(f"{alias}.{name}" for name in fields)
    text = frame.replace("{fields}", columns).replace("{search}", statement.sql())
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchall()


def wanted_vacancies(chosen: Mapping[str, Any]) -> list[Expr]:
    """Filters of the address as conditions, in the same language as the criteria."""
    conditions = _wanted(chosen)
    if "kind" in chosen:
        conditions.append(V("kind_id").equals(chosen["kind"]))
    if "branch" in chosen:
        conditions.append(V("branch_id").equals(chosen["branch"]))
    if "hours" in chosen:
        conditions.append((V("hours_min") <= chosen["hours"]) & (Const(chosen["hours"]) <= V("hours_max")))
    return conditions


def wanted_people(chosen: Mapping[str, Any]) -> list[Expr]:
    conditions = _wanted(chosen)
    if "hours" in chosen:
        conditions.append(~(hours_short > 0))
    return conditions


def _wanted(chosen: Mapping[str, Any]) -> list[Expr]:
    if "km" not in chosen:
        return []
    return [points_known & (distance_squared <= (chosen["km"] * 100) ** 2)]


# --- What ruled the others out
@dataclass(frozen=True)
class LeftOut:
    """Of the open vacancies: how many each criterion ruled out, and those that only one criterion stopped."""

    open: int
    passing: int
    counts: list[tuple[str, int]]
    near: list[Vacancy]


def left_out(profile: SearchProfile, today: date, *, most: int = 25) -> LeftOut:
    """Why other vacancies are no match for this person."""
    person, query = person_row(profile), query_row(today)
    outs = [(c, fold(excluded(c), {"person": person, "query": query})) for c in CRITERIA if c.code != "open"]
    tests = {c: to_sql(out, search.VACANCY_COLUMNS) for c, out in outs}
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests.values())
    number = " + ".join(f"({test})::int" for test in tests.values())
    # Whole numbers and names of this code only.
    source = f"FROM matching_vacancyfact f WHERE f.is_open AND (f.closes_on IS NULL OR f.closes_on >= {query['today']})"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE {number} = 0), {counts} {source}")
        total, passing, *found = cursor.fetchone()
        cursor.execute(f"SELECT f.vacancy_id {source} AND {number} = 1 ORDER BY f.vacancy_id DESC LIMIT {most}")
        ids = [pk for (pk,) in cursor.fetchall()]
    near = Vacancy.objects.filter(pk__in=ids).select_related("employer__organisation", "fact").order_by("-pk")
    ranked = sorted(((str(c.label), n) for c, n in zip(tests, found, strict=True) if n), key=lambda row: -row[1])
    return LeftOut(total, passing, ranked, list(near))
