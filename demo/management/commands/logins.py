"""Prints the demo's logins per role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.people import DEMO_PASSWORD, logins_per_role


class Command(BaseCommand):
    help = "Toont de logins van de demo, per rol."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("In productie zijn er geen demo-logins.")
        groups = logins_per_role()
        if not groups:
            self.stdout.write("Er zijn nog geen demo-logins: draai eerst manage.py demo_data --seed 1.")
            return
        self.stdout.write(f"Logins (wachtwoord voor iedereen: {DEMO_PASSWORD})")
        for group in groups:
            addresses = ", ".join(user.email for user in group.people[:4])
            self.stdout.write(f"  {group.label:<32} {addresses}")
        self.stdout.write(f"Alle logins en de klok: {settings.SITE_URL}/demo/")
