"""Keys go through a page in the order in which it is read: nothing is placed elsewhere than where it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STYLES = sorted([*ROOT.glob("static/css/*.css"), *ROOT.glob("frontend/*.scss")])
WRITTEN = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/js/*.js")])
APPS = ["topjob", "accounts", "candidates", "employers", "matching", "trajectories", "demo"]
FORMS = sorted(path for app in APPS for path in ROOT.glob(f"{app}/**/*.py"))
# What would show things in another order than the keys go: `order`, rows and columns backwards, and holes filled from further on.
MOVES = re.compile(
    r"(?<![\w-])order\s*:|(?:row|column|wrap)-reverse|grid-auto-flow\s*:[^;}]*dense|reading-flow|(?<![\w-])order-\d"
)
AHEAD = re.compile(r"""tabindex["']?\s*(?:=|:|,)\s*["']?\s*[1-9]""", re.IGNORECASE)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_style_moves_things_out_of_their_order(path: Path) -> None:
    assert not MOVES.findall(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL))


def test_no_key_jumps_ahead() -> None:
    jumping = [str(path.relative_to(ROOT)) for path in [*WRITTEN, *FORMS] if AHEAD.search(path.read_text())]
    assert not jumping


@pytest.mark.parametrize(
    "text", ["a { order: 3; }", "a { flex-direction: row-reverse }", "a { grid-auto-flow: row dense; }"]
)
def test_a_style_that_would_move_things_is_seen(text: str) -> None:
    assert MOVES.search(text) and not MOVES.search("a { border: 0; grid-auto-flow: column; }")
    assert AHEAD.search('<a tabindex="2">') and not AHEAD.search('<a tabindex="-1"> <div tabindex="0">')
