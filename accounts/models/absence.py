"""Waarneming: a colleague does somebody's work for some days. It begins and ends by its dates alone (R17)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership, User, works_as
from accounts.models.reference import Region
from accounts.models.roles import GUIDE_ROLES
from topjob import clock
from topjob.conditions import OneOf


class DaysOf(models.Func):
    """From the first day to the last, both included."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def between(self, first: date, last: date) -> AbsenceQuerySet:
        """Those that share a day with this period."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def now(self) -> AbsenceQuerySet:
        """Those of today, where whoever covers works here: a cover who left covers for nobody."""
        ref, today = models.OuterRef, clock.today()
        able = Membership.objects.filter(works_as(ref("role"), ref("region")), user=ref("cover"))
        return self.between(today, today).filter(models.Exists(able))

    def of(self, person: Any, role: Any, region: Any) -> AbsenceQuerySet:
        """Of this person's work in this role and region; each may be an expression."""
        return self.filter(person=person, role=role, region=region)


class Absence(models.Model):
    """Somebody's work in one role and region is done by a colleague, from one day to another."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("wie is er niet")
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers", verbose_name=_("wie neemt waar")
    )
    role = models.CharField(_("rol"), max_length=20, choices=[(role.value, role.label) for role in GUIDE_ROLES])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("arbeidsmarktregio"))
    starts_on = models.DateField(_("eerste dag"))
    ends_on = models.DateField(_("laatste dag"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("waarneming")
        verbose_name_plural = _("waarnemingen")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_has_days"),
            models.CheckConstraint(condition=~models.Q(person=models.F("cover")), name="absence_covered_by_another"),
            ExclusionConstraint(
                name="absence_covered_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (DaysOf("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cover} voor {self.person}"


def covered(user: User, person: str, role: str) -> models.Q:
    """Rows of whose `region` this user covers today for whom they name in the field `person`, in this role.

    For whom is asked first, of all regions: that leaves PostgreSQL the index on that field.
    """
    ref, covers = models.OuterRef, Absence.objects.now().filter(cover=user)
    people = covers.filter(role=role).order_by().values("person")
    return models.Q(OneOf(person, people)) & models.Q(models.Exists(covers.of(ref(person), role, ref("region"))))
