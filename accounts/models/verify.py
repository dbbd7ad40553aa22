"""What the nightly check found: the beheerder sees it, the next check compares with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VerifyRun(models.Model):
    """One check of the whole: when, how much it found, and where the chain of the log stood then."""

    started_at = models.DateTimeField(_("begonnen op"))
    ended_at = models.DateTimeField(_("klaar op"))
    finding_count = models.PositiveIntegerField(_("bevindingen"))
    chain_length = models.BigIntegerField(_("schakels in het logboek"), default=0)
    readings_length = models.BigIntegerField(_("zegels onder inzagen"), default=0)
    readings_head = models.CharField(_("laatste zegel onder inzagen"), max_length=64, blank=True)
    unsealed = models.BigIntegerField(_("regels die nog niet in de ketting staan"), default=0)
    chain_head = models.CharField(_("laatste vingerafdruk"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("controle")
        verbose_name_plural = _("controles")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}: {self.finding_count}"


class VerifyFinding(models.Model):
    """One thing that isn't as it should be. Ids only, no names."""

    run = models.ForeignKey(VerifyRun, on_delete=models.CASCADE, related_name="findings")
    check_name = models.CharField(_("controle"), max_length=40)
    text = models.TextField(_("bevinding"))

    class Meta:
        verbose_name = _("bevinding")
        verbose_name_plural = _("bevindingen")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
