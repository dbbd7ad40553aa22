"""Who may make an account: nobody by themselves. Staff make accounts; candidates come in through a personal link."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """allauth without self sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
