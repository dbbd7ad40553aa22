"""A made-up national market in PostgreSQL: many vacancies and zoekprofielen, through the real tables and their triggers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from accounts.models import Branch, KindOfPlace, Region
from benchmarks.exactness import DAY
from matching.criteria import BY_CODE, LOADS
from matching.models import Place
from matching.models.skill import tokens

LOAD_CODES = ("tillen", "staan", "zitten", "prikkels", "tempo", "wisseling", "sociaal", "hoogte", "buiten", "diensten")
# Means of transport with the usual reach in km.
REACH = (("lopend", 4), ("fiets", 10), ("fiets", 15), ("bromfiets", 20), ("ov", 25), ("auto", 30), ("auto", 40))
MOMENT = "2026-11-01T09:00:00+01:00"


def copy(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


class Market:
    """Fills an empty, migrated database."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kinds = list(KindOfPlace.objects.values_list("pk", flat=True))
        self.branches = list(Branch.objects.values_list("pk", flat=True))
        self.region = Region.objects.values_list("pk", flat=True)[0]
        self.skills = list(self._ids("SELECT id FROM matching_skill ORDER BY id"))
        self._places()

    def _ids(self, statement: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return [pk for (pk,) in cursor.fetchall()]

    def _places(self) -> None:
        """Postcode areas all over the country, in clusters as towns are; an imported national table is used as it is."""
        if Place.objects.count() < 3000:
            towns = [(self.random.randint(2_000, 27_000), self.random.randint(32_000, 60_000)) for _ in range(450)]
            made = []
            for pc4 in range(1000, 10_000, 2):
                x, y = self.random.choice(towns)
                near = self.random.randint(-300, 300), self.random.randint(-300, 300)
                made.append(Place(pc4=pc4, name=f"Gebied {pc4}", x=x + near[0], y=y + near[1]))
            Place.objects.bulk_create(made, ignore_conflicts=True)
        self.postcodes = list(Place.objects.values_list("pc4", flat=True))
        self.points = {place.pc4: (place.x, place.y) for place in Place.objects.all()}

    def fill_vacancies(self, count: int) -> None:
        choose, whole = self.random.choice, self.random.randint
        employers = range(1, count // 40 + 2)
        self._organisations(employers)
        self._employers(employers)
        functions = range(1, count // 10 + 2)
        self._functions(functions, len(employers))
        copy(
            "employers_vacancy",
            (
                *("id", "employer_id", "function_id", "title", "description", "kind_of_place_id", "region_id", "seats"),
                *("seats_free", "hours_min", "hours_max", "starts_on", "postcode", "city", "status", "created_at"),
                *("changed_at", "closes_on"),
            ),
            (
                (
                    *(n, (f - 1) % len(employers) + 1, f, f"Vacature {n}", "", choose(self.kinds), self.region, 2),
                    *(
                        whole(0, 9) and whole(1, 2),
                        low := choose((12, 16, 20, 24, 32)),
                        min(low + choose((0, 4, 8)), 40),
                    ),
                    *(DAY + timedelta(days=whole(-30, 150)), f"{choose(self.postcodes)} AB", "Plaats", "open", MOMENT),
                    *(MOMENT, choose((None, DAY + timedelta(days=whole(-2, 90))))),
                )
                for n in range(1, count + 1)
                for f in (choose(functions),)
            ),
        )
        self._vacuum("matching_vacancyfact")

    def _organisations(self, numbers: range) -> None:
        empty = ("client_type", "kvk_number", "email", "phone", "street", "postcode", "city")
        rows = ((n + 10_000, "werkgever", f"Bedrijf {n}", True, *("" for _name in empty)) for n in numbers)
        copy("accounts_organisation", ("id", "kind", "name", "is_active", *empty), rows)

    def _employers(self, numbers: range) -> None:
        flags = (
            *(
                "wants_skilled",
                "motivated_for_target_group",
                "invests_in_learning",
                "result_driven",
                "has_project_leader",
            ),
            *(
                "has_practice_room",
                "has_theory_room",
                "has_quiet_place",
                "offers_contract_during",
                "offers_contract_after",
            ),
        )
        texts = (
            "vision",
            "culture",
            "identity",
            "training_chances",
            "growth_chances",
            "team",
            "management",
            "sbb_code",
        )
        names = ("id", "organisation_id", "branch_id", "created_at", "mentor_fte", *flags, *texts)
        rows = (
            (n, n + 10_000, self.random.choice(self.branches), MOMENT, 0, *([False] * len(flags)), *([""] * len(texts)))
            for n in numbers
        )
        copy("employers_employer", names, rows)

    def _functions(self, numbers: range, employers: int) -> None:
        choose, whole = self.random.choice, self.random.randint
        copy(
            "employers_functionprofile",
            (
                *("id", "employer_id", "name", "branch_id", "tasks", "requirements", "supervision", "training"),
                *("hours_per_week", "level", "needs_licence", "language_level", "offers_mentor", "offers_jobcoach"),
                "offers_quiet_place",
            ),
            (
                (
                    *(
                        n,
                        (n - 1) % employers + 1,
                        f"Functie {n}",
                        choose(self.branches),
                        "",
                        "",
                        "",
                        "",
                        32,
                        whole(0, 6),
                    ),
                    *(whole(0, 4) == 0, whole(0, 4), whole(0, 1) == 0, whole(0, 3) == 0, whole(0, 3) == 0),
                )
                for n in numbers
            ),
        )
        loads = [(n, load, whole(1, 4)) for n in numbers for load in self.random.sample(LOAD_CODES, 3)]
        copy("employers_functionload", ("function_id", "load", "level"), loads)
        wanted = [(n, skill, whole(1, 5)) for n in numbers for skill in self.random.sample(self.skills, whole(0, 5))]
        copy("matching_functionskill", ("function_id", "skill_id", "level"), wanted)
        musts = [(n, BY_CODE[choose(("level", "language", "skills", "days"))].mask, 0) for n in numbers if n % 3 == 0]
        copy("matching_functiondemand", ("function_id", "must_bits", "weekdays"), musts)

    def _people(self, count: int) -> None:
        empty = ("name_prefix", "email", "phone", "street", "house_number", "postcode", "bsn_hmac", "gender")
        known = ("id", "first_name", "last_name", "birth_date", "city", "region_id", "created_at")
        rows = (
            (n, f"Sam{n}", f"Jansen{n}", "2005-05-05", "Plaats", self.region, MOMENT, *("" for _name in empty))
            for n in range(1, count + 1)
        )
        copy("candidates_candidate", (*known, *empty), rows)

    def fill_people(self, count: int) -> None:
        user = get_user_model().objects.create_user("bank@test.example", "Bank")
        self._people(count)
        rows = [self.profile() for _ in range(count)]
        index = self._without_index("profile_keys")
        names = ("candidate_id", "version", "status", "region_id", "created_at", "confirmed_at", "confirmed_by_id")
        fixed = (1, "bevestigd", self.region, MOMENT, MOMENT, user.pk)
        columns = tuple(rows[0])
        copy(
            "matching_searchprofile",
            (*names, *columns, "transport", "pc4", "remark", "reach_keys", "kind_keys", "branch_keys"),
            (
                (n, *fixed, *(_stored(name, row[name]) for name in columns), "auto", None, "", [], [], [])
                for n, row in enumerate(rows, 1)
            ),
        )
        with connection.cursor() as cursor:
            cursor.execute(index)
        self._vacuum("matching_searchprofile")

    def profile(self, **changes: Any) -> dict[str, Any]:
        """A usual zoekprofiel: kind of place and distance required, some limitations, some competences."""
        choose, whole, sample = self.random.choice, self.random.randint, self.random.sample
        _transport, reach = choose(REACH)
        x, y = self.points[choose(self.postcodes)]
        high = choose((16, 24, 32, 36))
        limited = dict.fromkeys(sample(LOADS, whole(0, 3)))
        return {
            "kind_ids": tuple(sample(self.kinds, whole(1, 3))),
            "branch_ids": tuple(sample(self.branches, whole(0, 4))),
            "hours_min": max(high - 8, 8),
            "hours_max": high,
            "weekdays": choose((31, 31, 15, 127, None)),
            "max_distance_km": reach,
            "x": x,
            "y": y,
            "level": whole(0, 6),
            "start_from": None,
            "start_until": None,
            "has_licence": choose((True, False, None)),
            "language_level": whole(1, 4),
            "must_bits": BY_CODE["kind"].mask | BY_CODE["distance"].mask | choose((0, BY_CODE["load"].mask)),
            "skill_tokens": tuple(tokens({skill: whole(1, 5) for skill in sample(self.skills, whole(2, 8))})),
            "eligible_project": True,
            "eligible_stream_1": True,
            "eligible_streams_2_3": True,
            "is_available": True,
            **{f"limit_{load}": whole(0, 3) if load in limited else None for load in LOADS},
            "needs_mentor": whole(0, 2) == 0,
            "needs_jobcoach": whole(0, 3) == 0,
            "needs_quiet_place": whole(0, 5) == 0,
            **changes,
        }

    @staticmethod
    def _without_index(name: str) -> str:
        """Drop an index for the time of loading; answers the statement that makes it again."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
            (definition,) = cursor.fetchone()
            cursor.execute(f"DROP INDEX {name}")
        return definition

    @staticmethod
    def _vacuum(table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {table}")


def _stored(name: str, value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
