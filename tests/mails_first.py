"""A mail is shown before it goes: which page shows which (`mails.csv`), and a watch over every page that a test uses.

A page that asks for a mail and has no line fails whatever test used it. A line without a reason wants a test that compares what
is shown with what goes: one marked `@shows("the page")`, which uses `assert_shown`.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import ResolverMatch

from tests.trajectories.personal import run_outbox
from topjob import outbox
from topjob.mail_first import LOOK
from topjob.models import OutboxMessage
from topjob.rehearsing import rehearsal

LETTER = re.compile(r'<div class="letter text-lines">(.*?)</div>', re.DOTALL)
NOWHERE = "-"
_page: ContextVar[str] = ContextVar("page", default="")


def shows(page: str) -> Callable[[Any], Any]:
    """Marks the test that looks whether this page shows what it mails."""
    return pytest.mark.shows(page)


def declared() -> dict[tuple[str, str], str]:
    """For what is mailed from which page: why it isn't shown there, or nothing when it is."""
    with (Path(__file__).parent / "mails.csv").open() as file:
        return {(row["werk"], row["pagina"]): row["waarom niet getoond"] for row in csv.DictReader(file)}


def _name_of(match: ResolverMatch) -> str:
    """A page; of the page of all steps, the step."""
    name = match.view_name
    return f"{name}/{match.kwargs['name']}" if name == "trajectories:step" else name


@contextmanager
def watched() -> Iterator[None]:
    """Fails what asks for a mail on a page that `mails.csv` doesn't name with it."""
    lines, resolve, enqueue, request = declared(), BaseHandler.resolve_request, outbox.enqueue, Client.request

    def resolving(self: BaseHandler, asked: HttpRequest) -> ResolverMatch:
        match = resolve(self, asked)
        _page.set(_name_of(match))
        return match

    def enqueuing(name: str, *, key: str, **payload: Any) -> OutboxMessage:
        page = _page.get()
        if page and name in outbox.LEAVING | outbox.SPREADING and rehearsal() is None:
            assert (name, page) in lines, f"{page} mails {name}: show it first, or say why not, in tests/mails.csv"
        return enqueue(name, key=key, **payload)

    def asking(self: Client, **environ: Any) -> HttpResponse:
        try:
            return request(self, **environ)
        finally:
            _page.set("")

    with (
        mock.patch.object(BaseHandler, "resolve_request", resolving),
        mock.patch.object(outbox, "enqueue", enqueuing),
        mock.patch.object(Client, "request", asking),
    ):
        yield


def said(response: HttpResponse) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r"<li>([^<]+)</li>|error-\w+[^>]*>([^<]+)<", response.content.decode())


def shown_on(page: str) -> list[str]:
    """The mails and texts that a page shows."""
    return sorted(_alike(html.unescape(text)) for text in LETTER.findall(page))


def _alike(text: str) -> str:
    """A letter without what differs when it goes: the token in its link."""
    return re.sub(r"(https?://\S+?)/[\w:.=-]{9,}(/?)(?=\s|$)", r"\1/…\2", text).strip()


def assert_shown(client: Client, url: str, data: dict[str, Any] | None = None, *, sent: int) -> None:
    """What the page shows is what goes: as many letters, in the same words; looking at it sends nothing."""
    run_outbox(*outbox.LEAVING, *outbox.SPREADING, "render_plan", "render_paper")
    before = OutboxMessage.objects.count()
    response = client.get(url) if data is None else client.post(url, data | {LOOK: "1"})
    assert response.status_code == 200, said(response)
    assert OutboxMessage.objects.count() == before
    assert_goes(client, url, data or {}, shown_on(response.content.decode()), sent=sent)


def assert_goes(client: Client, url: str, data: dict[str, Any], shown: list[str], *, sent: int) -> None:
    """Doing it sends exactly what was shown."""
    mail.outbox.clear()
    answer = client.post(url, data)
    assert answer.status_code == 302, said(answer)
    run_outbox(*outbox.LEAVING, *outbox.SPREADING, "render_plan", "render_paper")
    assert shown == sorted(_alike(message.body) for message in mail.outbox)
    assert len(mail.outbox) == sent
