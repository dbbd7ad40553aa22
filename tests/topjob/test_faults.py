"""Every fault of RELIABILITY.md is tried, and every one has a control in which it bites."""

import re
from pathlib import Path

import pytest

MARK = re.compile(r"^@pytest\.mark\.(fault|control)\((\d+)\)", re.MULTILINE)
SOURCES = "\n".join(path.read_text() for path in sorted((Path(__file__).parent.parent / "faults").glob("test_*.py")))


@pytest.mark.parametrize("kind", ["fault", "control"])
def test_all_twenty_six_are_there(kind):
    numbers = {int(number) for found, number in MARK.findall(SOURCES) if found == kind}
    assert numbers >= set(range(1, 27))
