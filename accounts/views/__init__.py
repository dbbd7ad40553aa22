"""The beheerder's pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from topjob.pages import crumbs as trail


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The path to a page under Beheer: (label, URL), the last one without URL."""
    return trail((_("Beheer"), reverse("accounts:manage")), *steps)
