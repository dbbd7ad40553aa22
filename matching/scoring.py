"""From criteria to a verdict: which criteria rule a pair out, what each scores, and the totals for both sides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from matching.criteria import CRITERIA, Criterion, Hard, P, V
from matching.expressions import Const, Expr, Row, evaluate, has
from matching.rows import fingerprint

PERSON, EMPLOYER = "person", "employer"
Spec = Sequence[Criterion]
Ties = tuple[int, int, int]
# Of a thousandth of the weight more than this unknown (a third): the pair goes after those of which more is known.
MOST_UNKNOWN = 333


def required(criterion: Criterion) -> Expr:
    """Whether a failure of this criterion rules the pair out."""
    if criterion.hard is Hard.ALWAYS:
        return Const(True)
    return has(P("must_bits"), criterion.mask) | has(V("must_bits"), criterion.mask)


@cache
def excluded(criterion: Criterion) -> Expr:
    """When this criterion rules a pair out."""
    return required(criterion) & criterion.fails


def weighted(spec: Spec = CRITERIA) -> list[Criterion]:
    return [criterion for criterion in spec if criterion.score is not None]


@dataclass(frozen=True)
class WeightSet:
    """The weights of both sides for one kind of place, by code of criterion."""

    person: Mapping[str, int]
    employer: Mapping[str, int]

    def of(self, side: str) -> Mapping[str, int]:
        return self.person if side == PERSON else self.employer

    def total(self, scores: Mapping[str, int], side: str) -> int:
        """The weighted mean of the scores, rounded down; 0 when nothing counts."""
        weights = self.of(side)
        whole = sum(weights.values())
        return sum(weights[code] * scores[code] for code in weights) // whole if whole else 0

    def share(self, unknown: Collection[str], side: str) -> int:
        """How much of the weight hangs on criteria of which nothing is known, in thousandths, rounded down."""
        weights = self.of(side)
        whole = sum(weights.values())
        return sum(weights[code] for code in unknown if code in weights) * 1000 // whole if whole else 0

    @cached_property
    def hash(self) -> str:
        return fingerprint({"person": dict(self.person), "employer": dict(self.employer)})


@dataclass(frozen=True)
class Verdict:
    """What came out for one pair."""

    scores: dict[str, int]
    knock_outs: tuple[str, ...]
    total: int
    reverse_total: int
    unknown: tuple[str, ...]
    unknown_share: int

    @property
    def is_unsure(self) -> bool:
        """Whether too much is unknown to rank by the total."""
        return self.unknown_share > MOST_UNKNOWN

    @property
    def passes(self) -> bool:
        return not self.knock_outs


def judge(
    person: Row, vacancy: Row, query: Row, weights: WeightSet, side: str = PERSON, spec: Spec = CRITERIA
) -> Verdict:
    """One pair in Python: every score, *all* knock-outs, and what is unknown."""
    scores = {c.code: int(evaluate(c.score, person, vacancy, query)) for c in weighted(spec) if c.score is not None}
    outs = tuple(c.code for c in spec if evaluate(excluded(c), person, vacancy, query))
    unknown = tuple(c.code for c in weighted(spec) if evaluate(c.unknown, person, vacancy, query))
    other = EMPLOYER if side == PERSON else PERSON
    totals = weights.total(scores, side), weights.total(scores, other)
    return Verdict(scores, outs, *totals, unknown, weights.share(unknown, side))


def ranked(pairs: Iterable[tuple[int, Verdict, Ties]], limit: int) -> list[tuple[int, Verdict]]:
    """What passes, highest total first but what is too unknown last; equals as `matching.ties` says."""
    passing = [(key, verdict, before) for key, verdict, before in pairs if verdict.passes]
    best = sorted(passing, key=lambda pair: (pair[1].is_unsure, -pair[1].total, pair[2]))[:limit]
    return [(key, verdict) for key, verdict, _before in best]
