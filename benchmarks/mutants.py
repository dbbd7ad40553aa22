"""Planted faults: every small thing that can be wrong in a criterion, one at a time. Each must be noticed.

A fault counts as noticed when one of the hand-worked probes of its criterion gives another score or verdict. Faults that
change nothing at all for values that can occur are left out by name, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import pair
from matching.criteria import CRITERIA, Criterion
from matching.expressions import Call, Const, Expr, Field, When, evaluate, parts_of

# Fields that are easily taken for each other.
SWAPPED = {
    "hours_min": "hours_max",
    "hours_max": "hours_min",
    "start_from": "start_until",
    "start_until": "start_from",
    "x": "y",
    "y": "x",
    "kind_id": "branch_id",
    "branch_id": "kind_id",
    "kind_ids": "branch_ids",
    "branch_ids": "kind_ids",
    "level": "language_level",
    "language_level": "level",
    "start_1": "start_2",
    "start_2": "start_3",
    "start_3": "start_4",
    "start_4": "start_1",
    "eligible_project": "eligible_stream_1",
    "eligible_stream_1": "eligible_streams_2_3",
    "eligible_streams_2_3": "eligible_project",
    "needs_mentor": "needs_jobcoach",
    "needs_jobcoach": "needs_quiet_place",
    "needs_quiet_place": "needs_mentor",
    "offers_mentor": "offers_jobcoach",
    "offers_jobcoach": "offers_quiet_place",
    "offers_quiet_place": "offers_mentor",
}
OTHER_SIDE = {"person": "vacancy", "vacancy": "person"}
OTHER_OP = {
    "add": "sub",
    "sub": "add",
    "mul": "add",
    "min": "max",
    "max": "min",
    "and": "or",
    "or": "and",
    "lt": "le",
    "le": "lt",
}
BOTH_WAYS = ("sub", "lt", "le", "div")

# Faults that change nothing for values that can occur: reason, then by place and fault the numbers of the mutants.
EQUIVALENT: dict[str, dict[tuple[str, str], tuple[int, ...]]] = {
    "At equal levels both formulas give 1000.": {
        ("level.score", "lt becomes le"): (11,),
    },
    "Something that is at least nought beside it decides.": {
        ("hours.score", "0 becomes -1"): (31, 44),
        ("hours.fails", "0 becomes -1"): (12, 25, 38),
        ("days.fails", "0 becomes -1"): (26, 39),
        ("start.score", "0 becomes -1"): (49, 62, 98, 111, 149, 162, 200, 213, 241, 257),
        ("start.fails", "0 becomes -1"): (30, 43, 56, 79, 92, 105, 130, 143, 156, 181, 194, 207, 219, 235, 251),
        ("load.score", "0 becomes -1"): (47, 57, 67, 77, 87, 97, 107, 117, 127, 137),
        ("load.fails", "0 becomes -1"): (36, 46, 56, 66, 76, 86, 96, 106, 116, 126, 136),
    },
    "Only whether it is above nought counts for a knock-out.": {
        ("hours.fails", "max loses its first part"): (9,),
        ("days.fails", "max loses its first part"): (23,),
        ("start.fails", "max loses its first part"): (27, 76, 127, 178, 216),
        ("load.fails", "max loses its first part"): (33,),
    },
    "A point is known whole or not at all (constraint profile_point_whole; facts take both from one place).": {
        ("distance.score", "x becomes y"): (16, 20),
        ("distance.fails", "x becomes y"): (16, 20),
    },
    "1 divided by at least 10 is nought.": {
        ("distance.score", "0 becomes 1"): (25,),
    },
    "A difference is squared.": {
        ("distance.score", "sub is turned around"): (36, 41),
        ("distance.fails", "sub is turned around"): (30, 35),
    },
    "Never to start costs everything, a little more or less makes no difference.": {
        ("start.score", "100 becomes 101"): (63, 112, 114, 163, 165, 214, 216),
        ("start.fails", "100 becomes 101"): (57, 106, 108, 157, 159, 208, 210),
        ("start.fails", "100 becomes 99"): (58, 107, 109, 158, 160, 209, 211),
    },
    "Only whether anything is needed counts there.": {
        ("support.score", "1 becomes 2"): (17, 25, 33),
    },
    "Python takes an unknown for no; SQL doesn't, and the comparison of renderings would show it.": {
        ("rules.fails", "and loses its first part"): (13, 27, 36),
        ("rules.fails", "known is always so"): (16, 30, 39),
    },
}


@dataclass(frozen=True)
class Mutant:
    """One fault in one criterion."""

    name: str
    criterion: Criterion

    def is_noticed(self) -> bool:
        """Whether some probe gives something else than it must."""
        return any(not self._agrees(*probe[1:]) for probe in pair.PROBES if probe[0] == self.criterion.code)

    def _agrees(self, person: dict, vacancy: dict, score: int | None, fails: bool) -> bool:
        rows = ({**pair.PERSON, **person}, {**pair.VACANCY, **vacancy}, pair.QUERY)
        try:
            if bool(evaluate(self.criterion.fails, *rows)) != fails:
                return False
            return self.criterion.score is None or evaluate(self.criterion.score, *rows) == score
        except (TypeError, ArithmeticError, KeyError):
            return False


def mutants() -> Iterator[Mutant]:
    """Every fault in every criterion."""
    for criterion in CRITERIA:
        for part in ("score", "fails"):
            expr = getattr(criterion, part)
            if expr is None:
                continue
            for number, (words, changed) in enumerate(changes(expr), 1):
                yield Mutant(f"{criterion.code}.{part} {number}: {words}", criterion.with_(**{part: changed}))


def changes(expr: Expr) -> Iterator[tuple[str, Expr]]:
    """The expression with one fault in it, for every fault in every place."""
    yield from _here(expr)
    parts = parts_of(expr)
    for place, part in enumerate(parts):
        for words, changed in changes(part):
            yield words, _rebuilt(expr, (*parts[:place], changed, *parts[place + 1 :]))


def _rebuilt(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    return When(*parts) if isinstance(expr, When) else Call(expr.op, *parts)  # type: ignore[attr-defined]


def _here(expr: Expr) -> Iterator[tuple[str, Expr]]:
    if isinstance(expr, Const) and isinstance(expr.value, int) and not isinstance(expr.value, bool):
        yield f"{expr.value} becomes {expr.value + 1}", Const(expr.value + 1)
        yield f"{expr.value} becomes {expr.value - 1}", Const(expr.value - 1)
    elif isinstance(expr, Field):
        if expr.name in SWAPPED:
            yield f"{expr.name} becomes {SWAPPED[expr.name]}", Field(expr.side, SWAPPED[expr.name])
    elif isinstance(expr, When):
        yield "the two cases are swapped", When(expr.condition, expr.other, expr.then)
        yield "the first case is lost", expr.other
        yield "the second case is lost", expr.then
    elif isinstance(expr, Call):
        yield from _in_call(expr)


def _in_call(expr: Call) -> Iterator[tuple[str, Expr]]:
    if expr.op in OTHER_OP:
        yield f"{expr.op} becomes {OTHER_OP[expr.op]}", Call(OTHER_OP[expr.op], *expr.args)
    if expr.op in BOTH_WAYS:
        yield f"{expr.op} is turned around", Call(expr.op, *reversed(expr.args))
    if expr.op in ("and", "or", "max", "min"):
        yield f"{expr.op} loses its first part", expr.args[-1]
        yield f"{expr.op} loses its last part", expr.args[0]
    if expr.op in ("known", "empty", "member"):
        yield f"{expr.op} is turned round", Call("not", expr)
        yield f"{expr.op} is always so", Const(True)
        yield f"{expr.op} is never so", Const(False)
    if expr.op == "not":
        yield "not is lost", expr.args[0]
    if expr.op == "square":
        yield "the square is lost", expr.args[0]


def equivalent() -> set[str]:
    """Names of the faults that change nothing."""
    return {
        f"{place} {number}: {words}"
        for named in EQUIVALENT.values()
        for (place, words), numbers in named.items()
        for number in numbers
    }


def alive() -> list[str]:
    """Faults that nothing noticed, though they change something."""
    left_out = equivalent()
    return [mutant.name for mutant in mutants() if mutant.name not in left_out and not mutant.is_noticed()]
