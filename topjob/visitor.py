"""Where a visitor comes from. Decided here, for limits, lock-outs, the log and the evidence under a signature alike.

In front of the product stand `PROXY_COUNT` proxies of our own. Each adds, at the end of X-Forwarded-For, the address it was
called from: so the entry that the outermost of them added is the visitor's, and what stands before it was made up by the
visitor. Where that entry is missing or no address, what called us is the visitor.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import structlog
from django.conf import settings
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

# One household or office has a whole network of this size; one address of it says nothing.
IPV6_NETWORK = 64
UNKNOWN = "0.0.0.0"  # noqa: S104 – nobody listens here: it stands for "no address"


def address(request: HttpRequest) -> str | None:
    """The visitor's address; None where there is none, as behind a socket file without a proxy."""
    found = _forwarded(request) or _read(request.META.get("REMOTE_ADDR", ""))
    return str(found) if found else None


def network(request: HttpRequest) -> str:
    """What limits count by: an IPv4 address, or the network an IPv6 address belongs to."""
    found = ip_address(address(request) or UNKNOWN)
    return str(found) if found.version == 4 else str(ip_network((found, IPV6_NETWORK), strict=False))


def _forwarded(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    entries = request.headers.get("x-forwarded-for", "").split(",")
    if not 0 < settings.PROXY_COUNT <= len(entries):
        return None
    return _read(entries[-settings.PROXY_COUNT])


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: alone, with a port, or an IPv6 address in brackets."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


class LogMiddleware(RequestMiddleware):
    """django-structlog's line per request, with the visitor's address as decided here."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=address(request))
