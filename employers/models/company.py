"""The company: profile, contacts, function profiles, SROI (docs/domain.md §4.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Branch, Organisation, Role, TopSector, User
from accounts.models.reference import EducationLevel, WorkLoad
from accounts.models.roles import REGION_ROLES
from topjob.finding import Findable, SearchText, Term, search_index
from topjob.names import NameField, shown
from topjob.picking import told_apart

# Of a function as of a vacancy: full time at the most.
HOURS_OF_A_WEEK = _("Vul 1 tot en met 40 uren per week in.")
# Staff to whom every company is open: employers form one marketplace over the regions.
OVERVIEW_ROLES = REGION_ROLES | {Role.BEHEERDER}


class CompanyQuerySet(models.QuerySet[Any]):
    """Rows of a company; `organisation_path` says how a row leads to the organisation that people represent."""

    organisation_path = "employer__organisation"

    def visible_to(self, user: User):
        """Staff see every company's rows; a jobcoach and an employer's contact those of the own companies."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*OVERVIEW_ROLES):
            return self
        own = user.organisations_as(Role.WERKGEVER) | user.organisations_as(Role.JOBCOACH)
        return self._of_organisations(own)

    def represented_by(self, user: User):
        """Rows of the companies for which this person speaks in the employer portal, whatever other roles they hold."""
        return self._of_organisations(user.organisations_as(Role.WERKGEVER))

    def _of_organisations(self, ids: set[int]):
        return self.filter(**{f"{self.organisation_path}__in": ids})


class EmployerQuerySet(CompanyQuerySet):
    organisation_path = "organisation"

    def active(self) -> EmployerQuerySet:
        return self.filter(organisation__is_active=True)

    def search(self, text: str) -> EmployerQuerySet:
        """Companies by name, place and KvK number, or by an e-mail address or phone number, also a contact's."""
        term = Term.of(text)
        found = models.Q(organisation__in=Organisation.objects.search(text))
        if term.email or term.phone:
            contacts = EmployerContact.objects.filter(term.q(email="email", phone="phone"))
            found |= models.Q(pk__in=contacts.values("employer"))
        return self.filter(found)

    def with_open_vacancies(self) -> EmployerQuerySet:
        """Adds `open_vacancies` and `open_seats`, for lists."""
        is_open = models.Q(vacancies__status="open")
        return self.annotate(
            open_vacancies=models.Count("vacancies", filter=is_open),
            open_seats=Coalesce(models.Sum("vacancies__seats_free", filter=is_open), 0),
        )


