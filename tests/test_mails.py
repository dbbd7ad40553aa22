"""Every mail that a person's button sends is shown before it goes (issue 12): held for all, and for what is added."""

from __future__ import annotations

import re
from pathlib import Path

from tests.mails_first import NOWHERE, declared
from topjob import outbox

TESTS = Path(__file__).parent


def test_every_mail_is_shown_somewhere_or_it_is_said_why_not() -> None:
    told = {work for work, _page in declared()}
    assert told == outbox.LEAVING | outbox.SPREADING
    assert all(why for (_work, page), why in declared().items() if page == NOWHERE)


def test_every_page_that_mails_has_a_test_that_compares_what_it_shows_with_what_goes() -> None:
    marked = {
        page
        for file in TESTS.rglob("test_*.py")
        for page in re.findall(r'^@shows\("([^"]+)"\)$', file.read_text(), re.M)
    }
    assert marked == {page for (_work, page), why in declared().items() if not why}
