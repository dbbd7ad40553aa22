"""The SMS gateway: one request with a deadline, and a failure is a failure that the outbox tries again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import reverse

from topjob import outbox, sms
from topjob.models import StoredSms

PHONE = "+31612345678"


class Gateway(HTTPServer):
    """Answers with a status, and keeps what it was sent."""

    status = 202
    silent = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.received: list[tuple[dict[str, str], dict[str, str]]] = []
        self.released = threading.Event()


class Answer(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), json.loads(body)))
        if self.server.silent:
            self.server.released.wait(5)
            return
        self.send_response(self.server.status)
        self.send_header("Location", "/elders/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    server = Gateway()
    settings.SMS_BACKEND, settings.SMS_GATEWAY_TOKEN, settings.SMS_TIMEOUT = "http", "geheim", 1
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/v1/messages"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


def test_a_text_goes_to_the_gateway_once(gateway: Gateway) -> None:
    sms.send("0612345678", "Hallo", reference="code-1")
    ((headers, body),) = gateway.received
    assert body == {"from": "Top Job", "to": PHONE, "text": "Hallo", "reference": "code-1"}
    assert headers["Authorization"] == "Bearer geheim"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, outbox.Undeliverable) for status in (301, 400, 401)),
        *((status, outbox.Postponed) for status in (429, 500, 503)),
    ],
)
def test_anything_but_yes_is_a_failure_without_the_number(gateway: Gateway, status: int, kind: type[Exception]) -> None:
    gateway.status = status
    with pytest.raises(kind, match=str(status)) as failure:
        sms.send(PHONE, "Hallo", reference="code-1")
    assert len(gateway.received) == 1
    assert "612345678" not in str(failure.value)


def test_a_gateway_that_hangs_may_have_sent_it(gateway: Gateway) -> None:
    gateway.silent = True
    with pytest.raises(outbox.Uncertain, match="viel weg"):
        sms.send(PHONE, "Hallo", reference="code-1")


def test_a_gateway_that_is_away_is_asked_again(settings) -> None:
    settings.SMS_BACKEND, settings.SMS_GATEWAY_URL = "http", "http://127.0.0.1:9/"
    with pytest.raises(outbox.Postponed, match="is er niet"):
        sms.send(PHONE, "Hallo", reference="code-1")


def test_without_a_gateway_nothing_is_sent(settings) -> None:
    settings.SMS_BACKEND = "none"
    assert not sms.is_available()
    with pytest.raises(outbox.Undeliverable, match="SMS_GATEWAY_URL"):
        sms.send(PHONE, "Hallo", reference="code-1")


@pytest.mark.parametrize(
    ("number", "can"),
    [(PHONE, True), ("0612345678", True), ("+31570512345", False), ("", False), ("06", False), ("+491711234567", True)],
)
def test_an_sms_goes_to_a_mobile_number(number: str, can: bool) -> None:
    assert sms.can_receive(number) is can


@pytest.mark.django_db
def test_the_demo_shows_what_would_have_gone_out(client: Client) -> None:
    sms.send(PHONE, "123456 is de code", reference="code-1")
    sms.send("+31687654321", "Iets anders", reference="code-2")
    url = reverse("demo:texts")
    page = client.get(url).content.decode()
    assert "123456 is de code" in page
    assert "Iets anders" in page
    page = client.get(url, {"to": "06 12345678"}).content.decode()
    assert "123456 is de code" in page
    assert "Iets anders" not in page
    assert "niets naar dit nummer" in client.get(url, {"to": "999999"}).content.decode()


@pytest.mark.django_db
def test_the_newest_stands_above_what_the_filling_of_the_demo_sends_for_earlier_days(client: Client) -> None:
    """The code somebody waits for isn't found between those of last year."""
    for moment, text in (("2026-11-29T09:54Z", "de code van nu"), ("2025-07-09T15:00Z", "een code van toen")):
        StoredSms.objects.create(to=PHONE, text=text, sent_at=moment, reference=text)
    page = client.get(reverse("demo:texts")).content.decode()
    assert page.index("de code van nu") < page.index("een code van toen")


@pytest.mark.django_db
def test_production_has_no_such_page(client: Client, settings) -> None:
    StoredSms.objects.create(to=PHONE, text="x", sent_at="2026-01-01T00:00Z", reference="r")
    settings.TOPJOB_MODE = "production"
    assert client.get(reverse("demo:texts")).status_code == 404
