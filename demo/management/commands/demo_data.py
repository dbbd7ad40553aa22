from __future__ import annotations

import multiprocessing
import os
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from candidates.models import Candidate
from demo import scaling
from demo.companies import LANES
from demo.fill import FIRST_PEOPLE, STAGES, Filling
from topjob import clock
from topjob.models import DemoFill

LINE_SECONDS = 10
STOPPED = "Het vullen van de voorbeeldwereld is gestopt; een volgende start gaat verder."


class Command(BaseCommand):
    """Fills the voorbeeldwereld through the real actions, from where it stopped. The same seed and day give the same world."""

    help = "Vult een lege database met een voorbeeldwereld, of gaat verder waar dat stopte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--first", action="store_true", help="alleen BinQ-1 en iemand in elke stand")
        parser.add_argument("--scale", type=int, help="daarna kopieën van iedereen, tot er zo veel trajecten zijn")

    def handle(self, *args: Any, seed: int, first: bool, scale: int | None, **options: Any) -> None:
        if settings.TOPJOB_MODE == "production":
            raise CommandError("In productie komen geen voorbeeldgegevens.")
        if Candidate.objects.exists() and not DemoFill.objects.exists():
            raise CommandError("De database is niet leeg.")
        filling = Filling.begin(seed, clock.today())
        filling.hurry()
        if not first:
            os.nice(5)  # whoever is at work in it already goes first
        if filling.fill.seed != seed:
            raise CommandError(f"Hier staat al een voorbeeldwereld met zaad {filling.fill.seed}.")
        for stage in STAGES:
            if not first or stage <= FIRST_PEOPLE:
                self.take_stage(filling, stage)
        if not first and filling.fill.finished_at is None:
            filling.finish()
            self.tell(f"De voorbeeldwereld is compleet: {filling.fill.people} mensen.")
        if scale is not None:
            self.tell(f"{scaling.scale(scale, self.tell)} trajecten erbij.")

    def take_stage(self, filling: Filling, stage: int) -> None:
        """Everything of this stage, its lanes beside each other."""
        lanes = [lane for lane in range(LANES) if filling.waiting(stage, lane)]
        if len(lanes) < 2:
            walk(filling, stage, *lanes)
            return
        connection.close()
        beside = multiprocessing.get_context("fork")
        processes = [
            beside.Process(target=walk_alone, args=(filling, stage, lane, os.getpid()), daemon=True) for lane in lanes
        ]
        for process in processes:
            process.start()
        try:
            self.watch(filling, processes)
        except KeyboardInterrupt:
            raise CommandError(STOPPED) from None

    def watch(self, filling: Filling, processes: list[Any]) -> None:
        """Say how far it is until all are done; when one fails the others are ended, and so is this."""
        told = time.monotonic()
        while any(process.is_alive() for process in processes):
            if any(process.exitcode for process in processes):
                for process in processes:
                    process.terminate()
            if time.monotonic() - told > LINE_SECONDS:
                told = time.monotonic()
                self.tell(f"De voorbeeldwereld: {filling.fill.people_done} van {filling.fill.people} mensen.")
            time.sleep(0.2)
        if any(process.exitcode for process in processes):
            raise CommandError(STOPPED)

    def tell(self, line: str) -> None:
        """Progress, at once also when the output goes to a file."""
        self.stdout.write(f"  {line}")
        self.stdout.flush()


def walk(filling: Filling, stage: int, *lanes: int) -> None:
    for step in filling.waiting(stage, *lanes) if lanes else ():
        filling.take(step)


def walk_alone(filling: Filling, stage: int, lane: int, parent: int) -> None:
    """One lane in a process of its own, that doesn't outlive the command that it works for by more than one person."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    connection.connect()
    filling.hurry()
    for step in filling.waiting(stage, lane):
        if os.getppid() != parent:
            return
        filling.take(step)
