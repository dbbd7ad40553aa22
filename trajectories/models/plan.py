"""The startplan, its parties, personal links, signatures and the documents made of it (R4, R5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Role, User
from candidates.models import Consent
from topjob import clock
from topjob.conditions import no_row
from topjob.errors import promised
from topjob.names import NameField
from trajectories.models.placement import TRAINING_BEYOND_HOURS, Application, Construction, Level, Placement, Route
from trajectories.models.template import PlanTemplate
from trajectories.models.trajectory import Trajectory
from trajectories.process.choices import THREE_PARTIES, Party


class Channel(models.TextChoices):
    """By what something reaches a party."""

    SMS = "sms", _("sms")
    EMAIL = "e-mail", _("e-mail")


def generated_path(document: GeneratedDocument, filename: str) -> str:
    import uuid

    return f"documenten/{uuid.uuid4().hex}.pdf"


def known_to_company(*, candidate: str, trajectory: str, organisation: str) -> models.Q:
    """R16: whether a company may know who somebody is; the arguments name those columns in the query around it.

    Before anything is signed that follows the consent: whoever takes it back is a number again, in lists, mails and files. Once
    the startplan is signed by all, the company and the person are parties to one contract that names both; as long as somebody
    works there the company keeps what that contract needs: the name, the signed documents, dates, hours and wage. What was shared
    beside it (contact, CV, portfolio, what is needed at work, arrangements) follows the consent at any time.
    """
    company = {"organisation": models.OuterRef(organisation)}
    agreed = Consent.objects.valid().filter(share_contact=True, candidate=models.OuterRef(candidate), **company)
    signed = StartPlan.objects.filter(
        trajectory=models.OuterRef(trajectory),
        application__organisation=models.OuterRef(organisation),
        application__status=Application.Status.ACCEPTED,
        status__in=(StartPlan.Status.SIGNED, StartPlan.Status.SUPERSEDED),
    )
    placed = Placement.objects.filter(trajectory=models.OuterRef(trajectory), period__endswith=None, **company)
    return models.Q(models.Exists(agreed)) | models.Q(models.Exists(signed)) | models.Q(models.Exists(placed))


# Which other documents than startplans a person (`own`) or an employer is a party of.
OF_OTHER_PAPERS: list[Callable[[User, models.Q], models.Q]] = []


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    def visible_to(self, user: User) -> GeneratedDocumentQuerySet:
        """Documents someone may download: staff who see the trajectory, the person, and the employer of the plan (R16).

        The person and the employer don't see versions that were withdrawn, and the employer none of somebody whose name isn't
        (any more) the company's to know (`known_to_company`). An opdrachtgever sees results, not plans.
        """
        if not user.is_authenticated:
            return self.none()
        own = models.Q(trajectory__candidate__user=user) if user.has_role(Role.KANDIDAAT) else no_row()
        employed = models.Q(application__organisation__in=user.organisations_as(Role.WERKGEVER)) & known_to_company(
            candidate="trajectory__candidate", trajectory="trajectory", organisation="application__organisation"
        )
        plans = StartPlan.objects.filter(employed | own).exclude(status=StartPlan.Status.WITHDRAWN)
        party = models.Q(pk__in=plans.values("document")) | models.Q(pk__in=plans.values("signed_document"))
        for more in OF_OTHER_PAPERS:
            party |= more(user, own)
        return self.filter(models.Q(trajectory__in=Trajectory.objects.visible_to(user)) | party)


class GeneratedDocument(models.Model):
    """A PDF this product made. Row and bytes never change; the hash proves it (I6)."""

    protected_rows = True

    class Kind(models.TextChoices):
        PLAN = "startplan", _("Startplan")
        PLAN_SIGNED = "startplan_getekend", _("Startplan met handtekeningen")
        PAPER = "document", _("Document")
        PAPER_SIGNED = "document_getekend", _("Document met handtekeningen")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("soort"), max_length=30, choices=Kind)
    file = models.FileField(_("bestand"), upload_to=generated_path, max_length=200)
    sha256 = models.CharField(_("vingerafdruk (SHA-256)"), max_length=64)
    size = models.PositiveIntegerField(_("grootte in bytes"))
    created_at = models.DateTimeField(_("gemaakt op"))

    objects = GeneratedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documenten")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["sha256"], name="document_fingerprint")]


class Signable(models.Model):
    """A document that its parties sign through personal links: the same codes, links and pages for every kind."""

    if TYPE_CHECKING:
        trajectory: Any
        trajectory_id: int
        status: Any
        Status: Any
        construction: Any
        organisation_id: Any
        signatures: Any
        parties: Any
        links: Any
        objects: Any

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("verzonden op"), null=True, blank=True)
    signed_at = models.DateTimeField(_("door allen getekend op"), null=True, blank=True)
    document = models.ForeignKey(
        GeneratedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pdf")
    )
    signed_document = models.ForeignKey(
        GeneratedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def awaits_signatures(self) -> bool:
        """Sent, and its bytes are fixed."""
        return self.status == self.Status.SENT and self.document_id is not None

    @property
    def is_being_made(self) -> bool:
        """Sent, and its PDF isn't there yet."""
        return self.status == self.Status.SENT and self.document_id is None

    @property
    def last_day_to_sign(self) -> date | None:
        """After this day nobody signs any more; none when there is no such day."""
        return None

    @property
    def has_trial_contract(self) -> bool:
        """Construction 2: from the first day a contract with MaatwerQ, with a wage; construction 1 is a trial without."""
        return self.construction == Construction.MAATWERQ_FROM_DAY_ONE

    @property
    def is_called_off(self) -> bool:
        """Withdrawn, and no other version follows."""
        return False

    def required_signers(self) -> set[str]:
        raise NotImplementedError

    def missing_signers(self) -> set[str]:
        """Which parties haven't signed yet."""
        return self.required_signers() - {signature.role for signature in self.signatures.all()}


