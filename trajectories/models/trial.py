"""The trial, the payer's permission, the evaluation and loonwaarde (R6–R8)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from topjob.dates import END_BEFORE_BEGIN
from topjob.errors import ASK_REASON
from trajectories.models.placement import Application
from trajectories.models.plan import EvaluationDate, PlanParty, StartPlan
from trajectories.models.signing import PartyLink
from trajectories.models.trajectory import Trajectory
from trajectories.process.choices import Party
from trajectories.process.periods import weekday_near
from trajectories.process.workflow import Journey, names_of

# What the evaluation of a trial can lead to.
DECISIONS = names_of(Journey.continue_learning, Journey.other_place, Journey.seek_advice)


class PayerPermission(models.Model):
    """The payer's decision on a proefplaatsing with benefit: from, until, or a refusal. Another decision is a new row (R14)."""

    protected_rows = True

    class Kind(models.TextChoices):
        FIRST = "eerste", _("eerste besluit")
        EXTENSION = "verlenging", _("verlenging")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="permissions")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("opdrachtgever"))
    kind = models.CharField(_("soort besluit"), max_length=12, choices=Kind, default=Kind.FIRST)
    is_granted = models.BooleanField(_("toestemming gegeven"), default=True)
    valid_from = models.DateField(_("van"))
    valid_until = models.DateField(_("tot en met"))
    decided_on = models.DateField(_("besluit van"))
    reference = models.CharField(_("kenmerk"), max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("toestemming proefplaatsing")
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="permission_dates",
                violation_error_message=END_BEFORE_BEGIN,
            )
        ]


class TrialPeriod(models.Model):
    """Proefperiode of three calendar months (R6). The database refuses one without three signatures (R4)."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="trials")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="trial")
    plan = models.OneToOneField(StartPlan, on_delete=models.PROTECT, related_name="trial")
    starts_on = models.DateField(_("begint op"))
    months = models.PositiveSmallIntegerField(_("maanden"))
    ends_on = models.DateField(_("eindigt op"))
    broken_off_on = models.DateField(_("afgebroken op"), null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proefperiode")
        verbose_name_plural = _("proefperiodes")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="trial_dates"),
        ]

    @property
    def last_day(self) -> date:
        """R6 end + extension (decision 8)."""
        extensions = [extension.until for extension in self.extensions.all()]
        return max([self.ends_on, *extensions])

    def day_of(self, moment: EvaluationDate) -> date:
        """When a talk of the plan is held now: the last one at the trial's real end, before its weekend; one that was still to
        come when an interruption began moves by as many days as the trial was extended. The signed plan never changes (R5).
        """
        if moment.is_final:
            return weekday_near(self.last_day)
        begun = min((row.starts_on for row in self.interruptions.all()), default=None)
        moves = begun is not None and moment.on >= begun
        return moment.on + (self.last_day - self.ends_on) if moves else moment.on


class TrialExtension(models.Model):
    """A longer trial, after an interruption, with the payer's permission; a row of its own (decision 8)."""

    protected_rows = True

    trial = models.ForeignKey(TrialPeriod, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField(_("verlengd tot en met"))
    permission = models.ForeignKey(
        PayerPermission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("toestemming van de opdrachtgever"),
    )
    reason = models.TextField(_("reden"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("verlenging")
        ordering = ["until"]


class TrialInterruption(models.Model):
    """Somebody couldn't work for a while: from, until, and what kind of reason; never what somebody suffers from.

    The end of the trial stays, unless it is extended (`TrialExtension`).
    """

    class Kind(models.TextChoices):
        ILL = "ziek", _("ziek gemeld")
        LEAVE = "verlof", _("vrij of verlof")
        CLOSED = "bedrijf", _("bedrijf dicht of geen werk")
        PRIVATE = "prive", _("omstandigheden thuis")
        OTHER = "anders", _("iets anders")

    trial = models.ForeignKey(TrialPeriod, on_delete=models.PROTECT, related_name="interruptions")
    kind = models.CharField(_("soort"), max_length=8, choices=Kind)
    starts_on = models.DateField(_("van"))
    ends_on = models.DateField(_("tot en met"), null=True, blank=True)
    reason = models.TextField(_("toelichting"))
    recorded_at = models.DateTimeField(_("vastgelegd op"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("vastgelegd door")
    )

    class Meta:
        verbose_name = _("onderbreking")
        verbose_name_plural = _("onderbrekingen")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="interruption_dates",
                violation_error_message=END_BEFORE_BEGIN,
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="interruption_has_reason"),
            models.UniqueConstraint(
                fields=["trial"],
                condition=models.Q(ends_on=None),
                name="one_open_interruption",
                violation_error_message=_("Er loopt al een onderbreking."),
            ),
        ]

    @property
    def days(self) -> int | None:
        """Calendar days it lasted, both ends included; unknown while it lasts."""
        return (self.ends_on - self.starts_on).days + 1 if self.ends_on else None


class Evaluation(models.Model):
    """The end of the trial: hears all parties (R7). Once decided it never changes (R14)."""

    trial = models.OneToOneField(TrialPeriod, on_delete=models.PROTECT, related_name="evaluation")
    opened_at = models.DateTimeField(_("geopend op"))
    wants_wage_subsidy = models.BooleanField(_("loonkostensubsidie gevraagd"), default=False)
    # R8: where no rule asks for it, the regisseur decides with a reason.
    wage_value_needed = models.BooleanField(_("loonwaarde nodig"), null=True, blank=True)
    wage_value_reason = models.TextField(_("waarom wel of niet"), blank=True)
    decided_at = models.DateTimeField(_("besluit op"), null=True, blank=True)
    decision = models.CharField(_("besluit"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("evaluatie")
        verbose_name_plural = _("evaluaties")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wage_value_needed=None) | ~models.Q(wage_value_reason=""),
                name="wage_value_decision_has_reason",
                violation_error_message=ASK_REASON,
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decision="")
                | models.Q(decided_at__isnull=False, decision__in=list(DECISIONS)),
                name="evaluation_decision_has_moment",
            ),
        ]