class Employer(models.Model):
    """Company profile of a (learn-work) company."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="employer", verbose_name=_("organisatie")
    )
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branche"))
    top_sector = models.ForeignKey(
        TopSector, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("topsector")
    )
    employees = models.PositiveIntegerField(_("aantal medewerkers"), null=True, blank=True)
    vision = models.TextField(_("visie"), blank=True)
    culture = models.TextField(_("cultuur"), blank=True)
    identity = models.TextField(_("identiteit"), blank=True)
    training_chances = models.TextField(_("opleidingskansen"), blank=True)
    growth_chances = models.TextField(_("groeikansen"), blank=True)
    team = models.TextField(_("soort team"), blank=True)
    management = models.TextField(_("soort leiding"), blank=True)
    wants_skilled = models.BooleanField(_("zoekt vakmensen"), default=False)
    motivated_for_target_group = models.BooleanField(_("gemotiveerd voor de doelgroep"), default=False)
    invests_in_learning = models.BooleanField(_("investeert in samen leren"), default=False)
    result_driven = models.BooleanField(_("resultaatgericht"), default=False)
    mentor_fte = models.DecimalField(
        _("fte leermeester(s)"),
        max_digits=4,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
    )
    has_project_leader = models.BooleanField(_("projectleider beschikbaar"), default=False)
    has_practice_room = models.BooleanField(_("praktijkruimte"), default=False)
    has_theory_room = models.BooleanField(_("theorieruimte"), default=False)
    has_quiet_place = models.BooleanField(_("rustige werkplek mogelijk"), default=False)
    offers_contract_during = models.BooleanField(_("(tijdelijk) contract tijdens de opleiding"), default=False)
    offers_contract_after = models.BooleanField(_("(tijdelijk) contract na de opleiding"), default=False)
    sbb_code = models.CharField(_("SBB-leerbedrijfnummer"), max_length=20, blank=True)
    created_at = models.DateTimeField()

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = _("werkgever")
        verbose_name_plural = _("werkgevers")
        ordering = ["organisation__name"]

    def __str__(self) -> str:
        return shown(self.organisation.name)

    search_path = "organisation__search_text"

    @property
    def distinct_name(self) -> str:
        company = self.organisation
        return told_apart(company.name, company.city, company.kvk_number, self.pk)

    @property
    def pick_name(self) -> str:
        return self.organisation.name

    @property
    def pick_number(self) -> str:
        return self.organisation.kvk_number


class EmployerContact(models.Model):
    """Contact person of a company; the internal jobcoach and the leermeester are contacts too."""

    class Function(models.TextChoices):
        CONTACT = "contact", _("Contactpersoon")
        MENTOR = "leermeester", _("Leermeester")
        JOBCOACH = "jobcoach", _("Jobcoach van het bedrijf")
        SIGNATORY = "tekenbevoegd", _("Tekenbevoegd")

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="contacts")
    name = NameField(_("naam"), max_length=120)
    function = models.CharField(_("functie"), max_length=12, choices=Function)
    email = models.EmailField(_("e-mailadres"))
    phone = PhoneNumberField(_("telefoon"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="employer_contacts"
    )
    is_active = models.BooleanField(_("actief"), default=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("contactpersoon")
        verbose_name_plural = _("contactpersonen")
        ordering = ["name"]

    def __str__(self) -> str:
        return shown(self.name)


class LanguageLevel(models.IntegerChoices):
    """How much Dutch the work asks."""

    NONE = 0, _("geen Nederlands nodig")
    WORDS = 1, _("een paar woorden (A1)")
    SIMPLE = 2, _("eenvoudige gesprekken (A2)")
    GOOD = 3, _("goed, ook lezen en schrijven (B1)")
    FLUENT = 4, _("vloeiend (B2 of hoger)")


class FunctionProfile(Findable):
    """Functieprofiel: tasks, requirements, load, supervision, training, hours, level."""

    employer = models.ForeignKey(
        Employer, on_delete=models.CASCADE, related_name="functions", verbose_name=_("werkgever")
    )
    name = models.CharField(_("functie"), max_length=120)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branche"))
    tasks = models.TextField(_("taken"))
    requirements = models.TextField(_("eisen"), blank=True)
    supervision = models.TextField(_("begeleiding"), blank=True)
    training = models.TextField(_("opleiding"), blank=True)
    hours_per_week = models.PositiveSmallIntegerField(
        _("uren per week"), validators=[MinValueValidator(1), MaxValueValidator(40)], default=32
    )
    level = models.PositiveSmallIntegerField(_("niveau"), choices=EducationLevel, default=EducationLevel.CERTIFICATE)
    needs_licence = models.BooleanField(_("rijbewijs B nodig"), default=False)
    language_level = models.PositiveSmallIntegerField(
        _("Nederlands"), choices=LanguageLevel, default=LanguageLevel.SIMPLE
    )
    offers_mentor = models.BooleanField(_("leermeester"), default=True)
    offers_jobcoach = models.BooleanField(_("jobcoach"), default=False)
    offers_quiet_place = models.BooleanField(_("rustige plek"), default=False)
    search_text = SearchText("name")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("functieprofiel")
        verbose_name_plural = _("functieprofielen")
        ordering = ["name", "pk"]
        indexes = [search_index("function_search")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours_per_week__range=(1, 40)),
                name="function_hours",
                violation_error_message=HOURS_OF_A_WEEK,
            )
        ]

    def __str__(self) -> str:
        return self.name


class FunctionLoad(models.Model):
    """How much of a kind of load the function asks; a kind that isn't asked has no row."""

    class Level(models.IntegerChoices):
        NONE = 0, _("niet")
        LITTLE = 1, _("een beetje")
        SOME = 2, _("geregeld")
        MUCH = 3, _("vaak")
        VERY_MUCH = 4, _("bijna altijd")

    function = models.ForeignKey(FunctionProfile, on_delete=models.CASCADE, related_name="loads")
    load = models.CharField(_("belasting"), max_length=12, choices=WorkLoad)
    level = models.PositiveSmallIntegerField(_("hoe zwaar (0–4)"), choices=Level)

    class Meta:
        verbose_name = _("belasting")
        ordering = ["load"]
        constraints = [
            models.UniqueConstraint(fields=["function", "load"], name="function_load_once"),
            models.CheckConstraint(condition=models.Q(level__range=(0, 4)), name="function_load_level"),
        ]

    def __str__(self) -> str:
        return f"{self.get_load_display()}: {self.get_level_display()}"


class SroiObligation(models.Model):
    """SROI: a percentage of an awarded sum, fulfilled by placements."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="sroi_obligations")
    contract_name = models.CharField(_("opdracht"), max_length=160)
    awarded_by = models.CharField(_("gegund door"), max_length=120)
    awarded_sum = models.DecimalField(
        _("gegund bedrag"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    percentage = models.DecimalField(
        _("percentage"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    fulfilled_sum = models.DecimalField(
        _("ingevuld bedrag"), max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    due_on = models.DateField(_("in te vullen vóór"))

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("SROI-verplichting")
        verbose_name_plural = _("SROI-verplichtingen")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percentage__gte=0, percentage__lte=100),
                name="sroi_percentage",
                violation_error_message=_("Een percentage ligt tussen 0 en 100."),
            ),
            models.CheckConstraint(
                condition=models.Q(awarded_sum__gte=0, fulfilled_sum__gte=0),
                name="sroi_sums",
                violation_error_message=_("Een bedrag kan niet lager zijn dan 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.contract_name

    @property
    def obligation_sum(self) -> Decimal:
        """Euro to be fulfilled by placements."""
        return (self.awarded_sum * self.percentage / 100).quantize(Decimal("0.01"))

    @property
    def open_sum(self) -> Decimal:
        """Euro still to be fulfilled."""
        return max(self.obligation_sum - self.fulfilled_sum, Decimal(0))

    @property
    def percent_fulfilled(self) -> int:
        """Whole percent of the obligation that placements have covered, never more than 100."""
        if not self.obligation_sum:
            return 100
        return min(int(self.fulfilled_sum * 100 / self.obligation_sum), 100)
