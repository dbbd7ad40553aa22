"""Around the views of the evaluation: examples on the ambition scale, answers not yet sent, who didn't come (R7)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from trajectories.models.followup import AmbitionItem
from trajectories.models.plan import PlanParty
from trajectories.models.trial import Evaluation
from trajectories.process.choices import Party

ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class AmbitionStep(models.Model):
    """What a figure on the ambition scale looks like at work, in plain words (B1) that fit youth and employer alike."""

    item = models.ForeignKey(
        AmbitionItem, on_delete=models.CASCADE, related_name="steps", verbose_name=_("onderdeel van de ambitieschaal")
    )
    score = models.PositiveSmallIntegerField(_("cijfer"), validators=ONE_TO_FIVE)
    example = models.CharField(_("voorbeeld"), max_length=160)

    class Meta:
        verbose_name = _("voorbeeld op de ambitieschaal")
        verbose_name_plural = _("voorbeelden op de ambitieschaal")
        ordering = ["item__position", "score"]
        constraints = [
            models.UniqueConstraint(fields=["item", "score"], name="ambition_step_once"),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="ambition_step_on_scale"),
        ]


class ViewDraft(models.Model):
    """The answers of a party so far. Kept at every press, so that nothing typed is lost; gone once the view is given."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="drafts")
    role = models.CharField(_("partij"), max_length=20, choices=Party)
    is_positive = models.BooleanField(_("verder samen"), null=True, blank=True)
    went_well = models.TextField(_("wat ging goed"), blank=True)
    can_improve = models.TextField(_("wat kan beter"), blank=True)
    changed_at = models.DateTimeField(_("laatst gewijzigd"))

    class Meta:
        verbose_name = _("oordeel in de maak")
        constraints = [models.UniqueConstraint(fields=["evaluation", "role"], name="view_draft_once_per_party")]


class DraftScore(models.Model):
    """One answer on the ambition scale that isn't sent yet."""

    draft = models.ForeignKey(ViewDraft, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(AmbitionItem, on_delete=models.CASCADE)
    score = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "item"], name="draft_score_once"),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="draft_score_on_scale"),
        ]


class NoShow(models.Model):
    """A party didn't come to the evaluation talk: why, and what follows. Never changed afterwards (R14)."""

    protected_rows = True

    class Cause(models.TextChoices):
        SILENT = "geen_bericht", _("niet gekomen, geen bericht")
        CANCELLED = "afgezegd", _("afgezegd")
        ABSENT = "afwezig", _("kon niet komen (ziek, vrij of andere afwezigheid)")
        UNREACHABLE = "onbereikbaar", _("niet te bereiken")

    class Follows(models.TextChoices):
        AGAIN = "opnieuw", _("een nieuw gesprek, met een nieuwe link")
        ON_BEHALF = "namens", _("een begeleider vult het oordeel in, na overleg met de partij")
        WITHOUT = "zonder", _("besluiten zonder dit oordeel: er volgt geen contract")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="no_shows")
    party = models.ForeignKey(PlanParty, on_delete=models.PROTECT, related_name="no_shows")
    role = models.CharField(_("partij"), max_length=20, choices=Party)
    on = models.DateField(_("wanneer"))
    cause = models.CharField(_("wat is er gebeurd"), max_length=14, choices=Cause)
    reason = models.TextField(_("toelichting"))
    follows = models.CharField(_("wat volgt"), max_length=8, choices=Follows)
    again_on = models.DateField(_("nieuw gesprek op"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("vastgelegd op"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("niet gekomen")
        verbose_name_plural = _("niet gekomen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="no_show_has_reason"),
            models.CheckConstraint(
                condition=models.Q(follows="opnieuw", again_on__isnull=False)
                | ~models.Q(follows="opnieuw") & models.Q(again_on=None),
                name="no_show_again_has_day",
                violation_error_message=_("Kies de dag van het nieuwe gesprek."),
            ),
            models.CheckConstraint(
                condition=models.Q(again_on=None) | models.Q(again_on__gte=models.F("on")), name="no_show_dates"
            ),
        ]

    @property
    def is_gone_without(self) -> bool:
        """The decision is taken without this party's view."""
        return self.follows == self.Follows.WITHOUT
