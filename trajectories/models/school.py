"""What a school makes for whoever learns at a company: the praktijkovereenkomst (WEB art. 7.2.8)."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob.dates import END_BEFORE_BEGIN
from trajectories.models.trajectory import Trajectory


def practice_path(agreement: PracticeAgreement, filename: str) -> str:
    return f"praktijkovereenkomsten/{uuid.uuid4().hex}"


class PracticeAgreement(models.Model):
    """Praktijkovereenkomst (POK) of student, school and leerbedrijf. What it says is fixed; that it stopped is added once."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="practice_agreements")
    school = models.CharField(_("school"), max_length=120)
    training = models.CharField(_("opleiding"), max_length=160)
    crebo = models.CharField(
        _("crebonummer"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}\Z", _("Een crebonummer heeft vijf cijfers."))],
        help_text=_("Vijf cijfers; staat op de praktijkovereenkomst."),
    )
    starts_on = models.DateField(_("van"))
    ends_on = models.DateField(_("tot en met"))
    file = models.FileField(_("praktijkovereenkomst"), upload_to=practice_path, max_length=200)
    original_name = models.CharField(_("bestandsnaam"), max_length=200)
    content_type = models.CharField(_("soort bestand"), max_length=100)
    size = models.PositiveIntegerField(_("grootte in bytes"))
    sha256 = models.CharField(_("vingerafdruk"), max_length=64)
    recorded_at = models.DateTimeField(_("vastgelegd op"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The first day on which it holds no more; its own first day when it never held.
    stopped_on = models.DateField(_("geldt niet meer vanaf"), null=True, blank=True)
    stopped_because = models.TextField(_("waarom niet meer"), blank=True)

    class Meta:
        verbose_name = _("praktijkovereenkomst")
        verbose_name_plural = _("praktijkovereenkomsten")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="practice_dates",
                violation_error_message=END_BEFORE_BEGIN,
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_on=None, stopped_because="")
                | models.Q(models.Q(stopped_on__gte=models.F("starts_on")), ~models.Q(stopped_because="")),
                name="practice_stop_has_reason",
                violation_error_message=_("Zeg vanaf welke dag de praktijkovereenkomst niet meer geldt, en waarom."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training}, {self.school}"

    def covers(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.starts_on <= day <= self.ends_on and not self.has_stopped(day)

    def has_stopped(self, day: date) -> bool:
        return self.stopped_on is not None and self.stopped_on <= day
