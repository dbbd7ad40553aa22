from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.imports import BadLine, import_postcodes


class Command(BaseCommand):
    help = "Laadt punten van postcodegebieden uit een CSV met postcode, woonplaats, latitude, longitude."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_postcodes(options["file"])
        except BadLine as error:
            raise CommandError(str(error)) from error
        for line in report.errors:
            self.stderr.write(line)
        self.stdout.write(f"{report.read} regels gelezen, {report.kept} opgeslagen, {len(report.errors)} fout.")
        if report.errors and not report.kept:
            raise CommandError("Geen enkele regel was goed.")
