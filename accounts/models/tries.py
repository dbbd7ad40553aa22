"""How often somebody tried to get in: a count per account and place, without any name or address in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tries(models.Model):
    """Wrong passwords or codes for one account, from one address, one known device, or all others together.

    `key` is a keyed hash, so that names which nobody has, typed by strangers, are kept nowhere.
    """

    key = models.CharField(_("kenmerk"), max_length=64, unique=True)
    wrong = models.PositiveIntegerField(_("keren mis"), default=0)
    last_at = models.DateTimeField(_("laatste keer"), db_index=True)
    waits_until = models.DateTimeField(_("wacht tot"), null=True, blank=True)

    class Meta:
        verbose_name = _("inlogpogingen")
        verbose_name_plural = _("inlogpogingen")

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.wrong}"
