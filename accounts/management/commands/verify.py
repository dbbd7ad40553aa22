"""Looks whether everything is still as it should be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import verify


class Command(BaseCommand):
    """Exit status 0: nothing found; 1: something was, one line each. The outcome also stands under Beheer."""

    help = "Controleert logboek, bestanden, termijnen en de afspraken van elk traject."

    def handle(self, *args: Any, **options: Any) -> None:
        run = verify.verify()
        found: dict[str, list[str]] = {}
        for finding in run.findings.all():
            found.setdefault(finding.check_name, []).append(finding.text)
        for check in verify.all_checks():
            lines = found.get(check.name, [])
            self.stdout.write(f"{'FOUT' if lines else 'goed'}  {check.label}")
            for line in lines:
                self.stdout.write(f"      {line}")
        self.stdout.write(f"Logboek: {run.chain_length} schakels, laatste vingerafdruk {run.chain_head or '–'}.")
        self.stdout.write(f"Nog niet in de ketting: {run.unsealed} regels, van na het begin van deze controle.")
        if run.finding_count:
            self.stderr.write(f"{run.finding_count} bevindingen.")
            raise SystemExit(1)
        self.stdout.write("Alles klopt.")
