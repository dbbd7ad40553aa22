"""Documents beside the startplan that are signed the same way, and signatures that were put on paper."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from trajectories.models.plan import (
    OF_OTHER_PAPERS,
    ON_PAPER,
    GeneratedDocument,
    Party,
    PlanParty,
    Signable,
    known_to_company,
    progress,
)
from trajectories.models.template import PaperKind, PaperTemplate
from trajectories.models.trajectory import Trajectory


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: User) -> PaperQuerySet:
        """Papers of the trajectories someone may open."""
        return self.filter(trajectory__in=Trajectory.objects.visible_to(user))

    def with_parts(self) -> PaperQuerySet:
        """With everything a paper says and who signed it."""
        return self._with_content().prefetch_related("parties", "signatures")

    def with_progress(self) -> PaperQuerySet:
        """With everything a paper says and how far each party is."""
        return self._with_content().prefetch_related(*progress())

    def _with_content(self) -> PaperQuerySet:
        named = ("trajectory__candidate", "trajectory__client", "organisation", "template")
        return self.select_related(*named, "document", "signed_document").prefetch_related("lines")


class Paper(Signable):
    """A document that is made of something in the file and signed: an evaluation, a loonwaarde, a contract.

    What it says is copied in its lines when it is made: the page, the PDF and what is signed are the same words, whatever happens
    to the file later. Once sent it is fixed, like a startplan (R5).
    """

    Kind = PaperKind

    class Status(models.TextChoices):
        DRAFT = "concept", _("concept")
        SENT = "verzonden", _("verzonden, wacht op handtekeningen")
        SIGNED = "getekend", _("getekend")
        WITHDRAWN = "ingetrokken", _("ingetrokken")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("soort"), max_length=16, choices=PaperKind)
    # The version of the texts that it was made with; none for what was made before there were versions.
    template = models.ForeignKey(
        PaperTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("teksten")
    )
    # The evaluation, loonwaarde or contract it was made of.
    subject_id = models.BigIntegerField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bedrijf")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    # What it comes down to, in one sentence that everybody confirms.
    summary = models.CharField(_("kern"), max_length=300)
    created_at = models.DateTimeField(_("gemaakt op"))

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("document om te tekenen")
        verbose_name_plural = _("documenten om te tekenen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=~models.Q(status="ingetrokken"),
                name="one_paper_of_a_subject",
                violation_error_message=_("Dit document is er al."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["verzonden", "getekend"]) | models.Q(sent_at__isnull=False),
                name="paper_sent_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.trajectory}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    def required_signers(self) -> set[str]:
        """Everybody who was named signs."""
        return {party.party for party in self.parties.all()}


class PaperLine(models.Model):
    """One thing a paper says, under a heading (without one: in its opening). Fixed with it."""

    class Form(models.TextChoices):
        PLAIN = "", _("gegeven of alinea")
        POINT = "punt", _("punt van een lijst")
        COLUMNS = "kolommen", _("koppen van een tabel")
        ROW = "rij", _("rij van een tabel")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="lines")
    section = models.CharField(_("kop"), max_length=120, blank=True)
    form = models.CharField(_("vorm"), max_length=8, choices=Form, default=Form.PLAIN, blank=True)
    label = models.CharField(_("wat"), max_length=160, blank=True)
    text = models.TextField(_("tekst"), blank=True)
    cells = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("cellen"))

    class Meta:
        verbose_name = _("regel van een document")
        ordering = ["paper", "pk"]


class PrintedStatements(models.Model):
    """What was printed above the line of a party that signs on paper, word for word, in the document as it was sent."""

    protected_rows = True

    party = models.OneToOneField(PlanParty, on_delete=models.PROTECT, related_name="printed")
    document = models.ForeignKey(GeneratedDocument, on_delete=models.PROTECT, related_name="printed")
    statements = ArrayField(models.CharField(max_length=300), verbose_name=_("gedrukt boven de handtekening"))

    class Meta:
        verbose_name = _("gedrukt om te bevestigen")


def scan_path(scan: Scan, filename: str) -> str:
    return f"handtekeningen/{uuid.uuid4().hex}"


class Scan(models.Model):
    """A party's signature on the printed document: uploaded by one member of staff, looked at by another (four eyes)."""

    party = models.ForeignKey(PlanParty, on_delete=models.PROTECT, related_name="scans")
    role = models.CharField(_("rol"), max_length=20, choices=Party)
    # The document that was printed.
    document_sha256 = models.CharField(_("vingerafdruk van het document"), max_length=64)
    signed_on = models.DateField(_("datum op het papier"))
    file = models.FileField(_("scan"), upload_to=scan_path, max_length=200)
    original_name = models.CharField(_("bestandsnaam"), max_length=200)
    content_type = models.CharField(_("soort bestand"), max_length=100)
    size = models.PositiveIntegerField(_("grootte in bytes"))
    sha256 = models.CharField(_("vingerafdruk van de scan"), max_length=64)
    uploaded_at = models.DateTimeField(_("geüpload op"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("akkoord op"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_at = models.DateTimeField(_("afgekeurd op"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_reason = models.TextField(_("waarom afgekeurd"), blank=True)

    class Meta:
        verbose_name = _("handtekening op papier")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["party"], condition=models.Q(confirmed_at=None, refused_at=None), name="scan_waiting")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party"],
                condition=models.Q(refused_at=None),
                name="one_scan_per_party",
                violation_error_message=_("Er is al een scan voor deze persoon."),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("uploaded_by")),
                name="scan_has_four_eyes",
                violation_error_message=_("Wie de scan uploadt, kijkt haar niet zelf na."),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False, refused_at=None),
                name="scan_confirmed_by_somebody",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether a second member of staff still has to look at it."""
        return self.confirmed_at is None and self.refused_at is None


def _of_papers(user: User, own: models.Q) -> models.Q:
    """The papers of one's own case, and those of a company one represents while the name is the company's to know."""
    employed = models.Q(organisation__in=user.organisations_as(Role.WERKGEVER)) & known_to_company(
        candidate="trajectory__candidate", trajectory="trajectory", organisation="organisation"
    )
    papers = Paper.objects.filter(employed | own).exclude(status=Paper.Status.WITHDRAWN)
    return models.Q(pk__in=papers.values("document")) | models.Q(pk__in=papers.values("signed_document"))


OF_OTHER_PAPERS.append(_of_papers)


def _scans() -> models.Prefetch:
    return models.Prefetch("parties__scans", Scan.objects.select_related("uploaded_by", "confirmed_by"))


ON_PAPER.append(_scans)
