"""Measuring loonwaarde per main task, with the views of both parties (Besluit loonkostensubsidie; R8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob.names import NameField
from trajectories.models.trajectory import Trajectory
from trajectories.models.trial import Evaluation, WageValue
from trajectories.process.choices import Party

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def percentage(label: StrOrPromise, **options: Any) -> models.PositiveSmallIntegerField:
    """A whole percentage from 0 up to and including 100."""
    return models.PositiveSmallIntegerField(label, validators=[MaxValueValidator(100)], **options)


class WageAssessment(models.Model):
    """One measurement: kept at every step, so that it can be interrupted; fixed once the outcome is settled."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="wage_assessments")
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reference_function = models.CharField(
        _("normfunctie"),
        max_length=160,
        blank=True,
        help_text=_("De gewone functie waarmee wordt vergeleken, zoals “medewerker magazijn”."),
    )
    determined_by = models.CharField(_("vastgesteld door"), max_length=10, choices=WageValue.DeterminedBy, blank=True)
    measured_by = NameField(_("gemeten door (loonwaardedeskundige)"), max_length=120, blank=True)
    measured_on = models.DateField(_("gemeten op"), null=True, blank=True)
    explanation = models.TextField(_("toelichting"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("laatst gewijzigd"))
    finished_at = models.DateTimeField(_("vastgesteld op"), null=True, blank=True)
    value = models.OneToOneField(
        WageValue,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessment",
        verbose_name=_("uitkomst"),
    )

    class Meta:
        verbose_name = _("loonwaardemeting")
        verbose_name_plural = _("loonwaardemetingen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"], condition=models.Q(finished_at=None), name="one_open_wage_assessment"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None, value=None)
                | models.Q(finished_at__isnull=False, value__isnull=False, measured_on__isnull=False)
                & ~models.Q(measured_by="")
                & ~models.Q(determined_by=""),
                name="wage_assessment_finished_is_whole",
            ),
        ]


class WageTask(models.Model):
    """A main task: its share of the time, and pace, quality and net working time compared with the reference function."""

    assessment = models.ForeignKey(WageAssessment, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("hoofdtaak"), max_length=120)
    share = percentage(_("deel van de tijd (%)"))
    pace = percentage(_("tempo (%)"), null=True, blank=True)
    pace_why = models.TextField(_("waaraan is dat te zien?"), blank=True)
    quality = percentage(_("kwaliteit (%)"), null=True, blank=True)
    quality_why = models.TextField(_("waaraan is dat te zien?"), blank=True)
    net_time = percentage(_("netto werktijd (%)"), null=True, blank=True)
    net_time_why = models.TextField(_("waaraan is dat te zien?"), blank=True)

    class Meta:
        verbose_name = _("hoofdtaak")
        verbose_name_plural = _("hoofdtaken")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "position"], name="wage_task_once"),
            models.CheckConstraint(condition=models.Q(share__gte=1, share__lte=100), name="wage_task_share"),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{name: None}) | models.Q(**{f"{name}__gte": 0, f"{name}__lte": 100}),
                    name=f"wage_task_{name}",
                )
                for name in ("pace", "quality", "net_time")
            ),
        ]

    @property
    def is_measured(self) -> bool:
        """All three are there, each with what it rests on."""
        figures = (self.pace, self.quality, self.net_time)
        return None not in figures and all(
            text.strip() for text in (self.pace_why, self.quality_why, self.net_time_why)
        )


class WageOpinion(models.Model):
    """Zienswijze: whether a party agrees with what was found, in its own words, and who wrote it down."""

    PARTIES = (Party.EMPLOYER, Party.YOUTH)

    assessment = models.ForeignKey(WageAssessment, on_delete=models.CASCADE, related_name="opinions")
    role = models.CharField(_("partij"), max_length=20, choices=Party)
    agrees = models.BooleanField(_("eens met de bevindingen"))
    words = models.TextField(_("zienswijze"), blank=True)
    given_on = models.DateField(_("gegeven op"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("zienswijze")
        verbose_name_plural = _("zienswijzen")
        ordering = ["-role"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "role"], name="wage_opinion_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["werkgever", "jongere"]), name="wage_opinion_of_employer_or_youth"
            ),
            models.CheckConstraint(
                condition=models.Q(agrees=True) | ~models.Q(words=""), name="wage_opinion_against_has_words"
            ),
        ]
