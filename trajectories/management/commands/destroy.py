"""Destroys files whose retention is over, or shows which."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from topjob.destroyer import NoDestroyer
from trajectories.keeping import retention


class Command(BaseCommand):
    """Without options it only shows. `--again` destroys what a restored backup brought back (fault 28)."""

    help = "Toont welke dossiers vernietigd mogen worden; met --now worden ze vernietigd."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="vernietig wat mag")
        parser.add_argument("--again", action="store_true", help="vernietig wat na een teruggezette back-up terug is")

    def handle(self, *args: Any, now: bool, again: bool, **options: Any) -> None:
        try:
            if again:
                done = [pk for pk in retention.came_back() if retention.destroy_person(pk, by=None)]
            elif now:
                done = retention.destroy_due(by=None)
            else:
                self.show()
                return
        except NoDestroyer as error:
            raise CommandError(
                "Er is geen aparte databaserol om te vernietigen: zet DATABASE_DESTROYER_URL."
            ) from error
        self.stdout.write(f"Vernietigd: {', '.join(map(str, done)) or 'niets'}.")
        if again and (left := retention.came_back()):
            raise CommandError(f"Staat er nog: {', '.join(map(str, left))} (langer bewaren, of nog niet aan de beurt).")

    def show(self) -> None:
        for due in retention.due_files():
            what = "hele dossier" if due.whole_person else "alleen dit dossier"
            self.stdout.write(
                f"kandidaat {due.candidate_id}: trajecten {list(due.trajectory_ids)}, aanmeldingen "
                f"{list(due.registration_ids)}, bewaard tot en met {due.kept_until:%d-%m-%Y}, {what}"
            )
