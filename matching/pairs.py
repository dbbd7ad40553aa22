"""One person and one vacancy, with everything matching knows about the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _

from candidates.models import Candidate
from employers.models import Vacancy
from matching import search, ties, weights
from matching.expressions import Row
from matching.models import MatchDecision, SearchProfile, VacancyFact
from matching.rows import fingerprint, person_row, plain, query_row, vacancy_row
from matching.scoring import PERSON, Verdict, WeightSet, judge
from topjob import clock
from topjob.errors import Reason, Refused


@dataclass(frozen=True)
class Pair:
    """A zoekprofiel and a vacancy on a day, and what follows for the two."""

    profile: SearchProfile
    fact: VacancyFact
    all_weights: weights.Weights
    today: date

    @cached_property
    def person(self) -> Row:
        return person_row(self.profile)

    @cached_property
    def vacancy(self) -> Row:
        return vacancy_row(self.fact)

    @property
    def weights(self) -> WeightSet:
        return self.all_weights.for_kind(self.fact.kind_id)

    @cached_property
    def verdict(self) -> Verdict:
        return judge(self.person, self.vacancy, self.query, self.weights, PERSON)

    @property
    def seed(self) -> int:
        """By which equals are shuffled in this person's ranking today; kept with every decision."""
        return ties.seed_of("vacancies", self.profile.candidate_id, self.today)

    @property
    def query(self) -> Row:
        return query_row(self.today, self.seed)

    @property
    def inputs(self) -> dict[str, Any]:
        """Everything that went into the calculation, and nothing else."""
        return {
            "person": {name: _listed(value) for name, value in self.person.items()},
            "vacancy": {name: _listed(value) for name, value in self.vacancy.items()},
            "query": dict(self.query),
        }

    @property
    def input_hash(self) -> str:
        return fingerprint(self.inputs)

    def weights_as_data(self) -> dict[str, dict[str, int]]:
        return {"person": dict(self.weights.person), "employer": dict(self.weights.employer)}

    def rank(self) -> int | None:
        """The place in the person's ranking, past what was rejected or placed before; nothing when it is ruled out."""
        if not self.verdict.passes:
            return None
        return 1 + len(self._better())

    def _better(self) -> list[search.Hit]:
        done = MatchDecision.objects.filter(
            candidate=self.profile.candidate_id,
            decision__in=[MatchDecision.Decision.REJECTED, MatchDecision.Decision.PLACED],
        )
        settled = set(done.values_list("vacancy_id", flat=True))
        found = search.run(search.vacancies_for(self.person, self.all_weights, today=self.today, seed=self.seed))
        above = takewhile(lambda hit: hit.pk != self.fact.pk, found)
        return [hit for hit in above if hit.pk not in settled]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def no_profile_of(candidate: Candidate) -> Reason:
    """Nothing can be compared before there is a zoekprofiel, confirmed or not."""
    return Reason(_("Er is nog geen zoekprofiel."), "matching:profile", candidate.pk)


def pair_of(candidate: Candidate, vacancy: Vacancy) -> Pair:
    """The pair as it is now, by the confirmed zoekprofiel or else the concept; refused when there is neither."""
    profile = profile_of(candidate)
    if profile is None:
        raise Refused(no_profile_of(candidate))
    return Pair(profile, vacancy.fact, weights.current(), clock.today())


def profile_of(candidate: Candidate) -> SearchProfile | None:
    """The version that counts: confirmed, else the concept."""
    living = candidate.search_profiles.exclude(status=SearchProfile.Status.SUPERSEDED)
    return living.order_by("status").first()


def repeat(decision: MatchDecision) -> Verdict:
    """The calculation of a decision once more, from what was kept of it: for an auditor."""
    person, vacancy = ({k: plain(v) for k, v in decision.inputs[side].items()} for side in ("person", "vacancy"))
    own = WeightSet(decision.weights["person"], decision.weights["employer"])
    return judge(person, vacancy, decision.inputs["query"], own, PERSON)
