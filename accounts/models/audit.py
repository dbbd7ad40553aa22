"""The log: who, when, what, why (R14). Rows never change; personal words stand in a table apart (decision 11)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import verbs


class AuditText(models.Model):
    """The words of a reason. Separate, so that retention can destroy them while the log row stays."""

    protected_rows = True

    text = models.TextField(_("toelichting"))
    candidate_id = models.BigIntegerField(_("kandidaat"), null=True, db_index=True)
    # Part of the words' fingerprint in the chain, so that destroyed words can't be guessed from it.
    salt = models.UUIDField(db_default=RandomUUID(), editable=False)

    def __str__(self) -> str:
        return self.text[:60]


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about_trajectory(self, trajectory_id: int) -> AuditEntryQuerySet:
        """What happened in one trajectory, newest first."""
        return self.filter(trajectory_id=trajectory_id).select_related("actor").order_by("-pk")

    def about_candidate(self, candidate_id: int) -> AuditEntryQuerySet:
        return self.filter(candidate_id=candidate_id).select_related("actor").order_by("-pk")

    def anything_since(self, candidate_id: int, number: int) -> bool:
        """Whether anything happened in this file after that row: then what was done there can't simply be undone."""
        return self.filter(candidate_id=candidate_id, pk__gt=number).exists()

    def last_of(self, candidate_id: int) -> int:
        """The number of the newest row about this file."""
        return self.filter(candidate_id=candidate_id).aggregate(last=models.Max("pk"))["last"] or 0

    def about_candidates(self, numbers: models.QuerySet) -> AuditEntryQuerySet:
        """What happened in any of these files: a person whose files were joined has several numbers."""
        return self.filter(candidate_id__in=numbers).select_related("actor").order_by("-pk")


class AuditEntry(models.Model):
    """One thing that was done or read. Holds ids, not personal text."""

    protected_rows = True

    class Party(models.TextChoices):
        STAFF = "medewerker", _("medewerker")
        YOUTH = "jongere", _("jongere")
        REPRESENTATIVE = "vertegenwoordiger", _("wettelijk vertegenwoordiger")
        EMPLOYER = "werkgever", _("werkgever")
        JOBCOACH = "jobcoach", _("jobcoach")
        MAATWERQ = "maatwerq", _("MaatwerQ")
        PUBLIC = "publiek", _("aanmelder")
        SYSTEM = "systeem", _("systeem")

    at = models.DateTimeField(_("wanneer"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("wie")
    )
    party = models.CharField(_("hoedanigheid"), max_length=20, choices=Party)
    verb = models.CharField(_("wat"), max_length=60)
    subject_type = models.CharField(_("soort onderwerp"), max_length=60)
    subject_id = models.BigIntegerField(_("onderwerp"))
    candidate_id = models.BigIntegerField(_("kandidaat"), null=True, blank=True)
    trajectory_id = models.BigIntegerField(_("traject"), null=True, blank=True)
    state_from = models.CharField(_("van"), max_length=20, blank=True)
    state_to = models.CharField(_("naar"), max_length=20, blank=True)
    details = models.JSONField(_("gegevens (ids)"), default=dict, blank=True)
    # No database constraint: the words may be destroyed after retention while this row stays.
    text = models.ForeignKey(
        AuditText, on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, verbose_name=_("waarom")
    )

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("logregel")
        verbose_name_plural = _("logboek")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["trajectory_id", "-id"], name="audit_trajectory"),
            models.Index(fields=["candidate_id", "-id"], name="audit_candidate"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["verb", "-id"], name="audit_verb"),
            # Of one person, and whether they did something in a case since.
            models.Index(fields=["actor", "trajectory_id", "at"], name="audit_actor"),
            # What a client's figures count among millions of rows.
            models.Index(
                fields=["trajectory_id"],
                condition=models.Q(state_to="AFSLUITING", verb__in=["stop", "break_off_trial"]),
                name="audit_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"

    @property
    def what(self) -> str:
        """What happened, in words."""
        return verbs.words(self.verb)


class AuditLink(models.Model):
    """The link of one log row in the chain of fingerprints; the database works it out itself, in batches (`accounts.sealing`).

    `position` counts without gaps in the order of sealing, `previous` is the hash of the link before, `hash` covers both it and
    the row. The words of a reason are covered by `text_hash`, which outlives them.
    """

    protected_rows = True

    # No foreign key: the chain must show a row that is gone, not forbid to look.
    entry_id = models.BigIntegerField(_("logregel"), unique=True)
    position = models.BigIntegerField(_("plaats"), unique=True)
    text_hash = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("schakel van het logboek")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}"


class AuditUnsealed(models.Model):
    """A log row that isn't in the chain yet. Put here and taken away by the database only, in the transaction of the row."""

    protected_rows = True

    entry_id = models.BigIntegerField(_("logregel"), primary_key=True)
    # The real time: how long sealing is behind doesn't follow the demo's clock.
    since = models.DateTimeField(_("sinds"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("logregel die nog niet in de ketting staat")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry_id}"
