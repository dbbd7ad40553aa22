"""A verdict in words: per criterion why it scores what it scores, and what would raise it, tried out before it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matching.criteria import CRITERIA, Criterion
from matching.expressions import Row, evaluate
from matching.rows import query_row
from matching.scoring import WeightSet, judge, required
from matching.sentences import SAID, Advice, Facts, Names

EMPLOYER_SIDE = "employer"


@dataclass(frozen=True)
class Line:
    """One criterion of one pair."""

    criterion: Criterion
    score: int | None
    weight: int
    other_weight: int
    is_required: bool
    is_knock_out: bool
    text: str
    advice: tuple[Advice, ...]

    @property
    def tone(self) -> str:
        """CSS word: bad for a knock-out, good from 800 on."""
        if self.is_knock_out:
            return "bad"
        return "good" if self.score is None or self.score >= 800 else "care"


@dataclass(frozen=True)
class Explained:
    """A pair, explained."""

    total: int
    reverse_total: int
    lines: tuple[Line, ...]

    @property
    def knock_outs(self) -> list[Line]:
        return [line for line in self.lines if line.is_knock_out]

    @property
    def weighted(self) -> list[Line]:
        return [line for line in self.lines if line.score is not None]

    @property
    def strongest(self) -> list[Line]:
        """What to say first: the heaviest criteria that score well."""
        good = [line for line in self.weighted if line.score is not None and line.score >= 800 and line.weight]
        return sorted(good, key=lambda line: -line.weight)[:3]

    @property
    def weakest(self) -> list[Line]:
        """What costs most."""
        costs = [line for line in self.weighted if line.score is not None and line.score < 800 and line.weight]
        return sorted(costs, key=lambda line: -line.weight * (1000 - (line.score or 0)))[:3]


def explain(
    person: Row, vacancy: Row, today: date, weights: WeightSet, names: Names, side: str = "person"
) -> Explained:
    """Every criterion of one pair with score, weight, reason and what would raise it."""
    query = query_row(today)
    verdict = judge(person, vacancy, query, weights, side)
    other = EMPLOYER_SIDE if side == "person" else "person"
    lines = [
        Line(
            criterion,
            verdict.scores.get(criterion.code),
            weights.of(side).get(criterion.code, 0),
            weights.of(other).get(criterion.code, 0),
            bool(evaluate(required(criterion), person, vacancy, query)),
            criterion.code in verdict.knock_outs,
            SAID[criterion.code].why(Facts(person, vacancy, query, names)),
            tuple(_raising(criterion, person, vacancy, query, names)),
        )
        for criterion in CRITERIA
    ]
    return Explained(verdict.total, verdict.reverse_total, tuple(lines))


def _raising(criterion: Criterion, person: Row, vacancy: Row, query: Row, names: Names) -> list[Advice]:
    """The advice that really helps: scores more, or takes a knock-out away."""
    helps = SAID[criterion.code].helps
    if helps is None or not _can_be_better(criterion, person, vacancy, query):
        return []
    facts = Facts(person, vacancy, query, names)
    return [advice for advice in helps(facts) if raises(criterion, advice, person, vacancy, query)]


def _can_be_better(criterion: Criterion, person: Row, vacancy: Row, query: Row) -> bool:
    score = 1000 if criterion.score is None else evaluate(criterion.score, person, vacancy, query)
    return score < 1000 or evaluate(criterion.fails, person, vacancy, query)


def raises(criterion: Criterion, advice: Advice, person: Row, vacancy: Row, query: Row) -> bool:
    """Whether the change does what the advice says."""
    new_person = {**person, **advice.changes} if advice.side == "person" else person
    new_vacancy = {**vacancy, **advice.changes} if advice.side == "vacancy" else vacancy
    if evaluate(criterion.fails, person, vacancy, query) and not evaluate(
        criterion.fails, new_person, new_vacancy, query
    ):
        return True
    if criterion.score is None:
        return False
    before = evaluate(criterion.score, person, vacancy, query)
    return bool(evaluate(criterion.score, new_person, new_vacancy, query) > before)
