"""Applications, seats, placements, contracts and project participations."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from candidates.models import Candidate, Consent
from candidates.sharing import to_share
from employers.models import LearnWorkProject, Vacancy
from topjob.dates import END_BEFORE_BEGIN
from trajectories.models.trajectory import Trajectory, TrajectoryQuerySet
from trajectories.process.rules.applying import AGREE_ON

if TYPE_CHECKING:
    from trajectories.models.plan import StartPlan


# An empty range overlaps with nothing: it would get round "one at a time" (R13).
HAS_PERIOD = models.Q(period__isempty=False, period__startswith__isnull=False)


# Of a contract as of the plan that comes before it.
TRAINING_BEYOND_HOURS = _("De uren opleiding passen niet binnen de uren per week.")


class Construction(models.TextChoices):
    """The two ways to place someone for the trial (DOMAIN.md §3 B)."""

    EMPLOYER_AFTER_TRIAL = "1", _("1: proefperiode met behoud van uitkering, daarna contract met de werkgever")
    MAATWERQ_FROM_DAY_ONE = "2", _("2: vanaf dag één een contract met MaatwerQ voor de proefperiode")


class Route(models.TextChoices):
    WERKSCHOOL = "werkschool", _("1: startkwalificatie en werkschoolroute")
    BBL1 = "bbl1", _("2: startkwalificatie en BBL 1")
    BBL2 = "bbl2", _("3: vakdiploma via BBL 1 en BBL 2")
    OTHER = "anders", _("4: anders")


class Level(models.TextChoices):
    """Levels a person can climb, each with its own trial."""

    CERTIFICATE = "certificaat", _("certificaat")
    START = "startkwalificatie", _("startkwalificatie")
    BBL1 = "bbl1", _("BBL 1")
    BBL2 = "bbl2", _("BBL 2")
    BBL3 = "bbl3", _("BBL 3 of hoger")


NUMBER = attrgetter("number")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def introduced_to(self, user: User) -> ApplicationQuerySet:
        """People introduced now to the companies someone represents; whoever took the consent back is gone (R16)."""
        consents = Consent.objects.valid().filter(
            candidate=models.OuterRef("trajectory__candidate"), organisation=models.OuterRef("organisation")
        )
        waiting = self.filter(status=Application.Status.INTRODUCED, introduced_at__isnull=False)
        return waiting.filter(models.Exists(consents), organisation__in=user.organisations_as(Role.WERKGEVER))

    def running(self) -> ApplicationQuerySet:
        """Chosen, introduced or taken on now: one at most of a case."""
        return self.filter(status__in=Application.RUNNING)

    def with_place(self) -> ApplicationQuerySet:
        """With the place, its seat, and the trial there with its evaluation."""
        place = ("vacancy__project", "vacancy__kind_of_place")
        return self.select_related(*place, "organisation", "claim", "trial__evaluation")

    def with_names(self) -> ApplicationQuerySet:
        """With what a list shows: vacancy, company, and the person as far as the consent goes."""
        related = self.select_related("vacancy", "organisation", "trajectory__candidate")
        return related.prefetch_related("trajectory__candidate__consents")

    def with_shared(self) -> ApplicationQuerySet:
        """With everything `shared_view` shows."""
        return self.with_names().prefetch_related(*to_share("trajectory__candidate__"))


class Application(models.Model):
    """One chosen vacancy for one person: from the choice to the end of the placement."""

    class Status(models.TextChoices):
        CHOSEN = "gekozen", _("gekozen")
        INTRODUCED = "voorgesteld", _("voorgesteld")
        ACCEPTED = "aangenomen", _("aangenomen")
        DECLINED = "afgewezen", _("gaat niet door")
        WITHDRAWN = "ingetrokken", _("ingetrokken")
        ENDED = "beeindigd", _("beëindigd")

    RUNNING = (Status.CHOSEN, Status.INTRODUCED, Status.ACCEPTED)

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="applications")
    vacancy = models.ForeignKey(
        Vacancy, on_delete=models.PROTECT, related_name="applications", verbose_name=_("vacature")
    )
    # The vacancy's employer, so that the employer's rights need no join.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CHOSEN)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    chosen_at = models.DateTimeField(_("gekozen op"))
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    introduced_at = models.DateTimeField(_("voorgesteld op"), null=True, blank=True)
    talk_at = models.DateTimeField(_("sollicitatiegesprek op"), null=True, blank=True)
    talk_held = models.BooleanField(_("gesprek gevoerd"), default=False)
    talk_notes = models.TextField(_("verslag van het gesprek"), blank=True)
    construction = models.CharField(_("constructie"), max_length=1, choices=Construction, blank=True)
    route = models.CharField(_("route"), max_length=12, choices=Route, blank=True)
    level = models.CharField(_("niveau"), max_length=20, choices=Level, blank=True)
    planned_start = models.DateField(_("geplande start"), null=True, blank=True)
    decided_at = models.DateTimeField(_("besloten op"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sollicitatie")
        verbose_name_plural = _("sollicitaties")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "trajectory"], name="application_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(status__in=["gekozen", "voorgesteld", "aangenomen"]),
                name="one_running_application",
                violation_error_message=_("Er loopt al een sollicitatie voor deze persoon."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="aangenomen") | (~models.Q(construction="") & ~models.Q(route="")),
                name="application_accepted_has_terms",
                violation_error_message=AGREE_ON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trajectory} – {self.vacancy}"

    @property
    def journey(self) -> list[Any]:
        """The rows that came of it and belong to the trajectory as well."""
        trial = getattr(self, "trial", None)
        return [*self.plans.all(), *([trial] if trial else [])]

    # What came of an application besides its startplans; the models of those rows say it.
    came_of_it: ClassVar[list[Callable[[], tuple[str | models.Prefetch, ...]]]] = []

    def read_what_came_of_it(self, *others: Application) -> None:
        """Versions of the startplan, the course of the trial and who said what of it, in a question for each kind of rows.

        What was read before isn't asked again, so that a list can read it of all its applications at once.
        """
        asked = (row for ask in self.came_of_it for row in ask())
        models.prefetch_related_objects([self, *others], "plans__signatures", *asked)

    def newest_plan(self) -> StartPlan | None:
        """The newest version that wasn't withdrawn."""
        return max((plan for plan in self.plans.all() if not plan.is_withdrawn), key=NUMBER, default=None)

    def newest_signed_plan(self) -> StartPlan | None:
        """The newest version that all parties signed and that no other took the place of."""
        return max((plan for plan in self.plans.all() if plan.is_signed), key=NUMBER, default=None)

    @property
    def is_ended(self) -> bool:
        """Somebody worked here, and it is over."""
        return self.status == self.Status.ENDED


