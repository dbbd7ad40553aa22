"""The timeline and the checks speak of what the journey logs by the one list of verbs (`accounts/verbs.py`)."""

from __future__ import annotations

import re

from accounts import verbs
from matching.actions import DECIDED as DECIDED_VERBS
from matching.models import MatchDecision
from trajectories.actions.templates import SAVED
from trajectories.keeping.decided import DECIDED
from trajectories.models.template import TextVersion
from trajectories.process.work import WORK
from trajectories.process.workflow import step_named
from trajectories.signing.links import DECLINED, RENDERED, SIGNED, SIGNED_RENDERED
from trajectories.verify import RULES
from trajectories.views.candidate import PLACE_LOST

# Consent is logged as what it is in the file; a scan that was judged, as what came of it.
SAID_OTHERWISE = {"record_consent", "judge_scan"}


def test_a_step_says_what_its_button_asks_and_what_happened() -> None:
    step = step_named("start_intake")
    assert (step.name, step.label, step.name.label) == ("start_intake", "Intake starten", "Intake gestart")


def test_work_beside_the_steps_has_its_verb() -> None:
    assert set(WORK) - SAID_OTHERWISE <= set(verbs.every())
    assert not SAID_OTHERWISE & set(verbs.every())


def test_what_is_said_by_kind_has_a_verb_for_each() -> None:
    assert set(DECIDED_VERBS) == set(MatchDecision.Decision)
    assert set(SAVED) == set(TextVersion.__subclasses__())
    assert RENDERED.keys() == SIGNED_RENDERED.keys() == SIGNED.keys() == DECLINED.keys() == {"plan", "paper"}


def test_what_asks_the_log_asks_for_verbs_that_there_are() -> None:
    questions = [question.sql for _name, _label, rule in RULES for question in rule]
    asked = {
        found for sql in [*questions, *(sql for _text, sql in DECIDED)] for found in re.findall(r"verb = '(.*?)'", sql)
    }
    assert len(asked) > 5 and asked | set(PLACE_LOST) <= set(verbs.every())
