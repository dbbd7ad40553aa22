"""Kinds of agreement by which somebody starts without a trial: the place decides what can be agreed (docs/domain.md §1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import KindOfPlace
from accounts.models.reference import ReferenceRow
from trajectories.models.template import UNPAID, PaperKind


class AgreementKindQuerySet(models.QuerySet["AgreementKind"]):
    def in_use(self) -> AgreementKindQuerySet:
        """What is still agreed; old contracts may name another."""
        return self.filter(is_active=True)

    def at(self, kind: KindOfPlace) -> AgreementKindQuerySet:
        """What can be agreed for a place of this kind now."""
        return self.in_use().filter(kinds_of_place=kind)


class AgreementKind(ReferenceRow):
    """What two parties agree on: an arbeidsovereenkomst pays a wage, a volunteer gets an allowance at the most."""

    class Pays(models.TextChoices):
        WAGE = "loon", _("loon")
        VOLUNTEER = "vrijwilligersvergoeding", _("vrijwilligersvergoeding, of niets")
        ALLOWANCE = "vergoeding", _("vergoeding, of niets")
        NOTHING = "niets", _("niets")

    pays = models.CharField(
        _("wat iemand krijgt"),
        max_length=24,
        choices=Pays,
        help_text=_("Een vrijwilligersvergoeding heeft een maximum per uur, maand en jaar: zie de regels van vandaag."),
    )
    paper = models.CharField(
        _("document"),
        max_length=16,
        choices=[(kind.value, kind.label) for kind in (PaperKind.DIRECT, *UNPAID)],
        help_text=_("De teksten waarmee het op papier komt."),
    )
    ends = models.BooleanField(
        _("altijd met een laatste dag"),
        default=True,
        help_text=_("Zoals een stage: die duurt niet voor onbepaalde tijd."),
    )
    kinds_of_place = models.ManyToManyField(
        KindOfPlace,
        blank=True,
        related_name="agreements",
        verbose_name=_("soorten plek"),
        help_text=_("Bij welke plekken je dit kunt kiezen."),
    )

    objects = AgreementKindQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        verbose_name = _("soort overeenkomst")
        verbose_name_plural = _("soorten overeenkomst")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pays="loon", paper="direct")
                | models.Q(pays="vrijwilligersvergoeding", paper="vrijwilliger")
                | models.Q(pays="vergoeding", paper__in=["stage", "werkervaring", "leren"])
                | models.Q(models.Q(pays="niets"), ~models.Q(paper="direct")),
                name="agreement_says_what_it_pays",
                violation_error_message=_("Dit document past niet bij wat iemand krijgt."),
            )
        ]

    @property
    def pays_wage(self) -> bool:
        """An arbeidsovereenkomst: the minimum wage, probation and notice of the law hold (WML, BW 7)."""
        return self.pays == self.Pays.WAGE

    @property
    def is_volunteering(self) -> bool:
        """What somebody gets has the maxima of a volunteer."""
        return self.pays == self.Pays.VOLUNTEER

    @property
    def allows_allowance(self) -> bool:
        return self.pays in (self.Pays.VOLUNTEER, self.Pays.ALLOWANCE)
