"""What every app leans on: append-only rows, the outbox, and the certificates that documents were sealed with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob.labels import label_of


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def waiting(self) -> OutboxQuerySet:
        """Messages whose work isn't done and that haven't been given up."""
        return self.filter(done_at=None, dead_at=None)

    def due(self, now) -> OutboxQuerySet:
        """Waiting messages whose next try may start."""
        return self.waiting().filter(next_try_at__lte=now)


class OutboxMessage(models.Model):
    """Work that must follow a change, written in the same transaction as the change (RELIABILITY.md, I3).

    Celery is told after commit; the sweeper picks up what it was never told. `key` makes each effect happen once (I2).
    """

    class Outcome(models.TextChoices):
        WAITING = "wacht", _("wacht")
        DONE = "gedaan", _("gedaan")
        UNKNOWN = "onbekend", _("onbekend: iemand moet nakijken of het is aangekomen")
        DEAD = "opgegeven", _("opgegeven")

    key = models.CharField(_("sleutel"), max_length=200, unique=True)
    handler = models.CharField(_("werk"), max_length=80)
    payload = models.JSONField(_("gegevens"), default=dict)
    created_at = models.DateTimeField(_("gemaakt op"))
    next_try_at = models.DateTimeField(_("volgende poging"))
    attempts = models.PositiveSmallIntegerField(_("pogingen"), default=0)
    started_at = models.DateTimeField(_("begonnen op"), null=True, blank=True)
    done_at = models.DateTimeField(_("gedaan op"), null=True, blank=True)
    dead_at = models.DateTimeField(_("opgegeven op"), null=True, blank=True)
    outcome = models.CharField(_("uitkomst"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    error = models.TextField(_("fout"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(done_at=None, dead_at=None),
                name="outbox_waiting",
            ),
            models.Index(fields=["outcome", "-id"], name="outbox_outcome"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def label(self) -> str:
        """What it does, in words."""
        return label_of(self.handler)

    @property
    def is_done(self) -> bool:
        return self.outcome == self.Outcome.DONE

    @property
    def is_given_up(self) -> bool:
        return self.outcome == self.Outcome.DEAD

    @property
    def is_unknown(self) -> bool:
        """Somebody has to look whether it arrived."""
        return self.outcome == self.Outcome.UNKNOWN


class AnsweredForm(models.Model):
    """What a form that was sent got as its answer, kept for some days: sent again it gets the same (`topjob/once.py`)."""

    mark = models.CharField(_("kenmerk"), max_length=64, unique=True)
    location = models.TextField(_("naar"))
    at = models.DateTimeField(_("op"), db_index=True)

    class Meta:
        verbose_name = _("verstuurd formulier")
        verbose_name_plural = _("verstuurde formulieren")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.mark


class Round(models.Model):
    """How far a round through many rows has come, so that the next process goes on from there (`topjob/rounds.py`)."""

    name = models.CharField(_("ronde"), max_length=40, unique=True)
    # The number of the last row that was done; 0 at the beginning, and when nothing is left to do.
    reached = models.BigIntegerField(_("tot en met"), default=0)
    asked_at = models.DateTimeField(_("gevraagd op"))
    started_at = models.DateTimeField(_("begonnen op"))
    ended_at = models.DateTimeField(_("rond op"), null=True, blank=True)

    class Meta:
        verbose_name = _("ronde")
        verbose_name_plural = _("rondes")

    def __str__(self) -> str:
        return f"{self.name} {self.reached}"


class SealCertificate(models.Model):
    """A certificate that documents were sealed with; kept, so that they can be checked after it was replaced."""

    protected_rows = True

    sha256 = models.CharField(_("vingerafdruk (SHA-256)"), max_length=64, unique=True)
    der = models.BinaryField(_("certificaat"))
    subject = models.CharField(_("op naam van"), max_length=300)
    not_before = models.DateTimeField(_("geldig vanaf"))
    not_after = models.DateTimeField(_("geldig tot"))
    first_used_at = models.DateTimeField(_("voor het eerst gebruikt op"))

    class Meta:
        verbose_name = _("certificaat van het zegel")
        verbose_name_plural = _("certificaten van het zegel")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.subject


class StoredSms(models.Model):
    """An SMS of the demo or a test: kept to be read there instead of being sent. Production has a gateway and no rows here."""

    to = models.CharField(_("aan"), max_length=20)
    text = models.CharField(_("tekst"), max_length=500)
    sent_at = models.DateTimeField(_("verstuurd op"))
    reference = models.CharField(_("kenmerk"), max_length=120)

    class Meta:
        verbose_name = _("sms")
        verbose_name_plural = _("sms'en")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.to} {self.sent_at:%Y-%m-%d %H:%M}"


class CacheRow(models.Model):
    """The table of the cache while Redis is away (`topjob/shared.py`); Django's database cache reads and writes it."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "topjob_cache"

    def __str__(self) -> str:
        return self.cache_key


class DemoFill(models.Model):
    """The voorbeeldwereld of the demo: what it follows from, and whether it is whole. One row, or none."""

    seed = models.IntegerField(_("zaad"))
    day = models.DateField(_("dag waarop het vullen begon"))
    people = models.PositiveIntegerField(_("mensen"))
    finished_at = models.DateTimeField(_("compleet op"), null=True, blank=True)

    class Meta:
        verbose_name = _("voorbeeldwereld")
        verbose_name_plural = _("voorbeeldwerelden")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_demo_world")]

    def __str__(self) -> str:
        return f"{self.seed} · {self.day}"

    @property
    def people_done(self) -> int:
        """How many people are there, each of them whole."""
        return DemoStep.objects.filter(is_person=True).count()


class DemoStep(models.Model):
    """A part of the voorbeeldwereld that is there: written in the transaction that made it, so it is whole or not there."""

    name = models.CharField(_("naam"), max_length=40, unique=True)
    is_person = models.BooleanField(_("een mens"))

    class Meta:
        verbose_name = _("stap van de voorbeeldwereld")
        verbose_name_plural = _("stappen van de voorbeeldwereld")

    def __str__(self) -> str:
        return self.name
