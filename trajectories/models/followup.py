"""After the trial: coaching, qualification, advice, aftercare and the closing of the file."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.reference import ReferenceRow
from candidates.models import ContactMoment
from topjob.errors import ASK_REASON
from trajectories.models.placement import Contract, Level
from trajectories.models.plan import LearningGoal
from trajectories.models.trajectory import Trajectory
from trajectories.process.choices import Direction


class AmbitionItem(ReferenceRow):
    """One item of the ambition scale (DOMAIN.md §4.5), with what it looks like in words for the youth."""

    question = models.CharField(_("in gewone woorden"), max_length=200)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("onderdeel van de ambitieschaal")
        verbose_name_plural = _("ambitieschaal")


class CoachingSession(models.Model):
    """Jobcoachgesprek with progress on the ambition scale."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="coaching_sessions")
    on = models.DateField(_("datum"))
    field = models.CharField(_("waar ging het over"), max_length=12, choices=LearningGoal.Field)
    notes = models.TextField(_("verslag"))
    agreements = models.TextField(_("afspraken"), blank=True)
    next_on = models.DateField(_("volgend gesprek"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("jobcoachgesprek")
        verbose_name_plural = _("jobcoachgesprekken")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(next_on=None) | models.Q(next_on__gt=models.F("on")),
                name="coaching_next_later",
                violation_error_message=_("Het volgende gesprek moet later zijn."),
            )
        ]


class CoachingScore(models.Model):
    """Score on one ambition item at one session, 1 to 5."""

    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(AmbitionItem, on_delete=models.PROTECT)
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        ordering = ["item__position"]
        constraints = [models.UniqueConstraint(fields=["session", "item"], name="coaching_score_once")]


class Qualification(models.Model):
    """A certificate, startkwalificatie or diploma that was gained."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="qualifications")
    level = models.CharField(_("niveau"), max_length=20, choices=Level)
    name = models.CharField(_("naam van het diploma"), max_length=160)
    on = models.DateField(_("behaald op"))
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kwalificatie")
        ordering = ["-on", "-pk"]


class TrainingEnd(models.Model):
    """Why the training ended: qualified, contract over, or early with a reason (R11)."""

    class Kind(models.TextChoices):
        QUALIFIED = "gekwalificeerd", _("diploma of startkwalificatie gehaald")
        CONTRACT_OVER = "einde_contract", _("einde van het contract")
        EARLY = "eerder", _("eerder gestopt")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="training_ends")
    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="training_end")
    kind = models.CharField(_("waarom"), max_length=15, choices=Kind)
    on = models.DateField(_("laatste dag"))
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reden"), blank=True)

    class Meta:
        verbose_name = _("einde van de opleiding")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="eerder") | ~models.Q(reason=""),
                name="early_end_has_reason",
                violation_error_message=ASK_REASON,
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="gekwalificeerd") | models.Q(qualification__isnull=False),
                name="qualified_end_has_qualification",
                violation_error_message=_("Kies het diploma dat is behaald."),
            ),
        ]

    @property
    def is_with_contract(self) -> bool:
        """It ended because the contract did."""
        return self.kind == self.Kind.CONTRACT_OVER


class QuickScan(models.Model):
    """Quick-scan at the Adviespunt: where does someone stand, in six scores. Another one is a new row (R14)."""

    protected_rows = True

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="quick_scans")
    on = models.DateField(_("datum"))
    craft = models.PositiveSmallIntegerField(
        _("vakmanschap (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    personal = models.PositiveSmallIntegerField(
        _("persoonlijk functioneren (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    learning = models.PositiveSmallIntegerField(
        _("leren (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    independence = models.PositiveSmallIntegerField(
        _("zelfstandigheid (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    labour_market = models.PositiveSmallIntegerField(
        _("kans op werk (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    motivation = models.PositiveSmallIntegerField(
        _("motivatie (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    conclusion = models.TextField(_("conclusie"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("quick-scan")
        ordering = ["-on", "-pk"]


class Advice(models.Model):
    """Advies a–d, with e (housing and leisure) always beside one of them. Once given it never changes (R14)."""

    Direction = Direction

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="advices")
    quick_scan = models.ForeignKey(QuickScan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    talk = models.ForeignKey(ContactMoment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    direction = models.CharField(_("advies"), max_length=1, choices=Direction)
    housing_and_leisure = models.BooleanField(_("e: daarnaast wonen en vrije tijd"), default=False)
    destination = models.CharField(_("bestemming"), max_length=160, blank=True)
    next_level = models.CharField(_("volgend niveau"), max_length=20, choices=Level, blank=True)
    plan = models.TextField(_("plan"))
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("vastgesteld op"), null=True, blank=True)

    class Meta:
        verbose_name = _("advies")
        verbose_name_plural = _("adviezen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(direction=Direction.OTHER_CHOICE) | ~models.Q(destination=""),
                name="other_choice_has_destination",
                violation_error_message=_("Vul in waar iemand naartoe gaat."),
            ),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(given_at=None),
                name="one_advice_in_the_making",
                violation_error_message=_("Er is al een advies in voorbereiding."),
            ),
        ]


class Aftercare(models.Model):
    """Nazorg of at most twelve months (R12)."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="aftercares")
    starts_on = models.DateField(_("begint op"))
    ends_on = models.DateField(_("eindigt op"))
    stopped_on = models.DateField(_("gestopt op"), null=True, blank=True)

    class Meta:
        verbose_name = _("nazorg")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="aftercare_dates"),
            models.UniqueConstraint(
                fields=["trajectory"], condition=models.Q(stopped_on=None), name="one_running_aftercare"
            ),
        ]


