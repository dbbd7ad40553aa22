"""Who looked at whose data, when, on which kind of page (R14, decision 28)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import AuditEntry


class Page(models.TextChoices):
    """The kinds of page on which a person is shown. A view declares one beside its access rule (`accounts.access`)."""

    ADVICE = "advies", _("Advies")
    AFTERCARE = "nazorg", _("Nazorg")
    AT_WORK = "aan-het-werk", _("Mensen aan het werk bij een werkgever")
    APPLICATION = "sollicitatie", _("Sollicitatie")
    CALENDAR = "agenda", _("Agenda van een begeleider")
    CASE = "traject", _("Traject")
    CASES = "trajecten", _("Lijst van trajecten")
    COACHING = "jobcoach", _("Jobcoachgesprekken")
    COMPLETION = "afronding", _("Administratieve afronding")
    CONSENT = "toestemming", _("Toestemming")
    CONTACT = "gesprekken", _("Gesprekken en notities")
    CONTRACT = "contract", _("Contract: uurloon en praktijkovereenkomst")
    CV = "cv", _("CV")
    DOCUMENT = "bestand", _("Bestand uit het dossier")
    EVALUATION = "evaluatie", _("Evaluatie")
    EXIT = "exitgesprek", _("Exitgesprek")
    EXPORT = "export", _("Export van deelnemers")
    FILE = "dossier", _("Overzicht van het dossier")
    FINANCE = "financien", _("Financiën")
    FOTO = "foto", _("Foto")
    JOINING = "samenvoegen", _("Dossiers vergelijken en samenvoegen")
    LOG = "logboek", _("Logboek")
    MATCH = "passend", _("Passende vacatures en kandidaten")
    MONEY = "regelingen", _("Regelingen voor de werkgever")
    PAPER = "documenten", _("Documenten")
    PARTICIPANT = "deelnemer", _("Deelnemer, voor de opdrachtgever")
    PARTICIPANTS = "deelnemers", _("Lijst van deelnemers, voor de opdrachtgever")
    PERMISSION = "akkoord", _("Akkoord van de opdrachtgever")
    PERSONAL = "gegevens", _("Persoonlijke gegevens")
    PLAN = "startplan", _("Startplan")
    PORTFOLIO = "portfolio", _("Portfolio")
    PROJECT = "project", _("Groep van een leerwerkproject")
    PROPOSAL = "voorstel", _("Voorstel aan een werkgever")
    PROPOSALS = "voorstellen", _("Lijst van voorstellen aan een werkgever")
    QFIT = "qfit", _("Q-fit")
    QUICKSCAN = "quickscan", _("Quick-scan")
    REGISTRATION = "aanmelding", _("Aanmelding")
    REGISTRATIONS = "aanmeldingen", _("Lijst van aanmeldingen")
    RETENTION = "bewaren", _("Bewaren en vernietigen")
    SEARCH = "zoeken", _("Zoekresultaten")
    SEARCH_PROFILE = "zoekprofiel", _("Zoekprofiel")
    SUPPORT = "ondersteuning", _("Ondersteuning")
    TODAY = "vandaag", _("Werklijst van vandaag")
    TRIAL = "proefperiode", _("Proefperiode")
    USERS = "gebruikers", _("Gebruikers")
    VIEWED = "inzage", _("Wie heeft dit bekeken")
    WAGE = "loonwaarde", _("Loonwaarde")
    OTHER = "overig", _("Andere pagina")


# Pages that show many people at once: standing on one is no sign of somebody looking for you.
LISTS = (
    Page.AT_WORK, Page.CALENDAR, Page.CASES, Page.EXPORT, Page.LOG, Page.PARTICIPANTS, Page.PROJECT, Page.PROPOSALS,
    Page.REGISTRATIONS, Page.RETENTION, Page.SEARCH, Page.TODAY, Page.USERS, Page.VIEWED,
)  # fmt: skip


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of_people(self, *numbers: int) -> ReadingQuerySet:
        """Every showing of these files, on a page of their own or in a list."""
        return (
            self.filter(people__overlap=list(numbers)) if len(numbers) != 1 else self.filter(people__contains=numbers)
        )


class Reading(models.Model):
    """One request that showed people's data: a page, file, export, feed or list. Holds ids, not personal text."""

    protected_rows = True

    at = models.DateTimeField(_("wanneer"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="readings",
        verbose_name=_("wie"),
    )
    party = models.CharField(_("hoedanigheid"), max_length=20, choices=AuditEntry.Party)
    page = models.CharField(_("soort pagina"), max_length=20)
    route = models.CharField(_("adres"), max_length=60)
    people = ArrayField(models.BigIntegerField(), verbose_name=_("personen"))
    trace = models.CharField(_("verzoek"), max_length=36, blank=True)
    # The log row that holds why somebody looked outside their own cases; no constraint, that row can't go.
    reason_id = models.BigIntegerField(_("reden"), null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("inzage")
        verbose_name_plural = _("inzagen")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["actor", "-id"], name="reading_actor"),
            GinIndex(fields=["people"], name="reading_people"),
            BrinIndex(fields=["at"], name="reading_at", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.page}"

    @property
    def page_label(self) -> str:
        return str(Page(self.page).label) if self.page in Page.values else self.page


class ReadingSeal(models.Model):
    """A link in the chain of the readings: one for each batch that the worker found, made by the database only."""

    protected_rows = True

    position = models.BigIntegerField(_("plaats"), primary_key=True)
    readings = ArrayField(models.BigIntegerField(), verbose_name=_("inzagen"))
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("zegel onder inzagen")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}"


class ReadingUnsealed(models.Model):
    """A reading that isn't sealed yet. Put here and taken away by the database only, in the transaction of the row."""

    protected_rows = True

    reading_id = models.BigIntegerField(_("inzage"), primary_key=True)
    since = models.DateTimeField(_("sinds"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("inzage die nog niet verzegeld is")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reading_id}"
