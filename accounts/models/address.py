"""Somebody wants another e-mail address: who is who changes only when both mailboxes agree."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AddressChange(models.Model):
    """A change of address that was asked by its owner. Each mailbox gets a signed link of its own; nothing secret is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_changes")
    old_email = models.EmailField(_("oud e-mailadres"))
    new_email = models.EmailField(_("nieuw e-mailadres"))
    asked_at = models.DateTimeField(_("gevraagd op"))
    old_agreed_at = models.DateTimeField(_("bevestigd vanuit het oude adres"), null=True, blank=True)
    new_agreed_at = models.DateTimeField(_("bevestigd vanuit het nieuwe adres"), null=True, blank=True)
    ended_at = models.DateTimeField(_("klaar op"), null=True, blank=True)

    class Meta:
        verbose_name = _("adreswijziging")
        verbose_name_plural = _("adreswijzigingen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at=None), name="address_change_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_agreed(self) -> bool:
        return bool(self.old_agreed_at and self.new_agreed_at)
