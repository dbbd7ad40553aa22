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
    """Whether our migrations that made this database are gone, and others have come in their place.

    A database that is only ahead, of a version with more migrations, has all of these: it is left as it is.
    """
    loader = MigrationLoader(connection)
    recorded, known = set(loader.applied_migrations or ()), set(loader.disk_migrations or ())
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    gone = {app for app, name in recorded - known if app in ours}
    return any(app in gone for app, name in known - recorded)


def begin(home: Path, services: dict[str, bool]) -> None:
    """Throw away what the demo made: files first, so that an interrupted start finds the old database and does it again."""
    storage.remove_all()
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    # Where its clock stood, and whom its retention destroyed: numbers of people of that database.
    for path in filter(None, (settings.CLOCK_FILE, settings.DESTRUCTION_JOURNAL)):
        Path(path).unlink(missing_ok=True)
    connection.close()
    embedded.empty(home, services)
