"""Names and addresses of the copies that `scaling` makes, so that no two are the same person or company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection, models

from accounts.models import Organisation, User
from candidates.models import Candidate
from demo import names
from topjob.finding import search_texts
from trajectories.models import PlanParty, Signature, SigningCode

Table = type[models.Model]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Own:
    """Where the values of a copy's own come from, and the columns that have them, as SQL: `t` the original, `k` the world."""

    joins: str = ""
    columns: tuple[tuple[str, str], ...] = ()


def _of(table: str, condition: str, *columns: str) -> Own:
    return Own(f"JOIN scaling_{table} o ON {condition}", tuple((name, f"o.{name}") for name in columns))


COPY = "o.original = {} AND o.world = k"
OF_PERSON = (
    "LEFT JOIN scaling_signer s ON s.kind = '{}' AND s.id = t.id LEFT JOIN scaling_candidate o ON "
    + COPY.format("s.person")
)
OWN = {
    "candidates.candidate": _of(
        "candidate",
        COPY.format("t.id"),
        *("first_name", "name_prefix", "last_name", "birth_date", "email", "phone", "name_key", "search_text"),
    ),
    "accounts.user": _of("user", COPY.format("t.id"), "name", "email", "phone", "search_text"),
    "account.emailaddress": _of("user", COPY.format("t.user_id"), "email"),
    "accounts.organisation": _of(
        "organisation", COPY.format("t.id"), "name", "email", "phone", "kvk_number", "search_text"
    ),
    "employers.employercontact": Own("", (("email", "regexp_replace(t.email, '@', '.' || k || '@')"),)),
    "trajectories.planparty": Own(
        OF_PERSON.format("planparty"),
        tuple(
            (mine, f"CASE WHEN t.{mine} = '' THEN '' ELSE coalesce(o.{theirs}, t.{mine}) END")
            for mine, theirs in (("name", "full_name"), ("email", "email"), ("phone", "phone"))
        ),
    ),
    "trajectories.signature": Own(
        OF_PERSON.format("signature"), (("typed_name", "coalesce(o.full_name, t.typed_name)"),)
    ),
    "trajectories.signingcode": Own(
        OF_PERSON.format("signingcode"), (("typed_name", "coalesce(o.full_name, t.typed_name)"),)
    ),
}
# Which person signs: the row's own number, and the number of the person.
SIGNERS = (
    (PlanParty, {"party": "jongere"}, ("plan__trajectory__candidate", "paper__trajectory__candidate")),
    (
        Signature,
        {"party__party": "jongere"},
        ("party__plan__trajectory__candidate", "party__paper__trajectory__candidate"),
    ),
    (SigningCode, {"link__party__party": "jongere"}, ("link__trajectory__candidate",)),
)


def make(chosen: dict[Table, set[int]], worlds: range, step: int) -> None:
    """Fill tables that last as long as the transaction with what each copy has of its own."""
    _table(Candidate, ("full_name",), _candidates(chosen.get(Candidate, ()), worlds), OWN["candidates.candidate"])
    _table(User, (), _users(chosen.get(User, ()), worlds), OWN["accounts.user"])
    _table(Organisation, (), _companies(chosen.get(Organisation, ()), worlds), OWN["accounts.organisation"])
    _create("scaling_signer", "kind text, id bigint, person bigint, PRIMARY KEY (kind, id)", _signers(step))


def _table(model: Table, more: Iterable[str], rows: Iterator[Row], own: Own) -> None:
    columns = [name for name, _expression in own.columns]
    types = ", ".join(f"{name} {'date' if name == 'birth_date' else 'text'}" for name in (*columns, *more))
    name = f"scaling_{model._meta.model_name}"
    _create(name, f"original bigint, world int, {types}, PRIMARY KEY (original, world)", rows)


def _create(name: str, columns: str, rows: Iterable[Row]) -> None:
    made = list(rows)  # they ask the database themselves, which listens to nobody else while it copies
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")
        with cursor.copy(f"COPY {name} FROM STDIN") as stream:
            for row in made:
                stream.write_row(row)
        cursor.execute(f"ANALYZE {name}")


def _candidates(chosen: Iterable[int], worlds: range) -> Iterator[Row]:
    for person in Candidate.objects.filter(pk__in=chosen).order_by("pk"):
        for world in worlds:
            random = Random(f"{person.pk}/{world}")
            prefix, last = random.choice(names.LAST_NAMES)
            _prefix, second = random.choice(names.LAST_NAMES)
            # Two names in one, as half of the people have who married: enough names for a hundred thousand people.
            last = last if random.random() < 0.4 else f"{last}-{second}"
            copy = Candidate(first_name=random.choice(names.FIRST_NAMES), name_prefix=prefix, last_name=last)
            copy.email = person.email and f"persoon{person.pk}.{world}@post.example"
            number = (person.pk + world * 1009) * 61 % 10_000_000
            copy.phone = person.phone and f"+3165{number:07d}"
            told = (copy.first_name, prefix, last, person.birth_date, copy.email, str(copy.phone or ""))
            yield (person.pk, world, *told, copy.folded_name, _found_by(copy), str(copy.full_name))


def _users(chosen: Iterable[int], worlds: range) -> Iterator[Row]:
    for user in User.objects.filter(pk__in=chosen).order_by("pk"):
        for world in worlds:
            random = Random(f"{user.pk}/{world}")
            prefix, last = random.choice(names.LAST_NAMES)
            name = " ".join(filter(None, (random.choice(names.FIRST_NAMES), prefix, last)))
            local, _at, domain = user.email.partition("@")
            phone = f"+3166{(user.pk + world * 1009) * 61 % 10_000_000:07d}"
            yield user.pk, world, name, f"{local}+{world}@{domain}", phone, _found_by(User(name=name))


def _companies(chosen: Iterable[int], worlds: range) -> Iterator[Row]:
    for company in Organisation.objects.filter(pk__in=chosen).order_by("pk"):
        for world in worlds:
            number = company.pk * 2003 + world
            copy = Organisation(
                name=f"{company.name} {world}", city=company.city, kvk_number=f"{20_000_000 + number:08d}"
            )
            told = (copy.name, f"info@bedrijf{company.pk}x{world}.example", f"+3157{number % 10_000_000:07d}")
            yield company.pk, world, *told, copy.kvk_number, _found_by(copy)


def _found_by(row: models.Model) -> str:
    (text,) = (field.of(row) for field in search_texts(type(row)) if field.name == "search_text")
    return text


def _signers(step: int) -> Iterator[Row]:
    for model, whose, ways in SIGNERS:
        for pk, *people in model._default_manager.filter(pk__lt=step, **whose).values_list("pk", *ways):
            if person := next(filter(None, people), None):
                yield model._meta.model_name, pk, person
