"""Two files and one person: that they aren't the same, or that they were joined, with every row that moved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models.person import Candidate


class DifferentPeople(models.Model):
    """Somebody looked at two files that are alike and decided that they are of two people. Never changes (R14)."""

    protected_rows = True

    one = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("besloten op"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("besluit dat het twee personen zijn")
        verbose_name_plural = _("besluiten dat het twee personen zijn")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="different_people_are_two")
        ]

    def __str__(self) -> str:
        return f"{self.one_id} – {self.other_id}"
