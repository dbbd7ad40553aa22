"""The rules of today as data: value, valid-from, source, override per opdrachtgever (RULES-2026.md)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organisation


class LawSetting(models.Model):
    """One value of a rule from one day on; a row with a client overrides the general one for that client."""

    class Key(models.TextChoices):
        TRIAL_MONTHS = "proefperiode_maanden", _("Proefperiode: aantal kalendermaanden (R6)")
        PERMISSION_MONTHS = "proefplaatsing_maanden", _("Proefplaatsing met uitkering: maanden per besluit")
        PERMISSION_MAX_MONTHS = "proefplaatsing_maximaal", _("Proefplaatsing: maanden ten hoogste, met verlenging")
        PERMISSION_MODE = "proefplaatsing_zonder_besluit", _("Start zonder besluit: blokkeren of waarschuwen")
        PERMISSION_WARN_DAYS = "proefplaatsing_waarschuwing", _("Waarschuwing vóór het einde van het besluit, in dagen")
        RETENTION_MONTHS = "bewaartermijn_maanden", _("Bewaartermijn na sluiting, in maanden")
        AFTERCARE_MONTHS = "nazorg_maanden", _("Nazorg ten hoogste, in maanden (R12)")
        CONTRACT_MIN_MONTHS = "leerwerk_minimaal", _("Leerwerkcontract ten minste, in maanden (R9)")
        CONTRACT_MAX_MONTHS = "leerwerk_maximaal", _("Leerwerkcontract ten hoogste, in maanden (R9)")
        NOTICE_MONTHS = "aanzegtermijn_maanden", _("Aanzegtermijn, in maanden")
        LINK_DAYS = "tekenlink_dagen", _("Geldigheid van een ondertekenlink, in dagen")
        BSN_ALLOWED = "bsn_toegestaan", _("BSN vastleggen")
        MINIMUM_WAGE = "minimumloon_uur", _("Wettelijk minimumloon per uur (21 jaar en ouder)")
        LKS_MAX = "lks_maximaal", _("Loonkostensubsidie ten hoogste, in procent")
        QUOTA_ACTIVE = "quotum_actief", _("Quotum arbeidsbeperkten actief")

    class Certainty(models.TextChoices):
        VERIFIED = "V", _("nagelezen in de bron")
        GENERAL = "G", _("controleer")

    key = models.CharField(_("regel"), max_length=40, choices=Key)
    value = models.CharField(_("waarde"), max_length=40)
    valid_from = models.DateField(_("geldig vanaf"))
    client = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Organisation.Kind.CLIENT},
        verbose_name=_("alleen voor opdrachtgever"),
    )
    source = models.CharField(_("bron"), max_length=200)
    certainty = models.CharField(_("zekerheid"), max_length=1, choices=Certainty, default=Certainty.GENERAL)
    legal_basis = models.CharField(_("grondslag"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("instelling")
        verbose_name_plural = _("instellingen")
        ordering = ["key", "client", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "client", "valid_from"],
                nulls_distinct=False,
                name="law_setting_once_per_day",
                violation_error_message=_("Er is al een waarde met deze ingangsdatum."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.value}"
