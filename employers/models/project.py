"""Streams of In beweging voor werQ and the learn-work projects (tables 4.1 and 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Region
from accounts.models.reference import ReferenceRow
from employers.models.company import CompanyQuerySet, Employer
from topjob.dates import nl_date
from topjob.pictures import Bar, bars


class Stream(ReferenceRow):
    """Stroom 1, 2 or 3 of table 4.1; each column of the table is a field."""

    number = models.PositiveSmallIntegerField(_("nummer"), unique=True)
    age_from = models.PositiveSmallIntegerField(_("vanaf leeftijd"), default=18)
    age_until = models.PositiveSmallIntegerField(_("tot leeftijd"), null=True, blank=True)
    typical_fte = models.DecimalField(_("gebruikelijke omvang (fte)"), max_digits=3, decimal_places=2, default=1)
    training_months = models.PositiveSmallIntegerField(_("gebruikelijke duur in maanden"), default=12)
    jobcoach_required = models.BooleanField(_("jobcoach verplicht"), default=False)
    who = models.CharField(_("voor wie"), max_length=200, blank=True)
    work = models.TextField(_("werk"), blank=True)
    trial = models.CharField(_("proefperiode"), max_length=200, blank=True)
    support = models.TextField(_("begeleiding"), blank=True)
    training = models.TextField(_("opleiding"), blank=True)
    intake = models.CharField(_("instroom"), max_length=120, blank=True)
    prospect = models.TextField(_("perspectief"), blank=True)
    qualification = models.CharField(_("kwalificatie van het werk"), max_length=120, blank=True)
    good_practice = models.CharField(_("goed voorbeeld"), max_length=160, blank=True)
    plans = models.CharField(_("plannen"), max_length=160, blank=True)
    promising = models.CharField(_("kansrijk"), max_length=160, blank=True)
    clients = models.TextField(_("opdrachtgevers en deelnemers"), blank=True)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("stroom")
        verbose_name_plural = _("stromen")


@dataclass(frozen=True)
class Outcome:
    """What a project came to: the headline figures that partners ask for. None: not known."""

    participants: int | None
    passed: int | None
    diploma: int | None
    jobs: int | None
    is_counted: bool

    @property
    def is_known(self) -> bool:
        return self.participants is not None

    @property
    def steps(self) -> list[Bar]:
        """How many were left at each step, from who began to who has a job."""
        passed, jobs = _("haalden de proefperiode"), _("banen: een contract voor de rest van de opleiding")
        counted = [(_("deelnemers"), self.participants), (passed, self.passed), (_("diploma"), self.diploma)]
        return bars([*counted, (jobs, self.jobs)])


class LearnWorkProjectQuerySet(CompanyQuerySet):
    def open_to(self, employer: Employer) -> LearnWorkProjectQuerySet:
        """Projects that a vacancy of this company can belong to: its own and those without a company yet."""
        return self.filter(models.Q(employer=employer) | models.Q(employer=None))

    def upcoming_intake(self, today: date) -> LearnWorkProjectQuerySet:
        """Adds `next_intake`: the first intake date from today on."""
        following = models.Min("intake_dates__on", filter=models.Q(intake_dates__on__gte=today))
        return self.annotate(next_intake=following)


class LearnWorkProject(models.Model):
    """Leerwerkproject: a group tied to a company. Accepts ages 16 up to and including 26 (R2)."""

    name = models.CharField(_("naam"), max_length=60, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branche"))
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, verbose_name=_("stroom"))
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("leerwerkbedrijf"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("arbeidsmarktregio")
    )
    level = models.CharField(_("niveau"), max_length=40, blank=True)
    place = models.CharField(_("plaats"), max_length=80, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    group_size = models.PositiveSmallIntegerField(
        _("groepsgrootte"), validators=[MinValueValidator(1)], null=True, blank=True
    )
    training_months = models.PositiveSmallIntegerField(_("duur opleiding in maanden"), default=18)
    # Figures of table 4.3, for projects from before this product; the product's own count wins where there is one.
    reported_participants = models.PositiveSmallIntegerField(_("opgegeven deelnemers"), null=True, blank=True)
    reported_jobs = models.PositiveSmallIntegerField(_("opgegeven banen"), null=True, blank=True)
    # Counted and written by trajectories, so that a list of projects needs no join upwards.
    participants_count = models.PositiveSmallIntegerField(_("deelnemers"), default=0, editable=False)
    passed_count = models.PositiveSmallIntegerField(_("proefperiode gehaald"), default=0, editable=False)
    diploma_count = models.PositiveSmallIntegerField(_("diploma"), default=0, editable=False)
    jobs_count = models.PositiveSmallIntegerField(_("banen"), default=0, editable=False)
    is_planned = models.BooleanField(_("gepland, nog niet gestart"), default=False)

    objects = LearnWorkProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("leerwerkproject")
        verbose_name_plural = _("leerwerkprojecten")
        ordering = [models.F("starts_on").desc(nulls_last=True), "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def outcome(self) -> Outcome:
        """The figures counted here, or else those reported from before this product (decision 13)."""
        if self.participants_count:
            counts = (self.participants_count, self.passed_count, self.diploma_count, self.jobs_count)
            return Outcome(*counts, is_counted=True)
        return Outcome(self.reported_participants, None, None, self.reported_jobs, is_counted=False)


class IntakeDate(models.Model):
    """Instroommoment of a project (stream 1: September and February)."""

    project = models.ForeignKey(LearnWorkProject, on_delete=models.CASCADE, related_name="intake_dates")
    on = models.DateField(_("instroomdatum"))

    class Meta:
        verbose_name = _("instroommoment")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "on"],
                name="intake_date_once",
                violation_error_message=_("Deze instroomdatum staat er al."),
            )
        ]

    def __str__(self) -> str:
        return nl_date(self.on)