# What parties signed on paper; the models of those rows say it.
ON_PAPER: list[Callable[[], models.Prefetch]] = []


def progress() -> tuple[str | models.Prefetch, ...]:
    """How far the parties of a document are: their links, what they signed, and what was signed on paper."""
    return "links", "signatures", *(ask() for ask in ON_PAPER)


class StartPlanQuerySet(models.QuerySet["StartPlan"]):
    def of_document(self, document: GeneratedDocument) -> StartPlanQuerySet:
        """The version that a PDF was made of."""
        return self.filter(models.Q(document=document) | models.Q(signed_document=document))

    def with_names(self) -> StartPlanQuerySet:
        """With whom and what the PDF of a version names."""
        guides = ("trajectory__regisseur", "trajectory__career_adviser", "trajectory__department")
        case = ("trajectory__candidate", "trajectory__client", *guides)
        return self.select_related(*case, "application__organisation", "document", "template")

    def with_parts(self) -> StartPlanQuerySet:
        """With everything a version says and who signed it."""
        return self._with_content().prefetch_related("parties", "signatures")

    def with_progress(self) -> StartPlanQuerySet:
        """With everything a version says and how far each party is."""
        return self._with_content().prefetch_related(*progress())

    def _with_content(self) -> StartPlanQuerySet:
        return self.with_names().prefetch_related("goals", "agreements", "evaluation_dates")


