"""The person's file: Foto, Q-fit, support needs, finance check, CV, portfolio, contact moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Client
from accounts.models.reference import EducationLevel, WorkLoad
from candidates.models.person import Candidate
from candidates.models.reference import LifeArea
from topjob.dates import END_BEFORE_BEGIN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Going(models.IntegerChoices):
    """How it goes in a life area, in the person's own judgement. Never needed, and used for its picture only (ADR 29)."""

    BADLY = 1, _("gaat niet")
    HARD = 2, _("gaat moeizaam")
    SO_SO = 3, _("gaat wel")
    WELL = 4, _("gaat goed")
    VERY_WELL = 5, _("gaat heel goed")


def _going(label: StrOrPromise) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, choices=Going, null=True, blank=True)


def _on_scale(name: str) -> models.Q:
    return models.Q((name, None)) | models.Q((f"{name}__range", (Going.BADLY, Going.VERY_WELL)))


class LifeSnapshot(models.Model):
    """One life area of the Foto: verleden – nu – gewenst, in words, and where somebody wants also how it goes there."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="snapshots")
    area = models.ForeignKey(LifeArea, on_delete=models.PROTECT, verbose_name=_("leefgebied"))
    past = models.TextField(_("verleden"), blank=True)
    present = models.TextField(_("nu"), blank=True)
    wanted = models.TextField(_("gewenst"), blank=True)
    past_going = _going(_("hoe het ging"))
    present_going = _going(_("hoe het nu gaat"))
    wanted_going = _going(_("hoe het zou moeten gaan"))
    updated_at = models.DateTimeField(_("bijgewerkt op"))

    class Meta:
        verbose_name = _("Foto")
        ordering = ["area__position"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "area"], name="snapshot_once_per_area"),
            models.CheckConstraint(
                condition=_on_scale("past_going") & _on_scale("present_going") & _on_scale("wanted_going"),
                name="snapshot_going_on_its_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}"

    @property
    def is_complete(self) -> bool:
        return bool(self.past and self.present and self.wanted)


class QFit(models.Model):
    """Q-fit: the method behind the zoekprofiel. Its six parts are rows of their own, below; this row says it was settled."""

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="qfit")
    extra_support = models.TextField(_("extra ondersteuningsvragen voor het werk"), blank=True)
    settled_at = models.DateTimeField(_("vastgesteld op"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Q-fit")

    def __str__(self) -> str:
        return "Q-fit"


class WorkExperience(models.Model):
    """Experience: paid work, internship, volunteer work. Part of Q-fit and CV."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="experiences")
    organisation = models.CharField(_("bedrijf of organisatie"), max_length=120)
    role = models.CharField(_("wat deed je daar"), max_length=160)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("branche"))
    started_on = models.DateField(_("van"))
    ended_on = models.DateField(_("tot en met"), null=True, blank=True)

    class Meta:
        verbose_name = _("werkervaring")
        ordering = ["-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("started_on")),
                name="experience_dates",
                violation_error_message=END_BEFORE_BEGIN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.role}, {self.organisation}"