class CheckIn(models.Model):
    """A dated check-in during aftercare."""

    class Mood(models.TextChoices):
        GOOD = "goed", _("gaat goed")
        ATTENTION = "aandacht", _("vraagt aandacht")
        RISK = "risico", _("baan in gevaar")

    aftercare = models.ForeignKey(Aftercare, on_delete=models.PROTECT, related_name="check_ins")
    due_on = models.DateField(_("gepland op"))
    held_on = models.DateField(_("gehouden op"), null=True, blank=True)
    mood = models.CharField(_("hoe gaat het"), max_length=10, choices=Mood, blank=True)
    notes = models.TextField(_("verslag"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("nazorgcontact")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held_on=None) | ~models.Q(mood=""),
                name="check_in_held_has_mood",
                violation_error_message=_("Vul in hoe het gaat."),
            )
        ]

    @property
    def is_job_at_risk(self) -> bool:
        return self.mood == self.Mood.RISK

    @property
    def asks_attention(self) -> bool:
        return self.mood == self.Mood.ATTENTION


class ExitTalk(models.Model):
    """Exitgesprek and feedback; or recorded as not held, with the reason (decision 6)."""

    trajectory = models.OneToOneField(Trajectory, on_delete=models.PROTECT, related_name="exit_talk")
    was_held = models.BooleanField(_("gesprek gevoerd"))
    on = models.DateField(_("datum"))
    feedback = models.TextField(_("feedback van de deelnemer"), blank=True)
    grade = models.PositiveSmallIntegerField(
        _("cijfer (1–10)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    not_held_reason = models.TextField(_("waarom geen gesprek"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("exitgesprek")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(was_held=True) & ~models.Q(feedback="")
                | models.Q(was_held=False) & ~models.Q(not_held_reason=""),
                name="exit_talk_held_or_reason",
                violation_error_message=_("Vul de feedback in, of waarom er geen gesprek was."),
            )
        ]


class Completion(models.Model):
    """Administrative completion by the backoffice (R15): the checks, each ticked."""

    trajectory = models.OneToOneField(Trajectory, on_delete=models.PROTECT, related_name="completion")
    documents_complete = models.BooleanField(_("alle documenten zijn aanwezig"), default=False)
    client_informed = models.BooleanField(_("opdrachtgever is geïnformeerd"), default=False)
    invoice_settled = models.BooleanField(_("facturen zijn afgehandeld"), default=False)
    accounts_closed = models.BooleanField(_("toegang voor derden is ingetrokken"), default=False)
    remarks = models.TextField(_("opmerkingen"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("administratieve afronding")

    @property
    def is_complete(self) -> bool:
        return all((self.documents_complete, self.client_informed, self.invoice_settled, self.accounts_closed))
