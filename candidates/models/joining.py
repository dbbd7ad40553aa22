"""Two files and one person: that they aren't the same, or that they were joined, with every row that moved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from candidates.models.person import Candidate


class DifferentPeople(models.Model):
    """Somebody looked at two files that are alike and decided that they are of two people. Never changes (R14)."""

    protected_rows = True

    one = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("besloten op"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("besluit dat het twee personen zijn")
        verbose_name_plural = _("besluiten dat het twee personen zijn")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="different_people_are_two")
        ]

    def __str__(self) -> str:
        return f"{self.one_id} – {self.other_id}"


class FileJoin(models.Model):
    """Two files of one person were made one. The joined file stays as a pointer, with what couldn't move."""

    kept = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="joins")
    joined = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("samengevoegd op"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(_("ongedaan gemaakt op"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("samenvoeging van dossiers")
        verbose_name_plural = _("samenvoegingen van dossiers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["joined"], condition=models.Q(undone_at=None), name="file_joined_once")
        ]

    def __str__(self) -> str:
        return f"{self.joined_id} → {self.kept_id}"


class MovedRow(models.Model):
    """One row that went from the joined file to the kept one, so that undoing puts back exactly these."""

    join = models.ForeignKey(FileJoin, on_delete=models.CASCADE, related_name="moved")
    table = models.CharField(_("tabel"), max_length=80)
    column = models.CharField(_("kolom"), max_length=40)
    row_id = models.BigIntegerField(_("rij"))

    class Meta:
        verbose_name = _("verplaatste rij")
        constraints = [models.UniqueConstraint(fields=["join", "table", "column", "row_id"], name="row_moved_once")]


class TakenField(models.Model):
    """One of the person's own fields that the kept file took over, with what it said before."""

    join = models.ForeignKey(FileJoin, on_delete=models.CASCADE, related_name="taken")
    name = models.CharField(_("veld"), max_length=40)
    # Encrypted, and null when there was nothing.
    before = EncryptedTextField(_("was"), blank=True, null=True)
    after = EncryptedTextField(_("werd"), blank=True, null=True)

    class Meta:
        verbose_name = _("overgenomen veld")
        constraints = [models.UniqueConstraint(fields=["join", "name"], name="field_taken_once")]
