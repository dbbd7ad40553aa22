"""Where the marks of a picture stand."""

from __future__ import annotations

from django.template.loader import render_to_string

from topjob import pictures


def test_what_is_left_of_a_project() -> None:
    drawn = pictures.bars([("deelnemers", 12), ("proefperiode", 11), ("diploma", None), ("banen", 0)])
    assert [(bar.value, bar.length) for bar in drawn] == [(12, 100), (11, 92), (None, 0), (0, 0)]
    assert [bar.length for bar in pictures.bars([("deelnemers", None)])] == [0]
    page = render_to_string("components/bars.html", {"bars": drawn, "bars_label": "Uitkomst"})
    assert 'width="92" height="8"' in page and "<strong>0</strong>" in page
    assert "<strong>–</strong>" in page and page.count("<svg") == 3, "what nobody counted isn't nothing"


def test_bounds_that_are_the_same_are_still_seen() -> None:
    drawn = pictures.interval(62.5, 48.1, 75.0)
    assert (drawn.low, drawn.middle, drawn.high, drawn.width) == (48, 62, 75, 27)
    assert pictures.interval(100, 99.9, 100).width == 1


def test_three_parties_on_one_scale() -> None:
    drawn = pictures.sides([1, 5, None])
    assert drawn and [(mark.shape, mark.x) for mark in drawn.marks] == [("circle", 10), ("square", 110)]
    assert len({mark.y for mark in drawn.marks}) == 2, "the same answer of two parties is two marks"
    assert drawn.ticks == [10, 35, 60, 85, 110]
    assert pictures.sides([None, None, None]) is None


def test_a_figure_over_time() -> None:
    drawn = pictures.course([1, None, 5])
    assert drawn and drawn.line == "5,23 115,5" and (drawn.x, drawn.y) == (115, 5)
    one = pictures.course([3])
    assert one and one.line == "5,14"
    assert pictures.course([None]) is None


def test_a_slope_leads_from_what_is_known_to_what_is_known() -> None:
    drawn = pictures.slope([2, 3, 5])
    assert drawn and drawn.points == [(50, 41, False), (150, 30, False), (250, 8, True)]
    assert drawn.lines == [("M50 41L150 30", False), ("M150 30L250 8", True)]
    without = pictures.slope([1, None, 5])
    assert without and without.lines == [("M50 52L250 8", True)]
    assert pictures.slope([None, 3, None]) is None and pictures.slope([None, None, None]) is None
