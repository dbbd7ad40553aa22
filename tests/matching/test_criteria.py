"""The criteria themselves: worked out by hand, at every limit, under changes that must not matter, and with planted faults."""

from __future__ import annotations

import csv
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import mutants, world
from benchmarks.pair import PERSON, PROBES, QUERY, VACANCY
from matching import explain, scoring, weights
from matching.criteria import BY_CODE, CHOOSABLE, CRITERIA, LOADS, WEIGHTED, bits_of, codes_of
from matching.expressions import evaluate, fold, known, wrap
from matching.rows import EPOCH
from matching.scoring import EMPLOYER, judge

STANDARD = weights.standard()
DAY = EPOCH + timedelta(days=world.TODAY)
TABLE = (Path(__file__).parent / "hand_worked.csv").read_text(encoding="utf-8")
HAND_WORKED = list(csv.DictReader(TABLE.splitlines(), delimiter=";"))


def judged(person: dict[str, Any] | None = None, vacancy: dict[str, Any] | None = None) -> scoring.Verdict:
    return judge({**PERSON, **(person or {})}, {**VACANCY, **(vacancy or {})}, QUERY, STANDARD)


def read(text: str) -> dict[str, Any]:
    """Changes from the table: "level=2|branch_ids=2,3"."""
    changes: dict[str, Any] = {}
    for part in filter(None, text.split("|")):
        name, _equals, value = part.partition("=")
        words = {"None": None, "True": True, "False": False}
        if name.endswith(("_ids", "_tokens")):
            changes[name] = tuple(int(number) for number in value.split(","))
        else:
            changes[name] = words[value] if value in words else int(value)
    return changes


def test_the_table_has_twenty_pairs() -> None:
    assert len(HAND_WORKED) == 20


@pytest.mark.parametrize("row", HAND_WORKED, ids=lambda row: row["nr"])
def test_pairs_worked_out_by_hand(row: dict[str, str]) -> None:
    verdict = judged(read(row["persoon"]), read(row["vacature"]))
    assert ",".join(verdict.knock_outs) == row["knock-outs"]
    assert (verdict.total, verdict.reverse_total) == (int(row["totaal persoon"]), int(row["totaal werkgever"]))


@pytest.mark.parametrize(("code", "person", "vacancy", "score", "fails"), PROBES)
def test_every_limit_exactly_in_and_exactly_out(
    code: str, person: dict, vacancy: dict, score: int | None, fails: bool
) -> None:
    rows = ({**PERSON, **person}, {**VACANCY, **vacancy}, QUERY)
    criterion = BY_CODE[code]
    assert bool(evaluate(criterion.fails, *rows)) == fails
    if criterion.score is not None:
        assert evaluate(criterion.score, *rows) == score


def test_equal_is_a_thousand() -> None:
    verdict = judged()
    assert set(verdict.scores.values()) == {1000}
    assert (verdict.total, verdict.reverse_total, verdict.passes) == (1000, 1000, True)


FAILING = {code: (person, vacancy) for code, person, vacancy, _score, fails in PROBES if fails}


@pytest.mark.parametrize("criterion", CHOOSABLE, ids=lambda criterion: criterion.code)
def test_a_requirement_of_either_side_makes_a_knock_out(criterion) -> None:
    person, vacancy = FAILING[criterion.code]
    assert criterion.code not in judged(person, vacancy).knock_outs
    assert criterion.code in judged({**person, "must_bits": criterion.mask}, vacancy).knock_outs
    assert criterion.code in judged(person, {**vacancy, "must_bits": criterion.mask}).knock_outs
    everything_else = sum(other.mask for other in CHOOSABLE) - criterion.mask
    assert criterion.code not in judged({**person, "must_bits": everything_else}, vacancy).knock_outs


@pytest.mark.parametrize("code", ["rules", "seats", "open", "available"])
def test_some_knock_outs_hold_whatever_is_required(code: str) -> None:
    assert code in judged(*FAILING[code]).knock_outs


