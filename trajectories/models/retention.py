"""What retention leaves behind: why a file is kept longer, and that a file was destroyed (DECISIONS 11)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate


class LegalHold(models.Model):
    """A person's file is kept longer than its date, for a reason: an objection, a law suit, an audit."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="legal_holds", verbose_name=_("kandidaat")
    )
    reason = models.TextField(_("waarom langer bewaren"))
    placed_at = models.DateTimeField(_("sinds"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("opgeheven op"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("langer bewaren")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"],
                condition=models.Q(lifted_at=None),
                name="one_hold_per_person",
                violation_error_message=_("Dit dossier wordt al langer bewaard."),
            )
        ]


class DestructionRecord(models.Model):
    """Proof that data was destroyed: whose (as numbers), when, by which rule, how much. Never changes."""

    protected_rows = True

    at = models.DateTimeField(_("vernietigd op"))
    # Nobody: the product itself, such as after a restored backup.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    candidate_id = models.BigIntegerField(_("kandidaat"), db_index=True)
    trajectory_ids = models.JSONField(_("trajecten"), default=list)
    registration_ids = models.JSONField(_("aanmeldingen"), default=list)
    # The whole person, or only an older file of someone who is still with us.
    whole_person = models.BooleanField(_("hele dossier van de persoon"))
    kept_until = models.DateField(_("bewaard tot en met"))
    rows = models.JSONField(_("rijen per tabel"))
    files = models.PositiveIntegerField(_("bestanden"))

    class Meta:
        verbose_name = _("vernietiging")
        verbose_name_plural = _("vernietigingen")
        ordering = ["-pk"]
