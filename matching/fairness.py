"""Equal chances: does matching open the market equally for groups of people, and which criterion makes the difference?

Age, gender, target group and support needs are read here, in the check, and nowhere in the criteria. Gender is what people
were willing to say; a group of fewer than five isn't shown, because it could point at one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Candidate, Registration
from matching import ties, weights
from matching.columns import AllPairs, Table
from matching.criteria import BY_CODE, SPEC_VERSION, SUPPORT, WEIGHTED
from matching.models import AuditFigure, MatchRun, SearchProfile, VacancyFact
from matching.rows import person_row, query_row, vacancy_row
from matching.scoring import EMPLOYER
from matching.weights import Weights
from topjob import clock, pictures
from topjob.money import dutch

MOST_PEOPLE, MOST_VACANCIES, TOP = 5000, 1000, 10
# For the causes of a lower place so many vacancies are looked at, for so many people at a time.
RANKED_VACANCIES, AT_A_TIME = 300, 250
AGES = ((16, 18), (18, 21), (21, 27), (27, 55), (55, 200))
HOURS = ((1, 16), (16, 25), (25, 33), (33, 41))
REACHES = ((1, 11), (11, 26), (26, 51), (51, 400))
Z = 1.96
SMALLEST_GENDER_GROUP = 5


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in percent."""
    if not whole:
        return 0.0, 100.0
    share = part / whole
    centre = share + Z * Z / (2 * whole)
    margin = Z * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    denominator = 1 + Z * Z / whole
    return 100 * (centre - margin) / denominator, 100 * (centre + margin) / denominator


@transaction.atomic
def run(today: date) -> MatchRun:
    """Match everybody who can be placed with every open vacancy, and keep the figures per group."""
    own, started = weights.current(), clock.now()
    record = MatchRun.objects.create(
        kind=MatchRun.Kind.AUDIT,
        started_at=started,
        seed=ties.seed_of(MatchRun.Kind.AUDIT, started.isoformat()),
        spec_version=SPEC_VERSION,
        weights_hash=own.hash,
    )
    profiles = list(SearchProfile.objects.matchable().select_related("candidate").order_by("-pk")[:MOST_PEOPLE])
    facts = list(VacancyFact.objects.filter(is_open=True, seats_free__gt=0).order_by("-pk")[:MOST_VACANCIES])
    if profiles and facts:
        market = Market.of(profiles, facts, own, today, record.seed)
        AuditFigure.objects.bulk_create(list(_figures(record, market, groups(profiles, today))))
    record.profiles, record.vacancies, record.ended_at = len(profiles), len(facts), clock.now()
    record.save()
    return record


@dataclass(frozen=True)
class Market:
    """Per person: vacancies that fit, places in a top ten, exposure; by criterion knock-outs and points lost."""

    fitting: np.ndarray
    in_top: np.ndarray
    exposure: np.ndarray
    knocked: dict[str, np.ndarray]
    lost: dict[str, np.ndarray]

    @classmethod
    def of(
        cls, profiles: Sequence[SearchProfile], facts: Sequence[VacancyFact], own: Weights, today: date, seed: int
    ) -> Market:
        people = Table.of((profile.candidate_id, person_row(profile)) for profile in profiles)
        vacancies = Table.of((fact.pk, vacancy_row(fact)) for fact in facts)
        seeking = AllPairs(people, vacancies, own, query_row(today, seed))
        knocked = {code: counts for code, counts in seeking.ruled_out().items() if code not in ("seats", "open")}
        lost = points_lost(people, vacancies.part(range(min(len(vacancies), RANKED_VACANCIES))), own, today, seed)
        market = cls(seeking.passing(), np.zeros(len(people), dtype=np.int64), np.zeros(len(people)), knocked, lost)
        places = {int(pk): place for place, pk in enumerate(people.ids)}
        for best in AllPairs(people, vacancies, own, query_row(today, seed), side=EMPLOYER).best(TOP):
            rows = [places[int(pk)] for pk in best.ids]
            market.in_top[rows] += 1
            # Who stands lower is looked at less: the usual discount by rank.
            market.exposure[rows] += 1 / np.log2(np.arange(len(rows)) + 2)
        return market


def points_lost(people: Table, vacancies: Table, own: Weights, today: date, seed: int) -> dict[str, np.ndarray]:
    """Per criterion what it costs each person, on average, in the rankings of vacancies they fit; unknown without any."""
    order = np.argsort(vacancies.ids)
    kinds = [own.for_kind(kind).employer for kind in vacancies.values["kind_id"]]
    share = {c.code: np.array([w[c.code] / (sum(w.values()) or 1) for w in kinds])[order] for c in WEIGHTED}
    lost = {code: np.full(len(people), np.nan) for code in share}
    for low in range(0, len(people), AT_A_TIME):
        some = range(low, min(low + AT_A_TIME, len(people)))
        found = AllPairs(people.part(some), vacancies, own, query_row(today, seed)).best(len(vacancies), scores=True)
        for person, best in zip(some, found, strict=True):
            rows = np.searchsorted(vacancies.ids[order], best.ids)
            for code, scores in best.scores.items() if len(best) else ():
                lost[code][person] = float(((1000 - scores) * share[code][rows]).mean())
    return lost


