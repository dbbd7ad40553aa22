"""The beheerder's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from topjob.pages import crumbs as trail

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def crumbs(*steps: tuple[StrOrPromise, str]) -> list[dict[str, str]]:
    """The path to a page under Beheer: (label, URL), the last one without URL."""
    return trail((_("Beheer"), reverse("accounts:manage")), *steps)
