"""allauth in this product: nobody makes an account by themselves, and guessing is slow.

Staff make accounts; candidates come in through a personal link.
"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import oidc, second, throttle
from topjob import saying, visitor

log = structlog.get_logger()
WAYS = {
    "reauthenticate": _("Met je wachtwoord"),
    "mfa_reauthenticate": _("Met een code uit de app of een herstelcode"),
    "mfa_reauthenticate:webauthn": _("Met een toegangssleutel"),
}


class ClosedAdapter(DefaultAccountAdapter):
    """allauth without self sign-up, in our words."""

    error_messages = DefaultAccountAdapter.error_messages | saying.LOGIN

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether somebody may be sent there; what is no address at all (`//[`) is nowhere."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_login_stages(self) -> list[str]:
        """Our second step alone, which knows of a provider's."""
        return ["accounts.second.SecondStep"]

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """How somebody can show anew who they are, in our words."""
        if not user.is_authenticated:
            return []
        words: dict = WAYS if second.has_app(user) else WAYS | {"mfa_reauthenticate": _("Met een herstelcode")}
        ways = [way | {"description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]
        if ways and oidc.is_on() and oidc.is_bound(user):
            there = _("Met je account van %(name)s") % {"name": settings.OIDC_NAME}
            ways.append({"id": "provider", "description": there, "url": reverse("accounts:oidc_anew")})
        return ways

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """No page of the library that is served mails by itself: mail goes by the outbox, and its links begin with SITE_URL."""
        log.error("library_mail_not_sent", template=template_prefix)

    def get_client_ip(self, request: HttpRequest) -> str:
        """What allauth's own limits count by."""
        return visitor.address(request) or visitor.UNKNOWN

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A password, at logging in and when asked again: counted before it is looked at."""
        account = credentials.get("email", "")
        try:
            throttle.take(request, throttle.PASSWORD, account)
            user = super().authenticate(request, **credentials)
            if user is None:
                throttle.failed(request, throttle.PASSWORD, account)
        except throttle.Paused as paused:
            raise ImmediateHttpResponse(paused.page(request)) from paused
        if user is not None:
            throttle.succeeded(request, throttle.PASSWORD, account)
        return user
