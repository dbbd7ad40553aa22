"""The texts of every document that is signed, in versions that the beheerder writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob import clock
from trajectories.models.placeholders import (
    CONTRACT_WORDS,
    EVALUATION_WORDS,
    PLAN_WORDS,
    UNPAID_WORDS,
    WAGE_WORDS,
    headings,
    unknown,
)
from trajectories.models.placement import Construction, Route

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from trajectories.models.plan import StartPlan

MAX_TEXT = 1500
MAX_CLAUSES = 6000
MAX_HEADING = 80
T = TypeVar("T", bound="TextVersion")


def known_words_only(text: str, words: Mapping[str, Any] = PLAN_WORDS) -> None:
    """Refuses a text with a word in braces that nothing can be filled in for."""
    if wrong := unknown(text, words):
        raise ValidationError(
            _("Dit kan niet ingevuld worden: %(words)s. Kies een woord uit de lijst.") % {"words": ", ".join(wrong)}
        )


def why_not_valid_from(day: date) -> str:
    """Why new texts can't hold from this day; empty when they can: what was sent stays as it is (R5)."""
    text = _("Nieuwe teksten kunnen niet in het verleden ingaan: wat verstuurd is, blijft zoals het is.")
    return str(text) if day < clock.today() else ""


def text_field(label: StrOrPromise, help_text: StrOrPromise, max_length: int = MAX_TEXT) -> models.TextField:
    return models.TextField(label, max_length=max_length, help_text=help_text)


class TextVersionQuerySet(models.QuerySet[T]):
    def valid_for(self, *, on: date, **which: str) -> T:
        """The version whose texts a document gets on this day; a later valid-from wins, then a higher version."""
        found = self.filter(valid_from__lte=on, **which).order_by("-valid_from", "-number").first()
        if found is None:
            raise self.model.DoesNotExist(f"no texts for {which} on {on}")
        return found


class TextVersion(models.Model):
    """One version of the texts of one document. Never changes; a better text is a new version."""

    protected_rows = True
    # The fields that say which document, and the fields with its texts.
    WHICH: ClassVar[tuple[str, ...]]
    TEXTS: ClassVar[tuple[str, ...]]

    number = models.PositiveSmallIntegerField(_("versie"))
    valid_from = models.DateField(_("geldig vanaf"))
    created_at = models.DateTimeField(_("gemaakt op"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def which(self) -> dict[str, str]:
        """Whose texts these are."""
        return {name: getattr(self, name) for name in self.WHICH}

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.TEXTS}

    @property
    def words(self) -> Mapping[str, Any]:
        """The words that can stand in braces in this document, with what they mean."""
        raise NotImplementedError

    def clean(self) -> None:
        """A word that this document can't fill in is refused where it stands."""
        wrong: dict[str, ValidationError] = {}
        for name, text in self.texts.items():
            try:
                known_words_only(text, self.words)
            except ValidationError as error:
                wrong[name] = error
        if wrong:
            raise ValidationError(wrong)


class PlanTemplate(TextVersion):
    """The texts of the startplan for one construction and route."""

    construction = models.CharField(_("constructie"), max_length=1, choices=Construction)
    route = models.CharField(_("route"), max_length=12, choices=Route)
    opening = text_field(_("Waar dit plan over gaat"), _("De eerste alinea. Twee of drie korte zinnen."))
    trial = text_field(_("Hoe de proefperiode werkt"), _("Wat voor contract, wat met de uitkering."))
    training = text_field(_("Hoe de opleiding werkt"), _("Wat deze route inhoudt."))
    youth_promises = text_field(_("Wat de jongere belooft"), _("Begin elke regel met een streepje."))
    employer_promises = text_field(_("Wat het bedrijf belooft"), _("Begin elke regel met een streepje."))
    coach_promises = text_field(_("Wat jobcoach en regisseur beloven"), _("Begin elke regel met een streepje."))
    trouble = text_field(_("Als het niet goed gaat"), _("Wat de jongere dan doet, en wat er dan gebeurt."))
    afterwards = text_field(_("Wat er na de proefperiode komt"), _("Als iedereen tevreden is, en als dat niet zo is."))

    WHICH = ("construction", "route")
    TEXTS = (
        "opening",
        "trial",
        "training",
        "youth_promises",
        "employer_promises",
        "coach_promises",
        "trouble",
        "afterwards",
    )

    objects = TextVersionQuerySet["PlanTemplate"].as_manager()

    class Meta:
        verbose_name = _("teksten van het startplan")
        verbose_name_plural = _("teksten van het startplan")
        ordering = ["construction", "route", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["construction", "route", "number"], name="plan_template_version_once")
        ]

    def __str__(self) -> str:
        return f"Startplan constructie {self.construction}, route {self.route}, versie {self.number}"

    @property
    def words(self) -> Mapping[str, Any]:
        return PLAN_WORDS

    @classmethod
    def of(cls, plan: StartPlan) -> PlanTemplate:
        """The texts of a version: those it was sent with; for a draft those that hold today."""
        if plan.template is not None:
            return plan.template
        day = clock.local(plan.sent_at) if plan.sent_at else clock.today()
        return cls.objects.valid_for(construction=plan.construction, route=plan.route, on=day)


