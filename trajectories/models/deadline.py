"""A deadline is a row, found by a query: it doesn't depend on a process having been up (R17)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from trajectories.models.trajectory import Trajectory


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        return self.filter(closed_at=None)

    def due(self, today: date) -> DeadlineQuerySet:
        """Open deadlines of this day or earlier."""
        return self.open().filter(due_on__lte=today)

    def visible_to(self, user: User) -> DeadlineQuerySet:
        return self.filter(trajectory__in=Trajectory.objects.visible_to(user))


class Deadline(models.Model):
    """Termijn: what is due when, why, and whose it is. Moves when its cause moves, closes when done."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "opvolgen", _("Traject opvolgen")
        PLAN_UNSIGNED = "startplan_ongetekend", _("Startplan nog niet door iedereen getekend")
        TRIAL_START = "proef_start", _("Start van de proefperiode")
        MID_TERM = "tussenevaluatie", _("Tussengesprek in de proefperiode")
        EVALUATION_SOON = "evaluatie_voorbereiden", _("Evaluatie voorbereiden")
        TRIAL_END = "proef_einde", _("Einde van de proefperiode")
        VIEWS_MISSING = "oordelen", _("Oordelen voor de evaluatie verzamelen")
        PERMISSION_MISSING = "toestemming_ontbreekt", _("Toestemming van de opdrachtgever ontbreekt")
        PERMISSION_ENDING = "toestemming_eindigt", _("Toestemming van de opdrachtgever loopt af")
        COACHING = "jobcoachgesprek", _("Volgend jobcoachgesprek")
        CONTRACT_NOTICE = "aanzegging", _("Aanzegtermijn van het contract")
        CONTRACT_END = "contract_einde", _("Einde van het leerwerkcontract")
        CHECK_IN = "nazorgcontact", _("Nazorgcontact")
        AFTERCARE_END = "nazorg_einde", _("Einde van de nazorg")
        CLOSING = "afsluiten", _("Dossier afsluiten")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(_("soort"), max_length=25, choices=Kind)
    # Which of several of the same kind, such as the id of a check-in.
    subject_id = models.BigIntegerField(default=0)
    due_on = models.DateField(_("op"))
    owner_role = models.CharField(_("van"), max_length=20, choices=Role)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(_("gesloten op"), null=True, blank=True)
    # Handled after its day, for instance because nothing ran: marked, not skipped (R17).
    was_late = models.BooleanField(_("te laat"), default=False)
    notified_at = models.DateTimeField(_("gemaild op"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("termijn")
        verbose_name_plural = _("termijnen")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(closed_at=None), name="deadline_open"),
            models.Index(fields=["owner", "due_on"], condition=models.Q(closed_at=None), name="deadline_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "kind", "subject_id"],
                condition=models.Q(closed_at=None),
                name="one_open_deadline_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"
