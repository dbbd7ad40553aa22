"""The beheerder's pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The path to a page under Beheer: (label, URL), the last one without URL."""
    start = {"label": _("Beheer"), "url": reverse("accounts:manage")}
    return [start, *({"label": str(label), "url": url} for label, url in steps)]