class EvaluationView(models.Model):
    """What one party thinks after the trial. Given once, never changed (R7, R14)."""

    protected_rows = True

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="views")
    role = models.CharField(_("partij"), max_length=20, choices=Party)
    party = models.ForeignKey(PlanParty, on_delete=models.PROTECT, related_name="views")
    link = models.OneToOneField(PartyLink, on_delete=models.PROTECT, null=True, blank=True, related_name="view")
    is_positive = models.BooleanField(_("verder samen"))
    went_well = models.TextField(_("wat ging goed"), blank=True)
    can_improve = models.TextField(_("wat kan beter"), blank=True)
    given_at = models.DateTimeField(_("gegeven op"))
    # A guide recorded it on the party's behalf, with a reason and visibly so.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_reason = models.TextField(_("waarom namens de partij"), blank=True)

    class Meta:
        verbose_name = _("oordeel")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "role"], name="view_once_per_party"),
            models.CheckConstraint(
                condition=models.Q(link__isnull=False)
                | models.Q(recorded_by__isnull=False) & ~models.Q(recorded_reason=""),
                name="view_from_party_or_on_behalf",
            ),
        ]


class EvaluationScore(models.Model):
    """Score on one item of the ambition scale (DOMAIN.md §4.5): 1 samen in veiligheid … 5 zelfstandig in de werkelijkheid."""

    protected_rows = True

    view = models.ForeignKey(EvaluationView, on_delete=models.PROTECT, related_name="scores")
    item = models.ForeignKey("trajectories.AmbitionItem", on_delete=models.PROTECT)
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        ordering = ["item__position"]
        constraints = [models.UniqueConstraint(fields=["view", "item"], name="evaluation_score_once")]


class WageValue(models.Model):
    """Loonwaarde: whole percentage, by UWV or gemeente, on a date (R8). A new one is a new row (R14)."""

    protected_rows = True

    class DeterminedBy(models.TextChoices):
        UWV = "uwv", _("UWV")
        MUNICIPALITY = "gemeente", _("Gemeente")

        @classmethod
        def for_people_of(cls, client: Client | None) -> WageValue.DeterminedBy:
            """Who has the wage value of this client's people measured (R8)."""
            return cls.UWV if client and client.is_uwv else cls.MUNICIPALITY

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="wage_values")
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="wage_values"
    )
    percentage = models.PositiveSmallIntegerField(
        _("loonwaarde in procent"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    determined_by = models.CharField(_("vastgesteld door"), max_length=10, choices=DeterminedBy)
    determined_on = models.DateField(_("vastgesteld op"))
    explanation = models.TextField(_("toelichting"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("loonwaarde")
        ordering = ["-determined_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percentage__gte=0, percentage__lte=100),
                name="wage_value_is_percentage",
                violation_error_message=_("Loonwaarde is een percentage van 0 tot en met 100."),
            )
        ]


def _course_of_the_trial() -> tuple[str | models.Prefetch, ...]:
    views = models.Prefetch("trial__evaluation__views", EvaluationView.objects.select_related("recorded_by"))
    return "trial__extensions", "trial__interruptions", views


Application.came_of_it.append(_course_of_the_trial)