class StartPlan(Signable):
    """One version of the startplan. Once sent its content is fixed; a change makes a new version (R5).

    Holds only what work needs and the person agreed to share; finance and support that the employer needn't know stay in the
    file (decision 12).
    """

    class Status(models.TextChoices):
        DRAFT = "concept", _("concept")
        SENT = "verzonden", _("verzonden, wacht op handtekeningen")
        SIGNED = "getekend", _("getekend")
        SUPERSEDED = "vervangen", _("vervangen door een nieuwe versie")
        WITHDRAWN = "ingetrokken", _("ingetrokken")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="plans")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("versie"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    construction = models.CharField(_("constructie"), max_length=1, choices=Construction)
    route = models.CharField(_("route"), max_length=12, choices=Route)
    level = models.CharField(_("niveau"), max_length=20, choices=Level, blank=True)
    trial_starts_on = models.DateField(_("proefperiode begint op"))
    trial_months = models.PositiveSmallIntegerField(
        _("proefperiode in maanden"), default=3, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    trial_ends_on = models.DateField(_("proefperiode eindigt op"))
    # The first version takes effect at the start; a change during the trial has its own date (decision 8).
    effective_on = models.DateField(_("geldt vanaf"))
    function_name = models.CharField(_("functie"), max_length=120)
    work_place = models.CharField(_("werkplek"), max_length=160, blank=True)
    tasks = models.TextField(_("wat ga je doen"))
    hours_per_week = models.PositiveSmallIntegerField(
        _("uren per week"), validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    working_days = models.CharField(_("werkdagen"), max_length=80, blank=True)
    # Of the contract that construction 2 begins with; a trial in construction 1 has no wage.
    hourly_wage = models.DecimalField(_("bruto uurloon"), max_digits=5, decimal_places=2, null=True, blank=True)
    keeps_benefit = models.BooleanField(_("uitkering blijft"), default=True)
    mentor_name = NameField(_("leermeester"), max_length=120)
    mentor_hours = models.PositiveSmallIntegerField(
        _("uren begeleiding door de leermeester per week"), default=4, validators=[MaxValueValidator(40)]
    )
    jobcoach_hours = models.PositiveSmallIntegerField(
        _("uren jobcoach per week"), default=1, validators=[MaxValueValidator(40)]
    )
    training_name = models.CharField(_("opleiding"), max_length=160, blank=True)
    training_school = models.CharField(_("school of opleider"), max_length=120, blank=True)
    training_hours = models.PositiveSmallIntegerField(
        _("uren opleiding per week"), default=0, validators=[MaxValueValidator(40)]
    )
    support_at_work = models.TextField(_("wat helpt op het werk"), blank=True)
    travel_allowance = models.CharField(_("reiskosten en materiaal"), max_length=200, blank=True)
    prospect = models.TextField(_("wat volgt na de proefperiode"), blank=True)
    # The version of the texts that it was sent with; while it is a draft, those of the day.
    template = models.ForeignKey(
        PlanTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("teksten")
    )
    created_at = models.DateTimeField()

    objects = StartPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("startplan")
        verbose_name_plural = _("startplannen")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(status__in=["concept", "verzonden"]),
                name="one_plan_in_the_making",
                violation_error_message=_("Er is al een versie in de maak."),
            ),
            models.CheckConstraint(
                condition=models.Q(trial_ends_on__gt=models.F("trial_starts_on")), name="plan_trial_dates"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    effective_on__gte=models.F("trial_starts_on"), effective_on__lte=models.F("trial_ends_on")
                ),
                name="plan_effective_within_trial",
                violation_error_message=_("De wijziging moet ingaan binnen de proefperiode."),
            ),
            models.CheckConstraint(
                condition=models.Q(training_hours__lte=models.F("hours_per_week")),
                name="plan_training_within_hours",
                violation_error_message=TRAINING_BEYOND_HOURS,
            ),
            models.CheckConstraint(
                condition=models.Q(hourly_wage=None) | models.Q(hourly_wage__gt=0, construction="2"),
                name="plan_wage_with_a_contract",
                violation_error_message=_("Bij constructie 1 is de proefperiode zonder loon. Laat het uurloon leeg."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["verzonden", "getekend"]) | models.Q(sent_at__isnull=False),
                name="plan_sent_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Startplan {self.trajectory} versie {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_signed(self) -> bool:
        return self.status == self.Status.SIGNED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def organisation_id(self) -> int:
        """The company that signs."""
        return self.application.organisation_id

    @property
    def has_trial_contract(self) -> bool:
        """Construction 2: from the first day a contract with MaatwerQ, with a wage; construction 1 is a trial without."""
        return self.construction == Construction.MAATWERQ_FROM_DAY_ONE

    @property
    def is_called_off(self) -> bool:
        """Withdrawn together with the place it was for."""
        return self.status == self.Status.WITHDRAWN and self.application.status not in Application.RUNNING

    @property
    def last_day_to_sign(self) -> date:
        """R4: nobody signs after the date from which it holds."""
        return self.effective_on

    def required_signers(self) -> set[str]:
        """R4: youth, employer and jobcoach; and the legal representative of whoever is under 18 at signing."""
        required: set[str] = {*THREE_PARTIES}
        youth = next((s for s in self.signatures.all() if s.role == Party.YOUTH), None)
        day = youth.signed_on if youth else clock.today()
        if self.trajectory.candidate.is_minor_on(day):
            required.add(Party.REPRESENTATIVE)
        return required

    def parties_without_a_name(self) -> list[Party]:
        """As whom somebody must sign, while nobody was filled in for it yet."""
        missing = self.required_signers() - {row.party for row in self.parties.all()}
        return [Party(role) for role in Party.values if role in missing]

    @cached_property
    def replaces_a_sent_one(self) -> bool:
        """Whether an earlier version for the same place went out: whoever signed that one signs again (R5)."""
        earlier = StartPlan.objects.filter(trajectory=self.trajectory_id, application=self.application_id)
        return self.number > 1 and earlier.filter(number__lt=self.number, sent_at__isnull=False).exists()

    @property
    def is_amendment(self) -> bool:
        """A change during the trial, with its own effective date."""
        return self.effective_on != self.trial_starts_on


class PlanPart(models.Model):
    """A row that belongs to one version and is fixed with it."""

    class Meta:
        abstract = True


class LearningGoal(PlanPart):
    """Learning goal in one of the three fields of guidance (DOMAIN.md §4.5)."""

    class Field(models.TextChoices):
        CRAFT = "vakmanschap", _("Vakmanschap")
        PERSONAL = "persoonlijk", _("Persoonlijk functioneren")
        LEARNING = "leren", _("Mogen en willen leren")

    plan = models.ForeignKey(StartPlan, on_delete=models.CASCADE, related_name="goals")
    field = models.CharField(_("gebied"), max_length=12, choices=Field)
    goal = models.CharField(_("wat wil je leren"), max_length=250)
    how = models.CharField(_("hoe pakken we dat aan"), max_length=250, blank=True)

    class Meta:
        ordering = ["plan", "field", "pk"]
        verbose_name = _("leerdoel")


class PlanAgreement(PlanPart):
    """One agreement, such as calling in sick or working clothes."""

    plan = models.ForeignKey(StartPlan, on_delete=models.CASCADE, related_name="agreements")
    text = models.CharField(_("afspraak"), max_length=250)

    class Meta:
        ordering = ["plan", "pk"]
        verbose_name = _("afspraak")


class EvaluationDate(PlanPart):
    """A talk during the trial: mid-term or end."""

    plan = models.ForeignKey(StartPlan, on_delete=models.CASCADE, related_name="evaluation_dates")
    on = models.DateField(_("datum"))
    is_final = models.BooleanField(_("eindevaluatie"), default=False)

    class Meta:
        ordering = ["plan", "on"]
        verbose_name = _("evaluatiemoment")


def of_one(name: str) -> models.CheckConstraint:
    """It belongs to a startplan or to another paper, never to both."""
    either = models.Q(plan__isnull=False, paper=None) | models.Q(plan=None, paper__isnull=False)
    return models.CheckConstraint(condition=either, name=name)


class PlanParty(PlanPart):
    """A person who signs this version (or another paper) and gives a view at the evaluation."""

    plan = models.ForeignKey(StartPlan, on_delete=models.CASCADE, null=True, blank=True, related_name="parties")
    paper = models.ForeignKey(
        "trajectories.Paper", on_delete=models.CASCADE, null=True, blank=True, related_name="parties"
    )
    party = models.CharField(_("rol"), max_length=20, choices=Party)
    name = NameField(_("naam"), max_length=120)
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = PhoneNumberField(_("telefoon"), blank=True)
    # For the code of somebody without a mobile phone: never the mailbox that the link goes to.
    code_email = models.EmailField(_("ander e-mailadres voor de code"), blank=True)
    on_paper = models.BooleanField(_("tekent op papier"), default=False)
    # Streams 2 and 3 without a jobcoach: the regisseur stands in (decision 1).
    is_stand_in = models.BooleanField(_("regisseur valt in voor de jobcoach"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("partij")
        constraints = [
            models.UniqueConstraint(fields=["plan", "party"], name="plan_party_once"),
            models.UniqueConstraint(fields=["paper", "party"], name="paper_party_once"),
            of_one("party_of_plan_or_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_party_display()})"

    @property
    def signable(self) -> Signable:
        """What this party signs."""
        return self.plan or promised(self.paper)

    @property
    def is_employer(self) -> bool:
        return self.party == Party.EMPLOYER

    @property
    def is_of_the_company(self) -> bool:
        """The employer, or the company's own jobcoach; not a regisseur who stands in."""
        return self.party in (Party.EMPLOYER, Party.JOBCOACH) and not self.is_stand_in

    @property
    def link_goes_to(self) -> str:
        """The address of its personal link: by e-mail, or the phone of whoever has none."""
        return self.email or (self.phone.as_national if self.phone else "")