class PaperKind(models.TextChoices):
    """The documents beside the startplan that are signed."""

    EVALUATION = "evaluatie", _("Evaluatieverslag")
    WAGE_VALUE = "loonwaarde", _("Verklaring loonwaarde")
    TRIAL_CONTRACT = "proefcontract", _("Proefcontract bij MaatwerQ")
    LEARN_WORK = "leerwerk", _("Leerwerkcontract")
    FLEX = "maatwerq_flex", _("Leerwerkcontract MaatwerQ-flex")
    SECONDMENT = "detachering", _("Overeenkomst van detachering")
    AGENCY = "uitzenden", _("Uitzendovereenkomst")
    TAKEOVER = "overname", _("Arbeidsovereenkomst bij overname")
    DIRECT = "direct", _("Arbeidsovereenkomst")
    INTERNSHIP = "stage", _("Stageovereenkomst")
    SOCIAL_INTERNSHIP = "maatschappelijk", _("Overeenkomst maatschappelijke stage")
    VOLUNTEER = "vrijwilliger", _("Vrijwilligersovereenkomst")
    WORK_EXPERIENCE = "werkervaring", _("Werkervaringsovereenkomst")
    TRAINING = "leren", _("Leerovereenkomst")
    WORKSHOP = "werkatelier", _("Overeenkomst zorg-werkatelier")

    @property
    def is_contract(self) -> bool:
        return self not in (PaperKind.EVALUATION, PaperKind.WAGE_VALUE)

    @property
    def is_unpaid(self) -> bool:
        """An agreement by which nobody is employed: without wage, holiday pay or probation."""
        return self in UNPAID


UNPAID = (
    PaperKind.INTERNSHIP,
    PaperKind.SOCIAL_INTERNSHIP,
    PaperKind.VOLUNTEER,
    PaperKind.WORK_EXPERIENCE,
    PaperKind.TRAINING,
    PaperKind.WORKSHOP,
)


class PaperTemplate(TextVersion):
    """The texts of one kind of document beside the startplan. What a paper was made with is copied in its lines."""

    kind = models.CharField(_("soort"), max_length=16, choices=PaperKind)
    opening = text_field(_("Waar dit document over gaat"), _("De eerste alinea's. Twee of drie korte zinnen."))
    clauses = text_field(
        _("Wat erin staat"),
        _("Na de gegevens uit het dossier. Een regel die met # begint, is een kop. Elke kop krijgt een eigen deel."),
        MAX_CLAUSES,
    )

    WHICH = ("kind",)
    TEXTS = ("opening", "clauses")
    WORDS: ClassVar[dict[str, Mapping[str, Any]]] = {
        PaperKind.EVALUATION: EVALUATION_WORDS,
        PaperKind.WAGE_VALUE: WAGE_WORDS,
        **dict.fromkeys(UNPAID, UNPAID_WORDS),
    }

    objects = TextVersionQuerySet["PaperTemplate"].as_manager()

    class Meta:
        verbose_name = _("teksten van een document")
        verbose_name_plural = _("teksten van documenten")
        ordering = ["kind", "-number"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="paper_template_version_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, versie {self.number}"

    @property
    def words(self) -> Mapping[str, Any]:
        return self.WORDS.get(self.kind, CONTRACT_WORDS)

    def clean(self) -> None:
        """Its parts have headings that fit on a line."""
        super().clean()
        if any(not 1 <= len(heading) <= MAX_HEADING for heading in headings(self.clauses)):
            text = _("Een kop is een regel van 1 tot en met %(n)s tekens achter het #-teken.") % {"n": MAX_HEADING}
            raise ValidationError({"clauses": text})
