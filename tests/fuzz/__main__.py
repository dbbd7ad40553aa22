"""Runs it: starts the product on a database of its own, asks, counts, and says what broke.

    python -m tests.fuzz --requests 100000 --seed 1

The last line is `fuzz: N requests, N server errors, N reflected, N outbound`; the exit status is 1 when one of the last
three isn't nought. Outbound is every connection to an address that was typed somewhere, and every redirect to another host.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import logging
import os
import random
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "topjob.settings")
os.environ["TOPJOB_MODE"] = "test"
django.setup()

from django.test import Client  # noqa: E402
from lxml import html  # noqa: E402

from tests import databases, live, matrix  # noqa: E402
from tests.fuzz import values  # noqa: E402
from tests.fuzz.requests import Asked, Maker  # noqa: E402
from tests.test_repository import own_routes  # noqa: E402
from tests.trajectories.conftest import render_lightly  # noqa: E402
from topjob import outbox  # noqa: E402

SHOWN = 15


@dataclass
class Sink:
    """Listens where nobody should ever call."""

    called: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def listen(self) -> None:
        while True:
            try:
                connection, _from = self.listener.accept()
            except OSError:
                return
            self.called += 1
            connection.close()


@dataclass
class Found:
    """What came back, counted by several threads."""

    requests: int = 0
    errors: int = 0
    reflected: int = 0
    outbound: int = 0
    examples: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str, asked: Asked, told: str) -> None:
        with self.lock:
            setattr(self, what, getattr(self, what) + 1)
            self.examples.append(f"{what}: {asked} → {told}")

    def judge(self, asked: Asked, response: http.client.HTTPResponse, body: bytes, port: int) -> None:
        """Whether this answer is one that nobody should ever get."""
        with self.lock:
            self.requests += 1
        if response.status >= 500 and response.status != 501:  # 501: a method that no web server knows
            self.count("errors", asked, str(response.status))
        if values.MARK.encode() in body and "html" in (response.getheader("Content-Type") or ""):
            self.count(
                "reflected", asked, body[max(body.find(values.MARK.encode()) - 80, 0) :][:200].decode(errors="replace")
            )
        where = urlsplit(response.getheader("Location") or "")
        if where.netloc and where.port != port:
            self.count("outbound", asked, where.geturl())


def ask(maker: Maker, port: int, many: int, found: Found) -> None:
    """So many requests, over one line as long as it stays open."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for asked in (maker.next() for _ in range(many)):
        try:
            response = answer_to(line, asked)
            found.judge(asked, response, response.read(), port)
        except (http.client.HTTPException, OSError) as broken:
            line.close()
            found.count("errors", asked, repr(broken))


def answer_to(line: http.client.HTTPConnection, asked: Asked) -> http.client.HTTPResponse:
    """The answer; anew over another line when the server had closed this one after what came before."""
    try:
        send(line, asked)
        return line.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
        line.close()
        send(line, asked)
        return line.getresponse()


def send(line: http.client.HTTPConnection, asked: Asked) -> None:
    given = {name for name, _said in asked.headers}
    line.putrequest(asked.method, asked.target, skip_host="Host" in given, skip_accept_encoding=True)
    for name, said in asked.headers:
        with contextlib.suppress(ValueError):  # what http.client won't send
            line.putheader(name, said.encode("utf-8", "surrogatepass"))
    line.endheaders(asked.body)


def boxes_on(page: bytes) -> list[str]:
    """The names of what can be filled in on a page."""
    if not page.strip():
        return []
    found = html.document_fromstring(page).xpath("//form//*[self::input or self::select or self::textarea]/@name")
    return sorted(set(found) - {"csrfmiddlewaretoken"})


def look_round(world: matrix.World, cookies: dict[str, str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The addresses of what there is, and the boxes of the forms on them, as the first who may open them."""
    addresses: dict[str, list[str]] = {}
    boxes: dict[str, list[str]] = {}
    clients = {who: Client(raise_request_exception=False) for who in cookies}
    for who, client in clients.items():
        client.cookies["sessionid"] = cookies[who]
    for route in own_routes():
        known = [matrix.address(route.pattern, subject) for subject in world.subjects.values()]
        addresses[route.pattern] = [address for address in dict.fromkeys(known) if address]
        for client in clients.values() if addresses[route.pattern] else ():
            answer = client.get(addresses[route.pattern][0])
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                boxes[route.pattern] = boxes_on(answer.content)
                break
    return addresses, boxes


def logged_in(world: matrix.World) -> dict[str, str]:
    """A session for everybody."""
    cookies = {"niemand": "geen"}
    for who, user in world.people.items():
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies[who] = client.cookies["sessionid"].value
    return cookies


@contextlib.contextmanager
def product() -> Iterator[live.LiveStack]:
    with (
        databases.running_cluster() as cluster,
        tempfile.TemporaryDirectory() as folder,
        live.running_stack(cluster, Path(folder)) as stack,
    ):
        stack.start("worker")
        yield stack


def run(many: int, seed: int, threads: int) -> Found:
    """Ask the product so many things; what came of it."""
    logging.disable(logging.WARNING)  # what isn't found while looking round
    found, sink = Found(), Sink()
    threading.Thread(target=sink.listen, daemon=True).start()
    with product() as stack:
        with (
            stack.orm(),
            mock.patch.dict(outbox.HANDLERS, {"render_plan": render_lightly}),
            mock.patch.object(outbox, "tell_celery"),
        ):
            world = matrix.build()
            stack.move_clock(world.day)
            cookies = logged_in(world)
            addresses, boxes = look_round(world, cookies)
        routes = [route for route in own_routes() if "(?P" not in route.pattern]
        makers = [
            Maker(routes, addresses, boxes, cookies, sink.address, random.Random(f"{seed} {number}"))
            for number in range(threads)
        ]
        workers = [
            threading.Thread(target=ask, args=(maker, stack.port, many // threads, found), daemon=True)
            for maker in makers
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if found.errors:
            sys.stdout.write(stack.last_words() + "\n")
    sink.listener.close()
    found.outbound += sink.called
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    asked = parser.parse_args()
    found = run(asked.requests, asked.seed, asked.threads)
    for example in found.examples[:SHOWN]:
        sys.stdout.write(example + "\n")
    sys.stdout.write(
        f"fuzz: {found.requests} requests, {found.errors} server errors, {found.reflected} reflected, {found.outbound} outbound\n"
    )
    return 1 if found.errors or found.reflected or found.outbound else 0


if __name__ == "__main__":
    sys.exit(main())