def at_work_with(user: User) -> TrajectoryQuerySet:
    """Cases of people who were taken on by, or are placed at, the companies someone represents (R16)."""
    mine = {"organisation__in": user.organisations_as(Role.WERKGEVER)}
    taken_on = Application.objects.filter(status=Application.Status.ACCEPTED, **mine)
    placed = Placement.objects.filter(period__endswith=None, **mine)
    # As one list of numbers, so that it begins with the company's few and not with everybody.
    here = taken_on.order_by().values_list("trajectory", flat=True)
    return Trajectory.objects.filter(pk__in=here.union(placed.order_by().values_list("trajectory", flat=True)))


class SeatClaim(models.Model):
    """One seat of a vacancy in use by one accepted application (R13, decision 7)."""

    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="claims")
    seat_number = models.PositiveSmallIntegerField(_("plaatsnummer"), validators=[MinValueValidator(1)])
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="claim")
    period = DateRangeField(_("periode"))
    cancelled = models.BooleanField(_("vrijgegeven vóór de start"), default=False)

    class Meta:
        verbose_name = _("plaats in gebruik")
        constraints = [
            ExclusionConstraint(
                name="seat_given_once",
                expressions=[
                    ("vacancy", RangeOperators.EQUAL),
                    ("seat_number", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(cancelled=False),
                violation_error_message=_("Deze plaats is net aan iemand anders gegeven."),
            ),
            models.CheckConstraint(condition=HAS_PERIOD, name="seat_has_period"),
        ]


class Placement(models.Model):
    """Someone's place of work over a period; at most one at any moment (R13)."""

    class Kind(models.TextChoices):
        TRIAL = "proef", _("proefperiode en leerwerk")
        JOB = "baan", _("baan")

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="placements")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="placements")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="placements", verbose_name=_("werkgever")
    )
    kind = models.CharField(_("soort"), max_length=6, choices=Kind)
    period = DateRangeField(_("periode"))

    class Meta:
        verbose_name = _("plaatsing")
        verbose_name_plural = _("plaatsingen")
        ordering = ["-pk"]
        constraints = [
            ExclusionConstraint(
                name="one_placement_at_a_time",
                expressions=[("candidate", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("Deze persoon heeft in deze periode al een plaatsing."),
            ),
            models.CheckConstraint(condition=HAS_PERIOD, name="placement_has_period"),
        ]


class Contract(models.Model):
    """Arbeidsovereenkomst of every kind; at most one at any moment (R13)."""

    class Kind(models.TextChoices):
        TRIAL = "proef", _("Proefcontract bij MaatwerQ (constructie 2)")
        LEARN_WORK = "leerwerk", _("Leerwerkcontract")
        TAKEOVER = "overname", _("Overname door de werkgever")
        SECONDMENT = "detachering", _("Detachering")
        AGENCY = "uitzenden", _("Uitzenden")
        DIRECT = "direct", _("Arbeidsovereenkomst, directe plaatsing")
        UNPAID = "zonder_loon", _("Overeenkomst zonder loon")

    class Per(models.TextChoices):
        """How often an allowance is given."""

        HOUR = "uur", _("per uur")
        MONTH = "maand", _("per maand")

    class Holder(models.TextChoices):
        """With whom the person has the contract."""

        COMPANY = "leerbedrijf", _("het leerbedrijf")
        MAATWERQ = "maatwerq", _("MaatwerQ-flex")
        OTHER = "ander", _("een ander (leer)bedrijf in de branche")

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="contracts")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="contracts")
    kind = models.CharField(_("soort"), max_length=12, choices=Kind)
    # What was agreed without a trial; the kinds of a trial and what follows it say it themselves.
    agreement = models.ForeignKey(
        "AgreementKind",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("overeenkomst"),
    )
    holder = models.CharField(_("contract met"), max_length=12, choices=Holder, default=Holder.COMPANY)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("werkt bij")
    )
    starts_on = models.DateField(_("begint op"))
    ends_on = models.DateField(_("eindigt op"), null=True, blank=True)
    ended_early_on = models.DateField(_("eerder beëindigd op"), null=True, blank=True)
    # First day to last day, cut short when ended early: the database refuses overlap on it.
    period = DateRangeField(_("periode"))
    fte = models.DecimalField(
        _("omvang (fte)"),
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(0.05), MaxValueValidator(1)],
        default=0.8,
    )
    hours_per_week = models.PositiveSmallIntegerField(
        _("uren per week"), validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    training_hours = models.PositiveSmallIntegerField(
        _("waarvan uren opleiding"), validators=[MaxValueValidator(40)], default=0
    )
    # Gross, in euros (BW 7:655). Empty in contracts from before wages were kept.
    hourly_wage = models.DecimalField(_("bruto uurloon"), max_digits=5, decimal_places=2, null=True, blank=True)
    # Rule version: the minimum wage for the age on the first day, as it was known when the wage was agreed; 0 under 15.
    minimum_wage = models.DecimalField(_("minimumloon per uur"), max_digits=5, decimal_places=2, null=True, blank=True)
    # What somebody gets who isn't employed; empty for nothing.
    allowance = models.DecimalField(_("vergoeding"), max_digits=6, decimal_places=2, null=True, blank=True)
    allowance_per = models.CharField(_("vergoeding per"), max_length=5, choices=Per, blank=True, db_default="")
    # Rule version: the length allowed when it was made (R9).
    min_months = models.PositiveSmallIntegerField(default=0)
    max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    # Never after a proefplaatsing at the same company: the trial was long enough to know each other (UWV; BW 7:652).
    probation_months = models.PositiveSmallIntegerField(_("proeftijd in maanden"), default=0)
    previous = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extension",
        verbose_name=_("verlenging van"),
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracten")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_dates",
                violation_error_message=END_BEFORE_BEGIN,
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["proef", "leerwerk"]) | models.Q(ends_on__isnull=False),
                name="contract_learn_work_has_end",
                violation_error_message=_("Een leerwerkcontract heeft een einddatum."),
            ),
            models.CheckConstraint(
                condition=models.Q(training_hours__lte=models.F("hours_per_week")),
                name="contract_training_within_hours",
                violation_error_message=TRAINING_BEYOND_HOURS,
            ),
            models.CheckConstraint(
                condition=models.Q(hourly_wage=None, minimum_wage=None)
                | models.Q(
                    hourly_wage__gt=0,
                    hourly_wage__gte=models.F("minimum_wage"),
                    minimum_wage__gte=0,
                    minimum_wage__isnull=False,
                ),
                name="contract_pays_minimum_wage",
                violation_error_message=_("Het uurloon is lager dan het minimumloon."),
            ),
            models.CheckConstraint(
                condition=models.Q(probation_months=0) | ~models.Q(kind__in=["proef", "leerwerk"]),
                name="contract_after_trial_no_probation",
                violation_error_message=_("Een contract na een proefplaatsing heeft geen proeftijd."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["direct", "zonder_loon"], agreement__isnull=False)
                | models.Q(~models.Q(kind__in=["direct", "zonder_loon"]), agreement=None),
                name="contract_says_what_was_agreed",
                violation_error_message=_("Kies wat er wordt afgesproken."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="zonder_loon") | models.Q(hourly_wage=None, probation_months=0),
                name="contract_unpaid_has_no_wage",
                violation_error_message=_("Bij een overeenkomst zonder loon horen geen uurloon en geen proeftijd."),
            ),
            models.CheckConstraint(
                condition=models.Q(allowance=None, allowance_per="")
                | models.Q(kind="zonder_loon", allowance__gt=0, allowance_per__in=["uur", "maand"]),
                name="contract_allowance_is_whole",
                violation_error_message=_("Vul de vergoeding in met hoe vaak iemand die krijgt, of laat beide leeg."),
            ),
            ExclusionConstraint(
                name="one_contract_at_a_time",
                expressions=[("candidate", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("Deze persoon heeft in deze periode al een contract."),
            ),
            models.CheckConstraint(
                condition=HAS_PERIOD & models.Q(period__startswith=models.F("starts_on")), name="contract_has_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.organisation}"

    @property
    def is_trial(self) -> bool:
        """The contract of construction 2, for the trial alone."""
        return self.kind == self.Kind.TRIAL and self.holder == self.Holder.MAATWERQ

    @property
    def is_learn_work(self) -> bool:
        return self.kind == self.Kind.LEARN_WORK

    @property
    def is_unpaid(self) -> bool:
        """Nobody is employed by it: no wage, probation or notice."""
        return self.kind == self.Kind.UNPAID

    @property
    def what(self) -> str:
        """What people call it: the agreement, or the kind of contract after a trial."""
        return self.agreement.name if self.agreement is not None else self.get_kind_display()

    @property
    def is_agency_work(self) -> bool:
        return self.kind == self.Kind.AGENCY

    @property
    def last_day(self):
        """The day it really ends: early, as agreed, or not yet known."""
        return self.ended_early_on or self.ends_on


class ProjectParticipation(models.Model):
    """One place in a project's group, with the outcome that partners ask for (DOMAIN.md §4.3)."""

    # Empty once the person's file was destroyed: the outcome of the project stays (decision 11).
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.PROTECT, null=True, blank=True, related_name="participations"
    )
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="participation"
    )
    project = models.ForeignKey(LearnWorkProject, on_delete=models.PROTECT, related_name="participations")
    seat_number = models.PositiveSmallIntegerField(_("plaats in de groep"), validators=[MinValueValidator(1)])
    claimed_on = models.DateField(_("toegezegd op"))
    started_on = models.DateField(_("begonnen op"), null=True, blank=True)
    passed_trial_on = models.DateField(_("proefperiode gehaald op"), null=True, blank=True)
    job_on = models.DateField(_("contract vanaf"), null=True, blank=True)
    diploma_on = models.DateField(_("diploma op"), null=True, blank=True)
    left_on = models.DateField(_("vertrokken op"), null=True, blank=True)

    class Meta:
        verbose_name = _("deelname aan project")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "seat_number"],
                condition=models.Q(left_on=None),
                name="project_seat_given_once",
                violation_error_message=_("De groep is vol."),
            )
        ]
