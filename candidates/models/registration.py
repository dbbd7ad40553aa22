"""Registration at the frontoffice (step 1 a–f), its offer to the opdrachtgever and its own end."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Client, Department, KindOfPlace, User
from accounts.models.roles import REGION_ROLES
from candidates.models.person import Candidate
from candidates.models.reference import Referrer, TargetGroup
from topjob.errors import ASK_REASON
from topjob.money import euro
from topjob.names import NameField


class Transport(models.TextChoices):
    """Means of transport, with which the maximum travel distance is meant."""

    FOOT = "lopend", _("lopend")
    BIKE = "fiets", _("fiets")
    MOPED = "bromfiets", _("bromfiets of scooter")
    PUBLIC = "ov", _("openbaar vervoer")
    CAR = "auto", _("auto")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: User) -> RegistrationQuerySet:
        """Registrations of the regions in which someone works."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(candidate__region__in=user.regions_as(*REGION_ROLES))

    def open(self) -> RegistrationQuerySet:
        """Waiting for the frontoffice."""
        return self.filter(status=Registration.Status.NEW)


class Registration(models.Model):
    """Aanmelding. Ends as assigned, rejected or lapsed, by the frontoffice with a reason (decision 6)."""

    class Status(models.TextChoices):
        NEW = "NIEUW", _("Nieuw")
        ASSIGNED = "TOEGEWEZEN", _("Toegewezen")
        REJECTED = "AFGEWEZEN", _("Afgewezen")
        LAPSED = "VERVALLEN", _("Vervallen")

    class Source(models.TextChoices):
        STAFF = "frontoffice", _("Frontoffice")
        PUBLIC = "website", _("Zelf aangemeld via de website")

    class Situation(models.TextChoices):
        HOME = "thuis", _("Thuis")
        SCHOOL = "school", _("Op school")
        JOB = "baan", _("Reguliere baan")
        WSW = "wsw", _("WSW-baan")
        DAY_CARE = "dagbesteding", _("Dagbesteding")

    class Wish(models.TextChoices):
        LEARN_WORK = "leerwerkplek", _("Leerwerkplek")
        JOB = "baan", _("Reguliere baan")
        VOLUNTEER = "vrijwilligerswerk", _("Vrijwilligerswerk")
        EXPERIENCE = "werkervaring", _("Werkervaringsplaats")
        INTERNSHIP = "stage", _("Stage")
        SIDE_JOB = "bijbaantje", _("Bijbaantje")
        STUDENT_JOB = "studentenwerk", _("Studentenwerk")
        CAREER_STEP = "carriere", _("Carrièrestap")
        NEW_JOB = "nieuwe_baan", _("Nieuwe baan na ontslag")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("kandidaat")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    source = models.CharField(_("bron"), max_length=12, choices=Source, default=Source.STAFF)
    situation = models.CharField(_("situatie nu"), max_length=20, choices=Situation)
    wish = models.CharField(_("wens"), max_length=20, choices=Wish)
    referrer = models.ForeignKey(Referrer, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("verwijzer"))
    referrer_name = NameField(_("naam van de verwijzer"), max_length=120, blank=True)
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("opdrachtgever"),
    )
    target_group = models.ForeignKey(
        TargetGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("doelgroep")
    )
    motivation = models.TextField(_("motivatie in eigen woorden"), blank=True)
    is_motivated = models.BooleanField(
        _("gemotiveerd"), null=True, blank=True, help_text=_("Oordeel van de frontoffice na het gesprek.")
    )
    planned_start = models.DateField(_("gewenste startdatum"), null=True, blank=True)
    wants_project = models.BooleanField(_("voor een leerwerkproject"), default=False)
    # Basic zoekprofiel (step 1d); matching keeps the refined versions.
    kinds_of_place = models.ManyToManyField(KindOfPlace, blank=True, verbose_name=_("soorten plek"))
    branches = models.ManyToManyField(Branch, blank=True, verbose_name=_("branches"))
    hours_per_week = models.PositiveSmallIntegerField(
        _("uren per week"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    max_distance_km = models.PositiveSmallIntegerField(
        _("reisafstand ten hoogste (km)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(150)],
    )
    transport = models.CharField(_("vervoer"), max_length=12, choices=Transport, blank=True)
    # R2: the override stays visible; who and when stand in the log.
    override_reason = models.TextField(_("reden om toch toe te laten"), blank=True)
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_at = models.DateTimeField(null=True, blank=True)
    # A suspicion for staff to weigh: a field that people don't see was filled in, or many came from one address.
    looks_automatic = models.BooleanField(_("mogelijk automatisch ingevuld"), default=False)
    # Privacy statement accepted (public page), or told by the frontoffice.
    consented_at = models.DateTimeField(_("toestemming registratie"), null=True, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("afdeling")
    )
    created_at = models.DateTimeField(_("aangemeld op"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("afgehandeld op"), null=True, blank=True)
    end_reason = models.TextField(_("reden van afwijzen of vervallen"), blank=True)
    retention_until = models.DateField(_("bewaren tot"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("aanmelding")
        verbose_name_plural = _("aanmeldingen")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-created_at"], name="registration_status"),
            models.Index(fields=["retention_until", "id"], name="registration_kept_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="NIEUW", ended_at=None)
                | ~models.Q(status="NIEUW") & ~models.Q(ended_at=None),
                name="registration_end_has_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["AFGEWEZEN", "VERVALLEN"]) | ~models.Q(end_reason=""),
                name="registration_end_has_reason",
                violation_error_message=ASK_REASON,
            ),
            models.CheckConstraint(
                condition=~models.Q(status="TOEGEWEZEN") | models.Q(department__isnull=False),
                name="registration_assigned_to_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} ({self.get_status_display()})"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.NEW

    @property
    def tone(self) -> str:
        """In which tone its status is shown."""
        tones = {self.Status.NEW: "info", self.Status.ASSIGNED: "good", self.Status.REJECTED: "bad"}
        return tones.get(self.Status(self.status), "quiet")

    @property
    def is_own(self) -> bool:
        """They registered themselves, on the website."""
        return self.source == self.Source.PUBLIC


class Offer(models.Model):
    """Offerte to the opdrachtgever and its answer (step 1e)."""

    class Answer(models.TextChoices):
        OPEN = "open", _("nog geen antwoord")
        ACCEPTED = "akkoord", _("akkoord")
        DECLINED = "afgewezen", _("niet akkoord")

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="offers", verbose_name=_("aanmelding")
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="offers", verbose_name=_("opdrachtgever"))
    description = models.TextField(_("wat wij aanbieden"))
    amount = models.DecimalField(_("bedrag in euro"), max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    sent_on = models.DateField(_("verstuurd op"))
    valid_until = models.DateField(_("geldig tot"))
    answer = models.CharField(_("antwoord"), max_length=10, choices=Answer, default=Answer.OPEN)
    answered_on = models.DateField(_("beantwoord op"), null=True, blank=True)
    answered_by = models.CharField(_("beantwoord door"), max_length=120, blank=True)
    answer_note = models.TextField(_("toelichting"), blank=True)

    class Meta:
        verbose_name = _("offerte")
        verbose_name_plural = _("offertes")
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("sent_on")),
                name="offer_valid_after_sent",
                violation_error_message=_("De offerte moet geldig zijn tot op of na de dag van versturen."),
            ),
            models.CheckConstraint(
                condition=models.Q(answer="open", answered_on=None)
                | ~models.Q(answer="open") & models.Q(answered_on__gte=models.F("sent_on")),
                name="offer_answer_has_date",
                violation_error_message=_("Het antwoord kan niet vóór het versturen gegeven zijn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {euro(self.amount)}"

    @property
    def is_open(self) -> bool:
        return self.answer == self.Answer.OPEN

    @property
    def is_accepted(self) -> bool:
        return self.answer == self.Answer.ACCEPTED
