"""allauth's forms where they need our way of counting and mailing."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django.http import HttpRequest

from accounts.models import User
from topjob import clock, outbox


class ResetPasswordForm(allauth.ResetPasswordForm):
    """Asks for a new password. The mail goes by the outbox, so nobody waits for the mail server and nobody sees who is known."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = self.cleaned_data["email"].lower()
        user = User.objects.filter(email=email, is_active=True).first()
        if user is not None:
            minute = clock.now().strftime("%Y%m%d%H%M")
            outbox.enqueue("accounts.password_reset", key=f"reset-{user.pk}-{minute}", user=user.pk)
        return email
