"""People of the portals, and their browsers, for the tests of follow-up and portals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.http import HttpResponse
from django.test import Client

from accounts.models import Role, User
from candidates.models import Candidate
from demo.walk import Walk
from tests import factories
from topjob import clock
from trajectories.models import Trajectory
from trajectories.pages.worklists import attention_of, counted


def browser_of(user: User) -> Client:
    """The browser of somebody who is logged in."""
    client = Client()
    client.force_login(user)
    return client


def attention(user: User) -> dict[str, int]:
    """What somebody's own page says that asks attention, with how many cases."""
    rows = attention_of(user)
    return dict(zip((item.key for item in rows), counted(user, rows.values()), strict=True))


def youth_of(case: Trajectory) -> User:
    """The login of the person themselves."""
    user = factories.candidate_user()
    Candidate.objects.filter(pk=case.candidate_id).update(user=user)
    return user


def employer_of(walk: Walk) -> User:
    """Somebody who speaks for the company in play."""
    return factories.representative(walk.fresh().current_application.organisation)


def client_of(case: Trajectory) -> User:
    """Somebody of the opdrachtgever who pays."""
    return factories.representative(case.client, role=Role.OPDRACHTGEVER)


def without_tokens(response: HttpResponse) -> str:
    """The page without what differs each time: the token against forgery, the seconds that the session still lasts."""
    return re.sub(r"[A-Za-z0-9_-]{32,}|data-session-seconds=\S+", "", response.content.decode())


def status_of(client: Client, url: str) -> int:
    """How a download answers; read to its end, so that its file is closed again."""
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


@contextmanager
def on(day: date, hour: int = 12) -> Iterator[None]:
    """The product's clock on a day of the walk."""
    with clock.at(day, hour):
        yield


def page(client: Client, url: str, data: dict | None = None, *, status: int = 200) -> str:
    """The page as text, after following a redirect."""
    response = client.get(url) if data is None else client.post(url, data, follow=True)
    assert response.status_code == status, (response.status_code, url)
    return response.content.decode()
