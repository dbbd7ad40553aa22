"""Takes away the second step of somebody who lost it, when no beheerder is left who can do it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import recovering
from accounts.audit import SYSTEM
from accounts.models import User
from topjob.errors import ASK_REASON, Refused


class Command(BaseCommand):
    """As the button of the beheerder does: logged with the reason, sessions ended, a mail to the person."""

    help = "Haalt de tweede stap van iemand weg, voor als er geen andere beheerder is die dat kan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="e-mailadres van het account")
        parser.add_argument(
            "--reason", required=True, help="waarom, en hoe zeker is wie het vraagt; komt in het logboek"
        )

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None or not reason.strip():
            raise CommandError("Geen actief account met dit e-mailadres." if user is None else str(ASK_REASON))
        try:
            recovering.remove_second(user, reason=reason.strip(), by=SYSTEM)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"De tweede stap van {user.email} is weggehaald; er gaat een mail naar dit adres.")
