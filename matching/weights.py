"""The weights that hold now: those of the beheerder where there are rows, else the criteria's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.criteria import WEIGHTED
from matching.models import CriterionWeight
from matching.rows import fingerprint
from matching.scoring import WeightSet


@dataclass(frozen=True)
class Weights:
    """A set of weights per kind of place, and one for kinds without their own."""

    default: WeightSet
    by_kind: Mapping[int, WeightSet]

    def for_kind(self, kind_id: int) -> WeightSet:
        return self.by_kind.get(kind_id, self.default)

    @property
    def hash(self) -> str:
        return fingerprint({"default": self.default.hash, **{str(k): w.hash for k, w in self.by_kind.items()}})


def standard() -> WeightSet:
    """The weights the criteria come with."""
    return WeightSet({c.code: c.person for c in WEIGHTED}, {c.code: c.employer for c in WEIGHTED})


def from_rows(rows: Iterable[tuple[int | None, str, int, int]]) -> Weights:
    """Weights from (kind of place or none, criterion, person, employer)."""
    by_kind: dict[int | None, dict[str, tuple[int, int]]] = {}
    for kind_id, code, person, employer in rows:
        by_kind.setdefault(kind_id, {})[code] = (person, employer)
    default = _changed(standard(), by_kind.pop(None, {}))
    return Weights(default, {kind: _changed(default, own) for kind, own in by_kind.items() if kind is not None})


def _changed(base: WeightSet, own: Mapping[str, tuple[int, int]]) -> WeightSet:
    person = {code: own[code][0] if code in own else weight for code, weight in base.person.items()}
    employer = {code: own[code][1] if code in own else weight for code, weight in base.employer.items()}
    return WeightSet(person, employer)


def current() -> Weights:
    return from_rows(CriterionWeight.objects.values_list("kind_of_place_id", "criterion", "person", "employer"))
