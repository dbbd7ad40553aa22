#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL the embedded PostgreSQL runs for as long as the command does."""

import os
import sys
from contextlib import nullcontext

OWNER_COMMANDS = {"migrate", "grant_roles", "sqlflush", "flush"}
WITHOUT_DATABASE = {"help", "--help", "--version", "check", "collectstatic", "test_settings"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "topjob.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS or "--scale" in sys.argv:
        os.environ.setdefault("TOPJOB_DB_ROLE", "owner")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        services = nullcontext() if command in WITHOUT_DATABASE else embedded_services()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    with services:
        execute_from_command_line(sys.argv)


def embedded_services():
    from topjob import embedded
    from topjob.settings import EMBEDDED, SERVICES_HOME

    return embedded.attached(SERVICES_HOME, EMBEDDED)


if __name__ == "__main__":
    main()
