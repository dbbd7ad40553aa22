"""Cases that came to a guide and that they haven't opened yet: what Vandaag shows as new."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Role, User
from topjob.conditions import any_of
from trajectories.models.guides import GUIDES
from trajectories.models.trajectory import Trajectory


class ReceivedQuerySet(models.QuerySet["Received"]):
    def new_to(self, user: User) -> ReceivedQuerySet:
        """Open cases of which this person is still the guide and in which they did nothing since."""
        did = AuditEntry.objects.filter(actor=user, trajectory_id=OuterRef("trajectory"), at__gt=OuterRef("at"))
        still = any_of(*(models.Q(role=role, **{f"trajectory__{name}": user}) for role, name in GUIDES.items()))
        visible = Trajectory.objects.visible_to(user).open()
        return self.filter(still, ~Exists(did), user=user, trajectory__in=visible)


class Received(models.Model):
    """A case that was assigned or handed over to a guide. Gone once they open it."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="received")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(_("als"), max_length=20, choices=Role)
    at = models.DateTimeField(_("gekregen op"))

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        verbose_name = _("nieuw traject")
        verbose_name_plural = _("nieuwe trajecten")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="received_newest")]
        constraints = [models.UniqueConstraint(fields=["trajectory", "user"], name="received_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.at:%Y-%m-%d}"