def test_all_knock_outs_are_named_not_just_the_first() -> None:
    everything = sum(criterion.mask for criterion in CHOOSABLE)
    person = {"must_bits": everything, "level": 0, "has_licence": False, "is_available": False, "branch_ids": (9,)}
    outs = judged(person, {"seats_free": 0, "x": 25_000}).knock_outs
    assert set(outs) == {"branch", "level", "distance", "licence", "seats", "available"}


WORSE: dict[str, tuple[str, str, list[Any]]] = {
    "level": ("person", "level", [3, 2, 1, 0]),
    "skills": ("person", "skill_tokens", [(9, 10, 11, 17, 18), (9, 10, 11, 17), (9, 10), (9,), ()]),
    "hours": ("vacancy", "hours_min", [32, 33, 36, 39, 40]),
    "days": ("person", "weekdays", [31, 7, 3, 1, 0]),
    "distance": ("vacancy", "x", [20_000, 20_100, 20_500, 20_999, 21_000, 25_000]),
    "start": ("vacancy", "start_1", [world.TODAY + days for days in (60, 61, 70, 159, 160, 300)]),
    "language": ("person", "language_level", [4, 2, 1, 0]),
    "load": ("vacancy", "load_lifting", [0, 2, 3, 4]),
}


@pytest.mark.parametrize("code", WORSE)
def test_worse_never_scores_more(code: str) -> None:
    side, name, values = WORSE[code]
    scores = [judged(**{side: {name: value}}).scores[code] for value in values]
    totals = [judged(**{side: {name: value}}).total for value in values]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize("load", LOADS)
def test_each_kind_of_load_counts_and_more_strength_never_hurts(load: str) -> None:
    scores = [judged({f"limit_{load}": limit}, {f"load_{load}": 3}).scores["load"] for limit in (0, 1, 2, 3, 4, None)]
    assert scores == [250, 500, 750, 1000, 1000, 1000]


UNKNOWN = {"level": "level", "distance": "x", "licence": "has_licence", "language": "language_level"}


@pytest.mark.parametrize(("code", "name"), UNKNOWN.items())
def test_unknown_scores_half_and_never_rules_out(code: str, name: str) -> None:
    changes = {name: None, "must_bits": BY_CODE[code].mask, **({"y": None} if name == "x" else {})}
    verdict = judged(changes)
    assert (verdict.scores[code], verdict.knock_outs) == (500, ())


def pairs() -> st.SearchStrategy[tuple[dict, dict]]:
    def make(seed: int) -> tuple[dict, dict]:
        random_ = random.Random(seed)
        return world.person(random_), world.vacancy(random_)

    return st.integers(0, 2**32).map(make)


@settings(max_examples=150, deadline=None)
@given(pairs())
def test_the_total_is_the_weighted_sum(pair: tuple[dict, dict]) -> None:
    person, vacancy = pair
    verdict = judge(person, vacancy, QUERY, STANDARD)
    for total, side in ((verdict.total, "person"), (verdict.reverse_total, "employer")):
        heavy = {criterion.code: getattr(criterion, side) for criterion in WEIGHTED}
        assert total == sum(heavy[code] * score for code, score in verdict.scores.items()) // sum(heavy.values())
    assert all(0 <= score <= 1000 for score in verdict.scores.values())
    turned = judge(person, vacancy, QUERY, STANDARD, EMPLOYER)
    assert (turned.total, turned.reverse_total) == (verdict.reverse_total, verdict.total)


@settings(max_examples=150, deadline=None)
@given(pairs(), st.sampled_from(CHOOSABLE))
def test_requiring_more_gives_a_subset(pair: tuple[dict, dict], criterion) -> None:
    person, vacancy = pair
    before = set(judge(person, vacancy, QUERY, STANDARD).knock_outs)
    stricter = {**person, "must_bits": person["must_bits"] | criterion.mask}
    after = judge(stricter, vacancy, QUERY, STANDARD)
    assert before <= set(after.knock_outs) <= before | {criterion.code}
    assert after.scores == judge(person, vacancy, QUERY, STANDARD).scores


