"""What somebody is still filling in, kept while they type: it outlives the browser and logging out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormDraft(models.Model):
    """Concept: what one person typed so far in a form for something new; sealed, and for nobody else's eyes."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts")
    # The address of the page with the form.
    page = models.CharField(_("pagina"), max_length=200)
    sealed = models.TextField(_("verzegelde inhoud"))
    saved_at = models.DateTimeField(_("bewaard op"))

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepten")
        constraints = [models.UniqueConstraint(fields=["owner", "page"], name="one_draft_per_page")]

    def __str__(self) -> str:
        return f"{self.page} {self.saved_at:%Y-%m-%d}"
