"""Watches every page that a test opens: a name's `<bdi>` stands in text only, never in a title, an attribute or an option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.http import HttpResponse
from django.test import Client

MISPLACED = re.compile(
    r"""<[a-z][^<>]*=\s*("[^"<>]*|'[^'<>]*)<bdi>|<(title|option|textarea)\b[^>]*>[^<]*<bdi>|&lt;/?bdi&gt;""",
    re.IGNORECASE,
)


def misplaced(page: str) -> list[str]:
    """The pieces of a page in which an element of a name would be read aloud or shown as signs."""
    return [page[max(found.start() - 60, 0) : found.end() + 60] for found in MISPLACED.finditer(page)]


def in_words(page: str) -> str:
    """A page whose sentences read on through the names in them."""
    return page.replace("<bdi>", "").replace("</bdi>", "")


@contextmanager
def watched() -> Iterator[None]:
    """Django's test client fails on such a page, whatever the test is about."""
    request = Client.request

    def watching(self: Client, **environ: Any) -> HttpResponse:
        response = request(self, **environ)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            wrong = misplaced(response.content.decode(errors="replace"))
            assert not wrong, "\n".join(wrong)
        return response

    with mock.patch.object(Client, "request", watching):
        yield
