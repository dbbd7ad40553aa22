from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from candidates.models import Candidate
from topjob import clock, outbox
from trajectories.demo.world import build
from trajectories.models import Trajectory


class Command(BaseCommand):
    """Builds a believable Salland world through the real actions. The same seed on the same day gives the same world."""

    help = "Vult een lege database met een voorbeeldwereld."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, seed: int, **options: Any) -> None:
        if settings.TOPJOB_MODE == "production":
            raise CommandError("In productie komen geen voorbeeldgegevens.")
        if Candidate.objects.exists():
            raise CommandError("De database is niet leeg.")
        with transaction.atomic(), outbox.without_hints():
            build(seed, clock.today(), self.tell)
        self.stdout.write(f"Klaar: {Candidate.objects.count()} kandidaten, {Trajectory.objects.count()} trajecten.")

    def tell(self, line: str) -> None:
        """Progress, at once also when the output goes to a file."""
        self.stdout.write(f"  {line}")
        self.stdout.flush()
