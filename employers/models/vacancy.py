"""Vacatures and their seats."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import KindOfPlace, Organisation, Region
from employers.models.company import HOURS_OF_A_WEEK, CompanyQuerySet, Employer, FunctionProfile
from employers.models.project import LearnWorkProject, Stream
from topjob.finding import Findable, SearchText, Term, search_index

# Of hours that are offered as of hours that are looked for.
MOST_BELOW_LEAST = _("Het maximum aan uren is lager dan het minimum.")


class VacancyQuerySet(CompanyQuerySet):
    def open(self) -> VacancyQuerySet:
        return self.filter(status=Vacancy.Status.OPEN)

    def open_first(self) -> VacancyQuerySet:
        """Open ones, then closed ones, then concepts, as the letters of `Status` go; within these the newest first."""
        return self.order_by("-status", "-created_at", "-pk")

    def expired(self, today: date) -> VacancyQuerySet:
        """Open vacancies whose closing date has passed."""
        return self.open().filter(closes_on__lt=today)

    def search(self, text: str) -> VacancyQuerySet:
        """Every word in the title, the place, the function or the company (its name, place or KvK number)."""
        term = Term.of(text)
        if term.problem or term.email or not term.words:
            return self.none()
        rows = self
        for word in term.words:
            own = Vacancy.objects.filter(term.word(word, "search_text"))
            functions = FunctionProfile.objects.filter(term.word(word, "search_text"))
            companies = Employer.objects.filter(
                organisation__in=Organisation.objects.filter(term.word(word, "search_text"))
            )
            of_others = (Vacancy.objects.filter(function__in=functions), Vacancy.objects.filter(employer__in=companies))
            # A union instead of OR, so that each part is answered by its own index.
            rows = rows.filter(pk__in=own.values("pk").union(*(found.values("pk") for found in of_others)))
        return rows

    def at_place(self, text: str) -> VacancyQuerySet:
        """Vacancies whose work is in a place of this name."""
        return self.filter(Term.of(text).q("search_place"))

    def with_names(self) -> VacancyQuerySet:
        """With everything a list or a page says about a vacancy, in one query."""
        return self.select_related(
            "employer__organisation", "function__branch", "kind_of_place", "stream", "project", "region"
        )


class Vacancy(Findable):
    """Vacature or plek, with a number of seats."""

    class Status(models.TextChoices):
        DRAFT = "concept", _("concept")
        OPEN = "open", _("open")
        CLOSED = "gesloten", _("gesloten")

    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="vacancies", verbose_name=_("werkgever")
    )
    function = models.ForeignKey(
        FunctionProfile, on_delete=models.PROTECT, related_name="vacancies", verbose_name=_("functieprofiel")
    )
    title = models.CharField(_("titel"), max_length=120)
    description = models.TextField(_("omschrijving"), blank=True)
    kind_of_place = models.ForeignKey(KindOfPlace, on_delete=models.PROTECT, verbose_name=_("soort plek"))
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("stroom"))
    project = models.ForeignKey(
        LearnWorkProject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vacancies",
        verbose_name=_("leerwerkproject"),
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("arbeidsmarktregio"))
    seats = models.PositiveSmallIntegerField(
        _("aantal plaatsen"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    # Written by trajectories: seats without a running claim, so that matching needs no join (R13).
    seats_free = models.SmallIntegerField(_("vrije plaatsen"), default=1, editable=False)
    hours_min = models.PositiveSmallIntegerField(
        _("uren per week, minimaal"), validators=[MinValueValidator(1), MaxValueValidator(40)], default=24
    )
    hours_max = models.PositiveSmallIntegerField(
        _("uren per week, maximaal"), validators=[MinValueValidator(1), MaxValueValidator(40)], default=32
    )
    starts_on = models.DateField(_("startdatum"))
    ends_on = models.DateField(_("einddatum"), null=True, blank=True)
    closes_on = models.DateField(_("sluit op"), null=True, blank=True)
    postcode = models.CharField(_("postcode van de werkplek"), max_length=7)
    city = models.CharField(_("plaats"), max_length=80)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search_text = SearchText("title", "city")
    search_place = SearchText("city")

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("vacature")
        verbose_name_plural = _("vacatures")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "region", "-created_at"], name="vacancy_open"),
            models.Index(fields=["-status", "-created_at", "-id"], name="vacancy_open_first"),
            search_index("vacancy_search"),
            search_index("vacancy_search_place", "search_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours_max__gte=models.F("hours_min")),
                name="vacancy_hours",
                violation_error_message=MOST_BELOW_LEAST,
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="vacancy_dates",
                violation_error_message=_("De einddatum ligt vóór de startdatum."),
            ),
            models.CheckConstraint(
                condition=models.Q(hours_min__range=(1, 40), hours_max__range=(1, 40)),
                name="vacancy_hours_range",
                violation_error_message=HOURS_OF_A_WEEK,
            ),
            models.CheckConstraint(
                condition=models.Q(seats__gte=1),
                name="vacancy_has_seats",
                violation_error_message=_("Er is ten minste één plaats nodig."),
            ),
            models.CheckConstraint(
                condition=models.Q(seats_free__gte=0, seats_free__lte=models.F("seats")),
                name="vacancy_seats_in_use",
                violation_error_message=_("Er zijn meer plaatsen in gebruik dan dit aantal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} – {self.employer}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def tone(self) -> str:
        """In which tone its status is shown."""
        return {self.Status.OPEN: "good", self.Status.DRAFT: "care"}.get(self.Status(self.status), "quiet")

    @property
    def seats_text(self) -> str:
        """How many seats there are, and while the vacancy is on offer how many of them are free."""
        words = {"free": self.seats_free, "seats": self.seats}
        if self.is_open:
            return (
                ngettext("%(free)s van %(seats)s plaats vrij", "%(free)s van %(seats)s plaatsen vrij", self.seats)
                % words
            )
        return ngettext("%(seats)s plaats", "%(seats)s plaatsen", self.seats) % words

    @property
    def seats_in_use(self) -> int:
        """Seats with a running claim; the number of seats can't go below it (R13, decision 7)."""
        return self.seats - self.seats_free

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT
