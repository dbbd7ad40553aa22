"""What has to be known to tell an employer which arrangements apply."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trajectories.models.trajectory import Trajectory


class EmployerSupport(models.Model):
    """Facts behind the money side of one case: looked up or agreed, with who and when. Changes are in the log."""

    class Regime(models.TextChoices):
        LIGHT = "licht", _("licht")
        MIDDLE = "midden", _("midden")

    trajectory = models.OneToOneField(Trajectory, on_delete=models.PROTECT, related_name="employer_support")
    in_register = models.BooleanField(_("in het doelgroepregister (banenafspraak)"), null=True, blank=True)
    checked_on = models.DateField(_("opgezocht op"), null=True, blank=True)
    coach_regime = models.CharField(_("jobcoach"), max_length=8, choices=Regime, blank=True)
    recorded_at = models.DateTimeField(_("vastgelegd op"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("regelingen voor de werkgever")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(in_register=None) | models.Q(checked_on__isnull=False),
                name="register_was_looked_up",
                violation_error_message=_("Vul in wanneer het is opgezocht."),
            )
        ]
