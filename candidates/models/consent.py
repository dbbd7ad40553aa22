"""What a person agreed to share, with whom, until when (R16)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from candidates.models.person import Candidate


class ConsentQuerySet(models.QuerySet["Consent"]):
    def valid(self) -> ConsentQuerySet:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """Toestemming to share parts of the file with one employer; can be withdrawn at any time, and changes in nothing else."""

    class Channel(models.TextChoices):
        CONVERSATION = "gesprek", _("mondeling, in een gesprek")
        PAPER = "papier", _("op papier")
        PORTAL = "portaal", _("zelf, in Mijn traject")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("werkgever")
    )
    # Nothing is agreed before somebody says so (AVG, artikel 4 lid 11): no box is ticked beforehand.
    share_contact = models.BooleanField(_("naam en contactgegevens"), default=False)
    share_cv = models.BooleanField(_("CV: ervaring en opleiding"), default=False)
    share_portfolio = models.BooleanField(_("portfolio"), default=False)
    share_support = models.BooleanField(_("wat nodig is op het werk"), default=False)
    # That an arrangement (no-riskpolis, loonkostensubsidie) is possible tells of a handicap or a benefit: a yes of its own.
    share_arrangements = models.BooleanField(
        _("regelingen en subsidies voor de werkgever"),
        default=False,
        help_text=_(
            "De werkgever ziet dan bijvoorbeeld een no-riskpolis of loonkostensubsidie. Daaruit blijkt dat iemand een"
            " beperking heeft of een uitkering had. Leg dat uit en vraag het apart."
        ),
    )
    given_at = models.DateTimeField(_("gegeven op"))
    channel = models.CharField(_("hoe gegeven"), max_length=10, choices=Channel)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("ingetrokken op"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("toestemming")
        verbose_name_plural = _("toestemmingen")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "organisation"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once_per_employer",
                violation_error_message=_("Er is al toestemming voor deze werkgever."),
            )
        ]

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_at is None

    @property
    def shares(self) -> list[str]:
        """Codes of what is shared."""
        parts = ("contact", "cv", "portfolio", "support", "arrangements")
        return [part for part in parts if getattr(self, f"share_{part}")]

    @property
    def shares_in_words(self) -> str:
        """What is shared, as people read it."""
        names = {field.name: str(field.verbose_name) for field in self._meta.fields}
        labels = [names[f"share_{part}"] for part in self.shares]
        return ", ".join(labels) or str(_("niets"))
