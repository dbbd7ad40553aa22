"""Who may make an account: nobody by themselves. Staff make accounts; candidates come in through a personal link."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """allauth without self sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether somebody may be sent there; what is no address at all (`//[`) is nowhere."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False
