"""Progress on the ambition scale over the coaching talks, as a table and as a line drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from topjob.pictures import Course, course
from trajectories.models import AmbitionItem, CoachingScore, CoachingSession, Trajectory

MOST = 6
LOWEST, HIGHEST = 1, 5
WIDTH, HEIGHT, EDGE = 400, 170, 32


@dataclass(frozen=True)
class ProgressRow:
    """One item with its score at each talk; `change` compares the last score with the first."""

    item: AmbitionItem
    scores: list[int | None]

    @property
    def course(self) -> Course | None:
        return course(self.scores)

    @property
    def latest(self) -> int:
        return [score for score in self.scores if score is not None][-1]

    @property
    def change(self) -> int:
        given = [score for score in self.scores if score is not None]
        return given[-1] - given[0]


@dataclass(frozen=True)
class Mark:
    """A point of the line: where it is, and what it says."""

    x: int
    y: int
    day: date
    value: str


@dataclass(frozen=True)
class Progress:
    """The latest talks with scores, oldest first."""

    days: list[date]
    rows: list[ProgressRow]
    marks: list[Mark]
    grid: list[tuple[int, int]]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


def talks_of(case: Trajectory) -> list[CoachingSession]:
    """The coaching talks with their scores, newest first."""
    scores = Prefetch("scores", CoachingScore.objects.select_related("item"))
    return list(case.coaching_sessions.select_related("by").prefetch_related(scores))


def progress_of(sessions: Sequence[CoachingSession]) -> Progress | None:
    """Sessions come newest first, with their scores; nothing to show without a score."""
    scored = [session for session in sessions if session.scores.all()][:MOST][::-1]
    if not scored:
        return None
    talks = [(session.on, {score.item_id: score.score for score in session.scores.all()}) for session in scored]
    items = {score.item_id: score.item for session in scored for score in session.scores.all()}
    ordered = sorted(items.values(), key=lambda item: (item.position, item.pk))
    return Progress(
        days=[day for day, _scores in talks],
        rows=[ProgressRow(item, [scores.get(item.pk) for _day, scores in talks]) for item in ordered],
        marks=[_mark(place, len(talks), day, scores) for place, (day, scores) in enumerate(talks)],
        grid=[(figure, _height_of(figure)) for figure in range(LOWEST, HIGHEST + 1)],
    )


def _mark(place: int, count: int, day: date, scores: dict[int, int]) -> Mark:
    average = sum(scores.values()) / len(scores)
    step = (WIDTH - 2 * EDGE) / max(count - 1, 1)
    x = round(EDGE + step * place) if count > 1 else WIDTH // 2
    return Mark(x, _height_of(average), day, f"{average:.1f}".replace(".", ","))


def _height_of(score: float) -> int:
    """Higher is better, so a high score is drawn near the top."""
    return round(HEIGHT - EDGE - (score - LOWEST) / (HIGHEST - LOWEST) * (HEIGHT - 2 * EDGE))
