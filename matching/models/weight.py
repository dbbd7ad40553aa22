"""How heavily each criterion counts, per kind of place and per side; the beheerder may change it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import KindOfPlace


class CriterionWeight(models.Model):
    """Weight 0–100 of a criterion. Without a kind of place it is the default; a row with one wins for that kind."""

    kind_of_place = models.ForeignKey(
        KindOfPlace, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("soort plek")
    )
    criterion = models.CharField(_("criterium"), max_length=20)
    person = models.PositiveSmallIntegerField(_("gewicht voor de persoon"), validators=[MaxValueValidator(100)])
    employer = models.PositiveSmallIntegerField(_("gewicht voor de werkgever"), validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = _("gewicht")
        verbose_name_plural = _("gewichten")
        ordering = ["kind_of_place_id", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind_of_place", "criterion"], nulls_distinct=False, name="weight_once_per_kind"
            ),
            models.CheckConstraint(condition=models.Q(person__lte=100, employer__lte=100), name="weight_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.person} / {self.employer}"
