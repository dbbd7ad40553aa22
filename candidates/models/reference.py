"""Reference tables about people: who refers, which target groups, which life areas."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.reference import ReferenceRow


class Referrer(ReferenceRow):
    """Verwijzer: who signalled or referred the person (docs/domain.md §2)."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("verwijzer")
        verbose_name_plural = _("verwijzers")


class LifeArea(ReferenceRow):
    """Leefgebied of the Foto, such as wonen, geld, gezondheid op het werk."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("leefgebied")
        verbose_name_plural = _("leefgebieden")


class TargetGroup(ReferenceRow):
    """Doelgroep with its benefit and payer (table 4.2)."""

    class Payer(models.TextChoices):
        UWV = "uwv", _("UWV")
        MUNICIPALITY = "gemeente", _("Gemeente")

    benefit = models.CharField(_("uitkering"), max_length=80, blank=True)
    payer = models.CharField(_("betaler"), max_length=20, choices=Payer)
    needs_wage_value = models.BooleanField(
        _("loonwaarde nodig"),
        default=False,
        help_text=_("Voor Wajong, WIA en beschut werk is loonwaarde verplicht."),
    )
    projects_and_stream_1_only = models.BooleanField(_("alleen leerwerkproject en stroom 1"), default=False)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("doelgroep")
        verbose_name_plural = _("doelgroepen")


class EligibilityRule(models.Model):
    """One cell of table 4.2: target group × age band. Bands are half-open on birthdays: 18–21 is 18 up to and including 20."""

    class Verdict(models.TextChoices):
        YES = "x", _("past")
        PART = "x/–", _("past in een deel van de gevallen")
        NO = "–", _("past niet")

    target_group = models.ForeignKey(
        TargetGroup, on_delete=models.CASCADE, related_name="eligibility_rules", verbose_name=_("doelgroep")
    )
    age_from = models.PositiveSmallIntegerField(_("vanaf leeftijd"))
    age_until = models.PositiveSmallIntegerField(_("tot leeftijd"), null=True, blank=True)
    verdict = models.CharField(_("oordeel"), max_length=3, choices=Verdict)

    class Meta:
        verbose_name = _("regel voor de doelgroep")
        verbose_name_plural = _("regels voor de doelgroep")
        ordering = ["target_group", "age_from"]
        constraints = [
            models.UniqueConstraint(fields=["target_group", "age_from"], name="eligibility_band_once"),
            models.CheckConstraint(
                condition=models.Q(age_until=None) | models.Q(age_until__gt=models.F("age_from")),
                name="eligibility_band_order",
                violation_error_message=_("De leeftijd 'tot' moet hoger zijn dan 'vanaf'."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_group} {self.age_from}–{self.age_until or ''}: {self.verdict}"
