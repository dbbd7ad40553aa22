"""Sending an SMS: one short text to one mobile number, through the gateway that is set. Called by outbox handlers.

In production a gateway that takes JSON over HTTPS; in the demo and in tests the texts are kept in the database and shown on
`/demo/sms/`. Without a gateway there is no SMS at all: `is_available` says so, and nobody is promised one.
"""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import PhoneNumberType, number_type

from topjob import clock, outbox
from topjob.mail import Letter
from topjob.models import StoredSms
from topjob.rehearsing import rehearsal

MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
TOO_MANY = 429


def is_available() -> bool:
    """Whether this installation can send an SMS."""
    return settings.SMS_BACKEND != "none"


def can_receive(phone: PhoneNumber | str) -> bool:
    """Whether an SMS can reach this number: a valid mobile one."""
    number = PhoneNumber.from_string(str(phone)) if phone else None
    return number is not None and number.is_valid() and number_type(number) in MOBILE


def masked(phone: PhoneNumber | str) -> str:
    """A number as it may be shown: its last two digits."""
    return f"06 •• •• •• {_e164(phone)[-2:]}" if _e164(phone).startswith("+316") else f"•• •• •• {_e164(phone)[-2:]}"


def send(to: PhoneNumber | str, text: str, *, reference: str) -> None:
    """Hand one text to the gateway; the reference lets it recognise a second try of the same text."""
    if (shown := rehearsal()) is not None:
        shown.letters.append(Letter(str(to), text))
        return
    outbox.leaving_the_house()
    if not can_receive(to):
        raise outbox.Undeliverable(_("%(number)s is geen mobiel nummer") % {"number": masked(to)})
    if settings.SMS_BACKEND == "database":
        StoredSms.objects.create(to=_e164(to), text=text, sent_at=clock.now(), reference=reference)
    elif settings.SMS_BACKEND == "http":
        _post({"from": settings.SMS_SENDER, "to": _e164(to), "text": text, "reference": reference})
    else:
        raise outbox.Undeliverable(_("er is geen sms-gateway ingesteld (SMS_GATEWAY_URL)"))


def _e164(phone: PhoneNumber | str) -> str:
    return PhoneNumber.from_string(str(phone)).as_e164


def _post(message: dict[str, str]) -> None:
    """One request, no redirects. What failed never names the whole number: it ends up in lists and logs."""
    url = urlsplit(settings.SMS_GATEWAY_URL)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}
    gateway = _connection(url.scheme, url.hostname or "", url.port)
    try:
        gateway.connect()
    except OSError as error:
        raise outbox.Postponed(_("de sms-gateway is er niet: %(why)s") % {"why": type(error).__name__}) from error
    try:
        gateway.request("POST", url.path or "/", json.dumps(message), headers)
        _judge(gateway.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        text = _("de sms-gateway viel weg tijdens het versturen: %(why)s")
        raise outbox.Uncertain(text % {"why": type(error).__name__}) from error
    finally:
        gateway.close()


def _judge(status: int) -> None:
    """2xx: taken; 429 and 5xx: later; anything else: never."""
    if not 200 <= status < 300:
        kind = outbox.Postponed if status == TOO_MANY or status >= 500 else outbox.Undeliverable
        raise kind(_("de sms-gateway zei %(status)s") % {"status": status})


def _connection(scheme: str, host: str, port: int | None) -> Any:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    return kind(host, port, timeout=settings.SMS_TIMEOUT)
