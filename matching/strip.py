"""The scores of one result as a row of small bars: height and colour say how well, a small square that nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.criteria import WEIGHTED
from matching.scoring import Verdict
from matching.sentences import GOOD

FAIR = 400
STEP, WIDE, HIGH = 9, 6, 14
WIDTH = STEP * len(WEIGHTED)
LABELS = [criterion.label for criterion in WEIGHTED]


@dataclass(frozen=True)
class Strip:
    """`shapes`: per tone ("good", "fair", "poor", "unknown") the bars as one path; `label` says the same in a few words."""

    shapes: list[tuple[str, str]]
    label: str


def strip(verdict: Verdict) -> Strip:
    """One bar per weighted criterion, always in the same order."""
    found: dict[str, list[str]] = {"good": [], "fair": [], "poor": [], "unknown": []}
    for number, criterion in enumerate(WEIGHTED):
        tone = _tone(verdict, criterion.code)
        found[tone].append(_square(number) if tone == "unknown" else _bar(number, verdict.scores[criterion.code]))
    words = {"good": _("goed"), "fair": _("matig"), "poor": _("slecht"), "unknown": _("onbekend")}
    counts = ", ".join(f"{len(bars)} {words[tone]}" for tone, bars in found.items() if bars)
    label = _("%(n)s criteria: %(counts)s") % {"n": len(WEIGHTED), "counts": counts}
    return Strip([(tone, "".join(bars)) for tone, bars in found.items() if bars], label)


def _tone(verdict: Verdict, code: str) -> str:
    if code in verdict.unknown:
        return "unknown"
    score = verdict.scores[code]
    return "good" if score >= GOOD else "fair" if score >= FAIR else "poor"


def _bar(number: int, score: int) -> str:
    """From the ground up, never so low that it isn't seen."""
    height = max(2, score * HIGH // 1000)
    return f"M{number * STEP} {HIGH}v-{height}h{WIDE}v{height}z"


def _square(number: int) -> str:
    return f"M{number * STEP + 1} {HIGH - 6}h4v4h-4z"
