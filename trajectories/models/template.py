"""The texts of the startplan per construction and route, in versions that the beheerder writes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob import clock
from trajectories.models.placement import Construction, Route
from trajectories.placeholders import unknown

if TYPE_CHECKING:
    from trajectories.models.plan import StartPlan

MAX_TEXT = 1500


def known_words_only(text: str) -> None:
    """Refuses a text with a word in braces that nothing can be filled in for."""
    if wrong := unknown(text):
        words = ", ".join(wrong)
        raise ValidationError(
            _("Dit kan niet ingevuld worden: %(words)s. Kies een woord uit de lijst.") % {"words": words}
        )


def text_field(label: object, help_text: object) -> models.TextField:
    return models.TextField(label, max_length=MAX_TEXT, help_text=help_text, validators=[known_words_only])


class PlanTemplateQuerySet(models.QuerySet["PlanTemplate"]):
    def valid_for(self, construction: str, route: str, *, on: date) -> PlanTemplate:
        """The version whose texts a plan gets on this day; a later valid-from wins, then a higher version."""
        rows = self.filter(construction=construction, route=route, valid_from__lte=on)
        found = rows.order_by("-valid_from", "-number").first()
        if found is None:
            raise PlanTemplate.DoesNotExist(f"no texts for construction {construction}, route {route} on {on}")
        return found


class PlanTemplate(models.Model):
    """One version of the texts for one construction and route. Never changes; a better text is a new version."""

    protected_rows = True

    construction = models.CharField(_("constructie"), max_length=1, choices=Construction)
    route = models.CharField(_("route"), max_length=12, choices=Route)
    number = models.PositiveSmallIntegerField(_("versie"))
    valid_from = models.DateField(_("geldig vanaf"))
    opening = text_field(_("Waar dit plan over gaat"), _("De eerste alinea. Twee of drie korte zinnen."))
    trial = text_field(_("Hoe de proefperiode werkt"), _("Wat voor contract, wat met de uitkering."))
    training = text_field(_("Hoe de opleiding werkt"), _("Wat deze route inhoudt."))
    youth_promises = text_field(_("Wat de jongere belooft"), _("Begin elke regel met een streepje."))
    employer_promises = text_field(_("Wat het bedrijf belooft"), _("Begin elke regel met een streepje."))
    coach_promises = text_field(_("Wat jobcoach en regisseur beloven"), _("Begin elke regel met een streepje."))
    trouble = text_field(_("Als het niet goed gaat"), _("Wat de jongere dan doet, en wat er dan gebeurt."))
    afterwards = text_field(_("Wat er na de proefperiode komt"), _("Als iedereen tevreden is, en als dat niet zo is."))
    created_at = models.DateTimeField(_("gemaakt op"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    TEXTS = (
        "opening",
        "trial",
        "training",
        "youth_promises",
        "employer_promises",
        "coach_promises",
        "trouble",
        "afterwards",
    )

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("teksten van het startplan")
        verbose_name_plural = _("teksten van het startplan")
        ordering = ["construction", "route", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["construction", "route", "number"], name="plan_template_version_once")
        ]

    def __str__(self) -> str:
        return f"Startplan constructie {self.construction}, route {self.route}, versie {self.number}"

    @classmethod
    def of(cls, plan: StartPlan) -> PlanTemplate:
        """The texts of a version: those it was sent with; for a draft those that hold today."""
        if plan.template is not None:
            return plan.template
        day = clock.local(plan.sent_at) if plan.sent_at else clock.today()
        return cls.objects.valid_for(plan.construction, plan.route, on=day)
