"""Where a visitor comes from: one answer for limits, log and evidence."""

from __future__ import annotations

import pytest
import structlog
from allauth.account.adapter import get_adapter
from django.test import RequestFactory

from topjob import visitor
from trajectories.views.personal import visitor as evidence

PROXY = "172.16.0.2"


def asked(forwarded: str | None = None, remote: str = PROXY):
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **extra)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, PROXY),
        (0, "9.9.9.9", PROXY),
        (1, None, PROXY),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "9.9.9.9, 198.51.100.7", "198.51.100.7"),
        (1, "9.9.9.9,8.8.8.8 , 198.51.100.7 ", "198.51.100.7"),
        (1, "198.51.100.7:50123", "198.51.100.7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "[2001:db8::7]:50123", "2001:db8::7"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "198.51.100.7, onzin", PROXY),
        (1, "", PROXY),
        (1, ",", PROXY),
        (2, "9.9.9.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "10.0.0.1", PROXY),
    ],
)
def test_the_entry_that_our_outermost_proxy_added_counts(settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    request = asked(forwarded)
    assert visitor.address(request) == expected
    assert evidence(request)["ip_address"] == expected
    assert get_adapter().get_client_ip(request) == expected
    with structlog.contextvars.bound_contextvars():
        visitor.LogMiddleware.bind_ip(request)
        assert structlog.contextvars.get_contextvars()["ip"] == expected


def test_without_any_address_there_is_no_evidence_and_one_limit(settings):
    request = asked(remote="")
    assert evidence(request)["ip_address"] is None
    assert visitor.network(request) == visitor.UNKNOWN


def test_an_ipv6_visitor_is_counted_by_network():
    assert visitor.network(asked(remote="2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"


def test_the_address_is_read_in_one_place():
    """Whoever asks the header or a library directly decides anew, and differently."""
    from tests.test_repository import APPS, ROOT

    readers = [
        path.relative_to(ROOT).as_posix()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("FORWARDED_FOR", "REMOTE_ADDR", "ipware"))
    ]
    assert readers == ["topjob/visitor.py"]