def groups(profiles: Sequence[SearchProfile], today: date) -> list[tuple[str, str, np.ndarray]]:
    """Dimension, group, and which of the people belong to it."""
    found: list[tuple[str, str, list[bool]]] = []
    ages = [profile.candidate.age_on(today) for profile in profiles]
    found += _bands(_("Leeftijd"), ages, AGES)
    found += _genders(profiles)
    targets = _target_groups(profiles)
    for name in sorted(set(targets)):
        found.append((_("Doelgroep"), name, [target == name for target in targets]))
    found += _bands(_("Uren per week"), [profile.hours_max for profile in profiles], HOURS)
    found += _bands(_("Reisafstand (km)"), [profile.max_distance_km for profile in profiles], REACHES)
    needs = [any(getattr(profile, f"needs_{kind}") for kind in SUPPORT) for profile in profiles]
    found.append((_("Begeleiding"), _("nodig"), needs))
    found.append((_("Begeleiding"), _("niet nodig"), [not need for need in needs]))
    return [(dimension, group, np.array(members)) for dimension, group, members in found if any(members)]


def _bands(
    dimension: str, values: Sequence[int | None], bands: Iterable[tuple[int, int]]
) -> list[tuple[str, str, list[bool]]]:
    named = [
        (
            dimension,
            f"{low}–{high - 1}" if high < 200 else f"{low}+",
            [v is not None and low <= v < high for v in values],
        )
        for low, high in bands
    ]
    return [*named, (dimension, _("onbekend"), [value is None for value in values])]


def _genders(profiles: Sequence[SearchProfile]) -> list[tuple[str, str, list[bool]]]:
    named = []
    for value, label in Candidate.Gender.choices:
        words = _("onbekend") if value == Candidate.Gender.UNKNOWN else str(label)
        named.append((_("Gender"), words, [profile.candidate.gender == value for profile in profiles]))
    return [group for group in named if sum(group[2]) >= SMALLEST_GENDER_GROUP]


def _target_groups(profiles: Sequence[SearchProfile]) -> list[str]:
    ids = [profile.candidate_id for profile in profiles]
    rows = (
        Registration.objects.filter(candidate__in=ids)
        .order_by("created_at")
        .values_list("candidate", "target_group__name")
    )
    latest = {candidate: name or _("geen") for candidate, name in rows}
    return [latest.get(pk, _("geen")) for pk in ids]


def _figures(run: MatchRun, market: Market, found: list[tuple[str, str, np.ndarray]]) -> Iterable[AuditFigure]:
    for position, (dimension, group, members) in enumerate(found):
        size = int(members.sum())
        exposure = market.exposure[members]
        spread = float(exposure.std(ddof=1)) if size > 1 else 0.0
        criterion, gap = _cause(market.knocked, members)
        lower, points = _cause(market.lost, members)
        yield AuditFigure(
            run=run,
            dimension=dimension,
            group=group,
            position=position,
            people=size,
            eligible=int((market.fitting[members] > 0).sum()),
            in_top=int((market.in_top[members] > 0).sum()),
            exposure=float(exposure.mean()),
            exposure_margin=Z * spread / sqrt(size),
            criterion=criterion,
            criterion_gap=gap,
            ranking_criterion=lower,
            ranking_gap=points,
        )


def _cause(costs: dict[str, np.ndarray], members: np.ndarray) -> tuple[str, float]:
    """The criterion that costs this group most compared with the others, and how much more per person."""
    gaps = {}
    for code, cost in costs.items():
        ours, theirs = cost[members & ~np.isnan(cost)], cost[~members & ~np.isnan(cost)]
        gaps[code] = float(ours.mean() - theirs.mean()) if len(ours) and len(theirs) else 0.0
    code = max(gaps, key=lambda name: gaps[name])
    return (code, gaps[code]) if gaps[code] > 0 else ("", 0.0)


# --- Showing
HEADINGS = (
    "kenmerk",
    "groep",
    "personen",
    "met passende vacature (%)",
    "van (%)",
    "tot (%)",
    "in een top 10 (%)",
    "van (%)",
    "tot (%)",
    "zichtbaarheid",
    "marge (±)",
    "criterium achter het verschil",
    "extra knock-outs per persoon",
    "criterium achter een lagere plaats",
    "extra punten verloren",
)


def table(run: MatchRun) -> list[list[str]]:
    """The figures as rows of text, for the page and for CSV; figures as the Dutch write them."""
    return [_row(figure) for figure in run.figures.order_by("position")]


def _row(figure: AuditFigure) -> list[str]:
    numbers = (
        *_share(figure.eligible, figure.people),
        *_share(figure.in_top, figure.people),
        figure.exposure,
        figure.exposure_margin,
    )
    causes = (
        *_named(figure.criterion, figure.criterion_gap),
        *_named(figure.ranking_criterion, figure.ranking_gap),
    )
    return [
        figure.dimension,
        figure.group,
        str(figure.people),
        *(dutch(Decimal(number), 1) for number in numbers),
        *causes,
    ]


def _named(code: str, gap: float) -> tuple[str, str]:
    return (str(BY_CODE[code].label), dutch(Decimal(gap), 1)) if code else ("", "")


def _share(part: int, whole: int) -> tuple[float, float, float]:
    return (100 * part / whole if whole else 0.0, *interval(part, whole))


@dataclass(frozen=True)
class ShownGroup:
    """A group as the page shows it: its row of text, and the two shares with their bounds as pictures."""

    text: list[str]
    eligible: pictures.Interval
    in_top: pictures.Interval


def shown(run: MatchRun) -> list[tuple[str, list[ShownGroup]]]:
    """Per dimension its groups."""
    by_dimension: dict[str, list[ShownGroup]] = {}
    for figure in run.figures.order_by("position"):
        drawn = [pictures.interval(*_share(part, figure.people)) for part in (figure.eligible, figure.in_top)]
        by_dimension.setdefault(figure.dimension, []).append(ShownGroup(_row(figure)[1:], *drawn))
    return list(by_dimension.items())
