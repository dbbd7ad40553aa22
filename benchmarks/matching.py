"""Speed and exactness of matching; `make bench-matching`. One JSON object per line: name, median, p95, unit, n.

Speeds are ratios to a bare `count(*)` of the same table, taken in turn with it, so that a busy machine slows both.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "topjob.settings")
os.environ.setdefault("TOPJOB_MODE", "test")

SEED = 20261124
VACANCIES = PEOPLE = 100_000
PAIRS = 10_000
EXACT_QUERIES, EXACT_ROWS = 10_000, 40


def say(name: str, values: list[float], unit: str) -> None:
    """One line of the report."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    line = {
        "name": name,
        "median": round(statistics.median(ordered), 4),
        "p95": round(p95, 4),
        "unit": unit,
        "n": len(values),
    }
    print(json.dumps(line), flush=True)  # noqa: T201


@contextmanager
def fresh_database() -> Iterator[None]:
    """A migrated database of its own, worked on as its owner."""
    from django.db import connection, connections

    from tests import databases

    with databases.running_cluster() as cluster, cluster.clone() as name:
        described = connections.settings["default"]
        before, described["USER"] = described["USER"], "topjob_owner" if cluster.is_embedded else described["USER"]
        try:
            with databases.django_uses(name):
                with connection.cursor() as cursor:
                    cursor.execute("SET statement_timeout = 0")
                yield
        finally:
            described["USER"] = before


def timed(statement: str) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(statement)
        cursor.fetchall()
        return time.perf_counter() - start


def ratios(statements: list[str], table: str) -> list[float]:
    """Each statement against a bare count, in turn."""
    count = f"SELECT count(*) FROM {table}"
    for statement in statements[:3]:
        timed(count)
        timed(statement)
    found = []
    for statement in statements:
        base = timed(count)
        found.append(timed(statement) / base)
    return found


def live(market: Any) -> None:
    """Top 50 with the score per criterion, out of a hundred thousand."""
    from benchmarks.exactness import DAY
    from matching import search, weights
    from matching.criteria import LOADS
    from matching.models import VacancyFact
    from matching.rows import vacancy_row

    own = weights.current()
    usual = [search.vacancies_for(market.profile(), own, today=DAY, seed=7).sql() for _ in range(200)]
    say("live_top50", ratios(usual, "matching_vacancyfact"), "x count(*)")
    open_to_all = {
        "kind_ids": (),
        "branch_ids": (),
        "must_bits": 0,
        "level": 6,
        "has_licence": True,
        "language_level": 4,
    }
    open_to_all |= {"weekdays": 127, "needs_mentor": False, "needs_jobcoach": False, "needs_quiet_place": False}
    open_to_all |= {f"limit_{load}": None for load in LOADS}
    wide = [search.vacancies_for(market.profile(**open_to_all), own, today=DAY, seed=7).sql() for _ in range(40)]
    say("live_everything_passes", ratios(wide, "matching_vacancyfact"), "x count(*)")
    ids = random.Random(SEED).sample(range(1, VACANCIES + 1), 200)
    facts = VacancyFact.objects.filter(pk__in=ids)
    reverse = [search.people_for(vacancy_row(fact), own, today=DAY, seed=7).sql() for fact in facts]
    say("live_reverse", ratios(reverse, "matching_searchprofile"), "x count(*)")


def all_pairs() -> None:
    """Everybody of ten thousand with every vacancy of ten thousand, fifty best each, on two cores."""
    from benchmarks.exactness import DAY
    from matching import weights
    from matching.columns import Table, best_on
    from matching.models import SearchProfile, VacancyFact
    from matching.rows import person_row, query_row, vacancy_row

    people = Table.of((row.candidate_id, person_row(row)) for row in SearchProfile.objects.order_by("pk")[:PAIRS])
    vacancies = Table.of((row.pk, vacancy_row(row)) for row in VacancyFact.objects.order_by("pk")[:PAIRS])
    own, seconds = weights.current(), []
    for _ in range(3):
        start = time.perf_counter()
        best_on(2, people, vacancies, own, query_row(DAY), 50)
        seconds.append(time.perf_counter() - start)
    say("all_pairs_10k_seconds", seconds, "s")


def exactness() -> None:
    """Ten thousand random searches in each direction, in three renderings, against brute force."""
    from django.db import connection

    from benchmarks import world
    from benchmarks.exactness import Tables, compare_people, compare_vacancies, recalled

    random_ = random.Random(SEED)
    tables = Tables.filled(random_, EXACT_ROWS, connection)
    people = [world.person(random_, must=random_.choice((0, 0.05, 0.2))) for _ in range(EXACT_QUERIES)]
    vacancies = [world.vacancy(random_, must=random_.choice((0, 0.05, 0.2))) for _ in range(EXACT_QUERIES)]
    wrong = compare_vacancies(tables, people, 20) + compare_people(tables, vacancies, 20)
    for words in wrong[:3]:
        print(words, file=sys.stderr)  # noqa: T201
    say("mismatches", [float(len(wrong))], f"of {2 * EXACT_QUERIES} searches")
    say("recall", recalled(tables, people[:500], 20), "share of brute force")


def planted_faults() -> None:
    from benchmarks import mutants

    alive = mutants.alive()
    for name in alive:
        print(name, file=sys.stderr)  # noqa: T201
    planted = sum(1 for _ in mutants.mutants()) - len(mutants.equivalent())
    say("mutants_alive", [float(len(alive))], f"of {planted} faults")


def page_queries(size: int) -> None:
    """How many queries the match page asks with so many results."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from accounts.models import Role
    from tests import factories

    profile = factories.ConfirmedProfileFactory()
    for _ in range(size):
        factories.VacancyFactory()
    client = Client()
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(reverse("matching:for_candidate", args=[profile.candidate_id]), {"shown": "50"})
    if len(page.context["rows"]) != size:
        raise RuntimeError(f"{len(page.context['rows'])} results instead of {size}")
    say(f"match_page_queries_{size}", [float(len(queries))], "queries")


def in_a_rollback(work: Callable[[], None]) -> None:
    from django.db import transaction

    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def main() -> None:
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    with fresh_database():
        in_a_rollback(exactness)
        planted_faults()
        for size in (5, 50):
            in_a_rollback(lambda: page_queries(size))  # noqa: B023
        from benchmarks.market import Market

        market = Market(SEED)
        market.fill_vacancies(VACANCIES)
        market.fill_people(PEOPLE)
        live(market)
        all_pairs()


if __name__ == "__main__":
    main()