@settings(max_examples=150, deadline=None)
@given(pairs())
def test_filling_in_one_side_changes_nothing(pair: tuple[dict, dict]) -> None:
    person, vacancy = pair
    for criterion in WEIGHTED:
        whole = evaluate(criterion.score, person, vacancy, QUERY)
        for fixed in ({"person": person}, {"vacancy": vacancy}, {"person": person, "vacancy": vacancy, "query": QUERY}):
            assert evaluate(fold(criterion.score, fixed), person, vacancy, QUERY) == whole


@settings(max_examples=100, deadline=None)
@given(pairs())
def test_what_would_raise_a_score_raises_it(pair: tuple[dict, dict]) -> None:
    """Every line can be said in words, and no advice is given that doesn't help."""
    person, vacancy = pair
    said = explain.explain(person, vacancy, DAY, STANDARD, explain.Names())
    assert len(said.lines) == len(CRITERIA)
    for line in said.lines:
        assert line.text
        assert "%(" not in line.text
        for advice in line.advice:
            assert explain.raises(line.criterion, advice, person, vacancy, QUERY)


ADVISED = {
    "branch": ({"branch_ids": (2,)}, {}, "als deze branche bij de wensen komt"),
    "distance": ({}, {"x": 20_800}, "met 5 km meer reisafstand"),
    "licence": ({"has_licence": False}, {}, "met rijbewijs B"),
    "hours": ({"hours_max": 20, "hours_min": 16}, {}, "met 4 uur meer per week"),
    "load": ({"limit_lifting": 0}, {}, "als het werk wordt aangepast: minder tillen en dragen"),
    "support": ({"needs_jobcoach": True}, {}, "met een jobcoach op het werk"),
    "days": ({"weekdays": 3}, {}, "als wo ook kan"),
    "seats": ({}, {"seats_free": 0}, "als er een plaats vrijkomt"),
    "language": ({"language_level": 0}, {}, "met Nederlands op niveau 2"),
}


@pytest.mark.parametrize("code", ADVISED)
def test_advice_in_words(code: str) -> None:
    person, vacancy, text = ADVISED[code]
    said = explain.explain({**PERSON, **person}, {**VACANCY, **vacancy}, DAY, STANDARD, explain.Names())
    line = next(line for line in said.lines if line.criterion.code == code)
    assert [advice.text for advice in line.advice] == [text]


def test_every_planted_fault_is_noticed() -> None:
    """At least forty, in every criterion, and the ones left out still exist under their name."""
    names = [mutant.name for mutant in mutants.mutants()]
    assert len(names) >= 40
    assert {name.partition(".")[0] for name in names} == {criterion.code for criterion in CRITERIA}
    assert mutants.equivalent() <= set(names)
    assert len(mutants.equivalent()) * 10 < len(names)
    assert mutants.alive() == []


def test_codes_and_bits_are_the_same_thing() -> None:
    codes = [criterion.code for criterion in CHOOSABLE]
    assert codes_of(bits_of(codes)) == codes
    assert bits_of(["kind", "kind"]) == BY_CODE["kind"].mask
    assert len({criterion.bit for criterion in CRITERIA}) == len(CRITERIA)


def test_only_numbers_that_cannot_be_negative_are_divided() -> None:
    with pytest.raises(ArithmeticError):
        evaluate(wrap(-1) // wrap(2), {}, {}, {})
    with pytest.raises(ArithmeticError):
        evaluate(wrap(1) // wrap(0), {}, {}, {})
    assert evaluate(known(wrap(0)), {}, {}, {}) is True


def test_the_inputs_hold_nothing_that_must_not_count() -> None:
    from matching.rows import PERSON_FIELDS

    forbidden = {"age", "birth", "date", "gender", "nationality", "benefit", "photo", "target", "group"}
    assert not [name for name in PERSON_FIELDS if forbidden & set(name.split("_"))]
