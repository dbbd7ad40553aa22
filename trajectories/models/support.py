"""What has to be known to tell an employer which arrangements apply, and what was done to get them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
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


class SupportStep(models.Model):
    """One thing that had to be done for an arrangement at one company: done on a day, or not needed, with why."""

    class Kind(models.TextChoices):
        WAGE_SUBSIDY = "lks", _("Loonkostensubsidie aanvragen")
        WAGE_SUBSIDY_DECISION = "lks-besluit", _("Besluit op de loonkostensubsidie vastleggen")
        TAX_RETURN = "lkv-aangifte", _("Loonkostenvoordeel aanzetten in de loonaangifte")
        TAX_STATEMENT = "lkv-verklaring", _("Doelgroepverklaring navragen")
        NO_RISK = "no-risk", _("No-riskpolis navragen")
        COACH = "jobcoach", _("Jobcoach aanvragen")

    class Outcome(models.TextChoices):
        DONE = "gedaan", _("gedaan")
        NOT_NEEDED = "niet_nodig", _("niet nodig")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="support_steps")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("werkgever")
    )
    kind = models.CharField(_("wat"), max_length=20, choices=Kind)
    outcome = models.CharField(_("uitkomst"), max_length=12, choices=Outcome)
    on = models.DateField(_("op"))
    note = models.CharField(_("toelichting of kenmerk"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("vastgelegd op"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("stap voor een regeling")
        verbose_name_plural = _("stappen voor regelingen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "organisation", "kind"], name="support_step_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="gedaan") | ~models.Q(note=""),
                name="support_step_not_needed_has_reason",
                violation_error_message=_("Schrijf op waarom het niet nodig is."),
            ),
        ]

    @property
    def is_done(self) -> bool:
        return self.outcome == self.Outcome.DONE
