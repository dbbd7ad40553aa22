"""Lets work that was given up be tried again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.audit import SYSTEM
from topjob.errors import Refused
from topjob.models import OutboxMessage


class Command(BaseCommand):
    """Work that was given up (`--all`), or the named pieces. What is uncertain goes by number only: it may have arrived."""

    help = "Zet opgegeven werk weer in de rij: met nummers, of met --all al het opgegeven werk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="nummer")
        parser.add_argument("--all", action="store_true", help="al het opgegeven werk")

    def handle(self, *args: Any, ids: list[int], all: bool, **options: Any) -> None:
        if bool(ids) == all:
            raise CommandError("Geef nummers van werk, of --all.")
        dead = OutboxMessage.objects.filter(outcome=OutboxMessage.Outcome.DEAD)
        chosen = dead if all else OutboxMessage.objects.filter(pk__in=ids)
        messages = list(chosen.order_by("pk"))
        if missing := sorted(set(ids) - {message.pk for message in messages}):
            raise CommandError(f"Dit werk bestaat niet: {', '.join(map(str, missing))}.")
        refused = [message.pk for message in messages if not self.requeue(message)]
        self.stdout.write(f"{len(messages) - len(refused)} stuks werk opnieuw in de rij.")
        if refused:
            raise CommandError(f"Niet nodig, gedaan of nog aan het wachten: {', '.join(map(str, refused))}.")

    def requeue(self, message: OutboxMessage) -> bool:
        try:
            actions.requeue_message(message, by=SYSTEM)
        except Refused:
            return False
        self.stdout.write(f"{message.pk}  {message.handler}  {message.key}  ({message.error[:100]})")
        return True