class Education(models.Model):
    """School and courses. Part of the CV."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="educations")
    name = models.CharField(_("opleiding of cursus"), max_length=160)
    school = models.CharField(_("school"), max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(_("niveau"), choices=EducationLevel)
    started_on = models.DateField(_("van"), null=True, blank=True)
    ended_on = models.DateField(_("tot en met"), null=True, blank=True)
    has_diploma = models.BooleanField(_("diploma of certificaat gehaald"), default=False)

    class Meta:
        verbose_name = _("opleiding")
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None)
                | models.Q(started_on=None)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="education_dates",
                violation_error_message=END_BEFORE_BEGIN,
            )
        ]

    def __str__(self) -> str:
        return self.name


def five_steps(label: StrOrPromise) -> models.PositiveSmallIntegerField:
    """A field from 1 (little) to 5 (much)."""
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(5)], default=3)


class Interest(models.Model):
    """Interest in a branch, 1 (a little) to 5 (very much). Part of Q-fit."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="interests")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branche"))
    strength = five_steps(_("hoe graag (1–5)"))
    remark = models.CharField(_("wat spreekt aan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("interesse")
        ordering = ["-strength", "branch__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "branch"],
                name="interest_once_per_branch",
                violation_error_message=_("Deze branche staat er al."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.branch}"


class Ability(models.Model):
    """Knowledge or ability, with how well. Part of Q-fit."""

    class Kind(models.TextChoices):
        KNOWLEDGE = "kennis", _("kennis")
        SKILL = "vaardigheid", _("vaardigheid")
        SOCIAL = "sociaal", _("sociale vaardigheid")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="abilities")
    kind = models.CharField(_("soort"), max_length=12, choices=Kind)
    description = models.CharField(_("wat kan of weet iemand"), max_length=160)
    level = five_steps(_("hoe goed (1–5)"))

    class Meta:
        verbose_name = _("kennis of vaardigheid")
        ordering = ["kind", "-level", "description"]

    def __str__(self) -> str:
        return self.description


class WorkLimitation(models.Model):
    """Functional limitation at work with the adaptation that helps. Part of Q-fit."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="limitations")
    load = models.CharField(_("belasting"), max_length=12, choices=WorkLoad)
    maximum = models.PositiveSmallIntegerField(
        _("wat kan wel (0 = niet, 4 = veel)"), validators=[MaxValueValidator(4)], default=2
    )
    adaptation = models.CharField(_("wat helpt op het werk"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("beperking in het werk")
        ordering = ["load"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "load"],
                name="limitation_once_per_load",
                violation_error_message=_("Deze belasting staat er al."),
            )
        ]

    def __str__(self) -> str:
        return self.get_load_display()


class LabourProspect(models.Model):
    """Labour-market prospect per branch in the region. Part of Q-fit."""

    class Outlook(models.TextChoices):
        GOOD = "goed", _("goed")
        FAIR = "redelijk", _("redelijk")
        POOR = "matig", _("matig")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="prospects")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, verbose_name=_("branche"))
    outlook = models.CharField(_("kans op werk"), max_length=10, choices=Outlook)
    explanation = models.CharField(_("toelichting"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("arbeidsmarktkans")
        ordering = ["branch__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "branch"],
                name="prospect_once_per_branch",
                violation_error_message=_("Deze branche staat er al."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.branch}"


class SupportNeed(models.Model):
    """Ondersteuningsvraag on a life area; housing, leisure and money run in parallel with the trajectory."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        PARALLEL = "loopt", _("geregeld, loopt naast het traject")
        SETTLED = "geregeld", _("geregeld")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="support_needs")
    area = models.ForeignKey(LifeArea, on_delete=models.PROTECT, verbose_name=_("leefgebied"))
    question = models.TextField(_("vraag"))
    approach = models.TextField(_("aanpak"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("wie pakt dit op"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("ondersteuningsvraag")
        ordering = ["area__position", "pk"]

    def __str__(self) -> str:
        return self.question[:60]

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class SupportReview(models.Model):
    """The toets that all support questions were asked and settled, also when there are none (R3)."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="support_reviews")
    conclusion = models.TextField(_("conclusie"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("toets ondersteuningsvragen")
        ordering = ["-at"]


class FinanceCheck(models.Model):
    """Toets of finances: who pays, how, and is it settled (R3). The employer never sees it (decision 12)."""

    class Outcome(models.TextChoices):
        SETTLED = "geregeld", _("geregeld")
        NOT_SETTLED = "niet_geregeld", _("nog niet geregeld")

    class Source(models.TextChoices):
        CLIENT = "opdrachtgever", _("opdrachtgever")
        PERSONAL_BUDGET = "pgb", _("persoonsgebonden budget")
        EMPLOYER = "werkgever", _("werkgever")
        EDUCATION = "onderwijs", _("onderwijs")
        SELF = "zelf", _("kandidaat zelf")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="finance_checks")
    outcome = models.CharField(_("uitkomst"), max_length=15, choices=Outcome)
    source = models.CharField(_("bron"), max_length=15, choices=Source)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opdrachtgever")
    )
    amount = models.DecimalField(
        _("bedrag in euro"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    keeps_benefit = models.BooleanField(_("uitkering blijft tijdens de proefperiode"), default=True)
    remarks = models.TextField(_("toelichting"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("toets financiën")
        ordering = ["-at", "-pk"]

    @property
    def is_settled(self) -> bool:
        return self.outcome == self.Outcome.SETTLED


class ContactMoment(models.Model):
    """Gesprek or contact: planned, held or fallen through."""

    class Kind(models.TextChoices):
        INTAKE = "intake", _("Kennismaking / intake")
        CAREER = "loopbaan", _("Loopbaangesprek")
        COACHING = "coaching", _("Jobcoachgesprek")
        APPLICATION = "sollicitatie", _("Sollicitatiegesprek")
        ADVICE = "advies", _("Adviesgesprek")
        AFTERCARE = "nazorg", _("Nazorggesprek")
        EXIT = "exit", _("Exitgesprek")
        PHONE = "telefoon", _("Telefonisch contact")
        NOTE = "notitie", _("Notitie")
        MESSAGE = "bericht", _("Bericht")
        OTHER = "overig", _("Overig")

    class Status(models.TextChoices):
        PLANNED = "gepland", _("gepland")
        HELD = "gevoerd", _("gevoerd")
        NO_SHOW = "niet_verschenen", _("niet verschenen")
        CANCELLED = "vervallen", _("vervallen")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="contact_moments")
    kind = models.CharField(_("soort"), max_length=15, choices=Kind)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PLANNED)
    at = models.DateTimeField(_("wanneer"))
    place = models.CharField(_("plaats"), max_length=120, blank=True)
    subject = models.CharField(_("onderwerp"), max_length=160, blank=True)
    notes = models.TextField(_("verslag"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("met wie van ons")
    )

    class Meta:
        verbose_name = _("contactmoment")
        verbose_name_plural = _("contactmomenten")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "status", "at"], name="contact_agenda")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def is_note(self) -> bool:
        """Written by somebody, for the file or as a mail; nobody was met."""
        return self.kind in (self.Kind.NOTE, self.Kind.MESSAGE)

    @property
    def is_held(self) -> bool:
        return self.status == self.Status.HELD

    @property
    def in_full(self) -> str:
        """What was said, as the timeline tells it; a message with what it was about."""
        if self.kind == self.Kind.MESSAGE:
            return "\n".join(filter(None, (self.subject, self.notes)))
        return self.notes or self.subject


def document_path(document: CandidateDocument, filename: str) -> str:
    """A random name outside the static root; the name people know is stored beside it."""
    import uuid

    return f"kandidaten/{uuid.uuid4().hex}"


class CandidateDocument(models.Model):
    """An uploaded file of the CV or the portfolio."""

    class Kind(models.TextChoices):
        CV = "cv", _("CV")
        PORTFOLIO = "portfolio", _("Portfolio-onderdeel")
        CERTIFICATE = "certificaat", _("Diploma of certificaat")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("soort"), max_length=12, choices=Kind)
    title = models.CharField(_("titel"), max_length=160)
    file = models.FileField(_("bestand"), upload_to=document_path, max_length=200)
    original_name = models.CharField(_("bestandsnaam"), max_length=200)
    content_type = models.CharField(_("soort bestand"), max_length=100)
    size = models.PositiveIntegerField(_("grootte in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("toegevoegd op"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("door")
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documenten")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.title
