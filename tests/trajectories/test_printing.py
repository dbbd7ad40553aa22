"""What a document says stands on its pages, whatever people typed: whole, in its own order, or refused beforehand."""

from __future__ import annotations

import pytest

from demo.walk import Walk
from tests.trajectories.conftest import walk_to
from tests.trajectories.standing import World, standing
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.documents import making, typesetting
from trajectories.documents.printable import prepared, unprintable
from trajectories.models import PlanParty, StartPlan

EDGE = 20 * 96 / 25.4 - 1  # 20 mm, in pixels of CSS
LONG = "W" * 240
CUNEIFORM = "\U00012000"


@standing
def drafted(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def fill_with(walk: Walk, text: str) -> None:
    """This text in every field of the plan that takes it, and in every name."""
    plan, case = plan_of(walk), walk.fresh()
    fields = {field.name: text[: field.max_length] for field in _typed(plan) if not field.choices}
    StartPlan.objects.filter(pk=plan.pk).update(**fields)
    plan.goals.update(goal=text, how=text)
    plan.agreements.update(text=text)
    PlanParty.objects.filter(plan=plan).update(name=text[:120])
    type(case.candidate).objects.filter(pk=case.candidate_id).update(first_name=text[:60], last_name=text[:80])
    type(plan.application.organisation).objects.filter(pk=plan.application.organisation_id).update(name=text[:150])


def _typed(plan: StartPlan) -> list:
    return [field for field in plan._meta.concrete_fields if field.get_internal_type() in ("CharField", "TextField")]


def boxes_of(plan: StartPlan):
    """Every line of text with the page it is on."""
    made = typesetting._typeset("documents/startplan.html", making.plan_content(plan))
    for page in made.pages:
        for box in page._page_box.descendants():
            if getattr(box, "text", ""):
                yield page, box


def test_every_character_of_every_field_is_on_the_page(drafted: Walk) -> None:
    """One unbroken word of 240 characters was cut at the edge, and the sentences after it too."""
    fill_with(drafted, LONG)
    lines = list(boxes_of(plan_of(drafted)))
    beyond = [
        (box.element_tag, box.position_x, box.width, box.text)
        for page, box in lines
        if box.position_x + box.width > page.width - EDGE
    ]
    assert not beyond
    assert all(box.position_y + box.height <= page.height for page, box in lines)
    said = "".join(box.text for _page, box in lines)
    fields = [field for field in _typed(plan_of(drafted)) if not field.choices]
    assert said.count("W") > 240 * (len(fields) - 4)


def test_a_plan_with_a_character_without_a_glyph_is_not_sent_and_says_where(drafted: Walk) -> None:
    StartPlan.objects.filter(pk=plan_of(drafted).pk).update(tasks=f"Muren {CUNEIFORM} metselen")
    with clock.at(drafted.day), pytest.raises(Refused) as refused:
        actions.send_plan(plan_of(drafted), by=drafted.user_on_lead)
    assert [reason.text for reason in refused.value.reasons] == [
        f"Bij “Wat je gaat doen” staat een teken dat we niet kunnen afdrukken: {CUNEIFORM} (U+12000). Schrijf het anders."
    ]
    assert plan_of(drafted).is_draft


def test_names_of_every_alphabet_may_be_sent(drafted: Walk) -> None:
    fill_with(drafted, "Łukasz Đặng Nguyễn محمد אברהם ትግርኛ 中文")
    assert making.unprintable_in_plan(plan_of(drafted)) == []


def test_a_character_without_a_glyph_is_named_with_the_heading_it_stands_under() -> None:
    html = f"<title>{CUNEIFORM}</title><h1>Je startplan</h1><h2>Wie</h2><p>a</p><h3>Bedrijf {CUNEIFORM}</h3>"
    (text,) = unprintable(html)
    assert text.startswith("Bij “Wie” staat")


def test_a_name_turns_no_line_round() -> None:
    """U+202E in a first name printed "Startplan Rtl6202 von …"; rows from before the cleaning may still hold it."""
    assert prepared("<p>van Jan\u202e 2026</p>") == "<p>van Jan 2026</p>"
    html = prepared("<title>محمد</title><p>van محمد علي, אברהם (17) bij Bouw</p>")
    assert html == (
        '<title>محمد</title><p>van <bdi dir="rtl">محمد علي</bdi>, <bdi dir="rtl">אברהם</bdi> (17) bij Bouw</p>'
    )


def test_what_has_no_glyph_is_spelled_out_rather_than_drawn_as_a_box() -> None:
    assert prepared(f"<p>{CUNEIFORM}</p>") == "<p>[U+12000]</p>"
