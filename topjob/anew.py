"""A demo that older migrations made begins anew: until a first release nobody is upgraded (decision 24, ADR 25).

Only the demo of this folder, in the database that runs beside it. One that somebody named is never emptied.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from topjob import embedded, storage

# The migrations begin here; what was made before has others of this app.
BEGINNING = ("accounts", "0002_rules")
BECAUSE = (
    "is gemaakt door een oudere versie van Top Job, met migraties die er niet meer zijn. Tot de eerste uitgave worden oude"
    " databases niet bijgewerkt"
)
BEGINS = f"De demo in deze map {BECAUSE}. Zij begint daarom zelf opnieuw: wat erin stond, is weg."
STOPS = (
    f"de database van DATABASE_URL {BECAUSE}. Zij is niet aangeraakt. Maak een lege database en noem die in DATABASE_URL, of laat"
    " DATABASE_URL weg: dan komt er een demo in deze map."
)


def is_from_before() -> bool:
    """Whether migrations from before the present beginning made this database.

    One that another branch made has that beginning, whatever else it has more or less: it is left as it is.
    """
    loader = MigrationLoader(connection)
    recorded, known = set(loader.applied_migrations or ()), set(loader.disk_migrations or ())
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    return BEGINNING not in recorded and any(app in ours for app, _name in recorded - known)


def begin(home: Path, services: dict[str, bool]) -> None:
    """Throw away what the demo made: files first, so that an interrupted start finds the old database and does it again."""
    storage.remove_all()
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    # Where its clock stood, and whom its retention destroyed: numbers of people of that database. What was named elsewhere stays.
    for path in map(Path, filter(None, (settings.CLOCK_FILE, settings.DESTRUCTION_JOURNAL))):
        if path.resolve().is_relative_to(settings.VAR_DIR.resolve()):
            path.unlink(missing_ok=True)
    connection.close()
    embedded.empty(home, services)
