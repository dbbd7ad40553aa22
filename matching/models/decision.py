"""What people did with matches: shortlist, decisions with what was shown, runs and tips."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from candidates.models import Candidate
from employers.models import Vacancy


class MatchDecisionQuerySet(models.QuerySet["MatchDecision"]):
    def visible_to(self, user: User) -> MatchDecisionQuerySet:
        return self.filter(candidate__in=Candidate.objects.visible_to(user))


class MatchDecision(models.Model):
    """A decision by a named person, with exactly what was shown, so that an auditor can repeat it."""

    protected_rows = True

    class Decision(models.TextChoices):
        PROPOSED = "voorgesteld", _("voorgesteld")
        DISCUSSED = "besproken", _("besproken")
        REJECTED = "afgewezen", _("afgewezen")
        PLACED = "geplaatst", _("geplaatst")

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="match_decisions")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="match_decisions")
    decision = models.CharField(_("besluit"), max_length=12, choices=Decision)
    reason = models.TextField(_("reden"), blank=True)
    at = models.DateTimeField(_("wanneer"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"), null=True
    )
    profile_version = models.PositiveIntegerField(_("versie van het zoekprofiel"), null=True)
    spec_version = models.CharField(_("versie van de criteria"), max_length=20)
    weights = models.JSONField(_("gewichten"))
    inputs = models.JSONField(_("gegevens waarmee gerekend is"))
    input_hash = models.CharField(_("controlegetal van de gegevens"), max_length=64)
    scores = models.JSONField(_("score per criterium"))
    knock_outs = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("knock-outs"))
    total = models.PositiveSmallIntegerField(_("totaal"))
    reverse_total = models.PositiveSmallIntegerField(_("totaal voor de andere kant"))
    rank = models.PositiveIntegerField(_("plaats in de ranglijst"), null=True)

    objects = MatchDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("besluit over een match")
        verbose_name_plural = _("besluiten over matches")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["candidate", "-id"], name="decision_candidate"),
            models.Index(fields=["vacancy", "-id"], name="decision_vacancy"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision="afgewezen") | ~models.Q(reason=""),
                name="decision_rejection_has_reason",
                violation_error_message=_("Geef de reden van de afwijzing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidate} – {self.vacancy}: {self.get_decision_display()}"


class Shortlisted(models.Model):
    """A vacancy kept beside a person to come back to."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="shortlist")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="shortlist")
    at = models.DateTimeField(_("wanneer"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("door"))

    class Meta:
        verbose_name = _("plaats op de shortlist")
        verbose_name_plural = _("shortlist")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["candidate", "vacancy"], name="shortlisted_once")]

    def __str__(self) -> str:
        return f"{self.candidate} – {self.vacancy}"


class MatchRun(models.Model):
    """Every run over many pairs: why it ran, with which spec and weights, how much it looked at."""

    class Kind(models.TextChoices):
        NIGHTLY = "nacht", _("nachtelijk")
        VACANCY = "vacature", _("nieuwe of gewijzigde vacature")
        PROFILE = "zoekprofiel", _("nieuw of gewijzigd zoekprofiel")
        AUDIT = "audit", _("controle op gelijke kansen")

    kind = models.CharField(_("soort"), max_length=12, choices=Kind)
    subject_id = models.BigIntegerField(_("onderwerp"), null=True)
    started_at = models.DateTimeField(_("begonnen op"))
    ended_at = models.DateTimeField(_("klaar op"), null=True)
    spec_version = models.CharField(_("versie van de criteria"), max_length=20)
    weights_hash = models.CharField(_("controlegetal van de gewichten"), max_length=64)
    # By which equals were shuffled in this run (`matching.ties`).
    seed = models.BigIntegerField(_("zaad van de loting"), default=0)
    profiles = models.PositiveIntegerField(_("zoekprofielen"), default=0)
    vacancies = models.PositiveIntegerField(_("vacatures"), default=0)
    tips = models.PositiveIntegerField(_("nieuwe tips"), default=0)

    class Meta:
        verbose_name = _("matchronde")
        verbose_name_plural = _("matchrondes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d %H:%M}"


class Tip(models.Model):
    """A good fit that the werkmakelaar was told about: each pair once, never twice."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="match_tips")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="match_tips")
    total = models.PositiveSmallIntegerField(_("totaal"))
    found_at = models.DateTimeField(_("gevonden op"))
    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="found")
    seen_at = models.DateTimeField(_("gezien op"), null=True)

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["candidate", "vacancy"], name="tip_once")]

    def __str__(self) -> str:
        return f"{self.candidate} – {self.vacancy}: {self.total}"


class AuditFigure(models.Model):
    """One group in one check on equal chances."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="figures")
    dimension = models.CharField(_("kenmerk"), max_length=40)
    group = models.CharField(_("groep"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveIntegerField(_("personen"))
    eligible = models.PositiveIntegerField(_("met ten minste één passende vacature"))
    in_top = models.PositiveIntegerField(_("ten minste één keer in een top 10"))
    exposure = models.FloatField(_("zichtbaarheid"))
    exposure_margin = models.FloatField(_("marge van de zichtbaarheid"))
    criterion = models.CharField(_("criterium achter het verschil"), max_length=20, blank=True)
    criterion_gap = models.FloatField(_("verschil in knock-outs door dat criterium"), default=0)
    ranking_criterion = models.CharField(_("criterium achter de plaats in de ranglijst"), max_length=20, blank=True)
    ranking_gap = models.FloatField(_("verschil in punten door dat criterium"), default=0)

    class Meta:
        verbose_name = _("cijfer over gelijke kansen")
        verbose_name_plural = _("cijfers over gelijke kansen")
        ordering = ["dimension", "position"]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.group}"
