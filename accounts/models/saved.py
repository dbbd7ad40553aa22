"""Filters that somebody keeps above a list, for themselves or for the colleagues of one of their roles in its region."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.reference import Region
from accounts.models.roles import Role
from topjob.conditions import any_of


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> SavedFilterQuerySet:
        """One's own, and what was shared with a role that this person holds in that region. Never what is another's alone."""
        held = [
            models.Q(role=row.role, region=row.region_id) for row in user.membership_list if not row.organisation_id
        ]
        return self.filter(any_of(models.Q(owner=user.pk), *held))


class SavedFilter(models.Model):
    """A filter that somebody keeps: which list, and what was chosen there. It never holds who was searched for."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(_("lijst"), max_length=60)
    name = models.CharField(_("naam"), max_length=40)
    query = models.CharField(_("wat gekozen is"), max_length=600)
    # Whom it is shared with; without a role it is the owner's alone.
    role = models.CharField(_("rol"), max_length=20, choices=Role, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("arbeidsmarktregio")
    )
    created_at = models.DateTimeField()

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("bewaard filter")
        verbose_name_plural = _("bewaarde filters")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["page", "role", "region"], name="saved_filter_shared")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="saved_filter_once",
                violation_error_message=_("Je hebt al een filter met deze naam bij deze lijst."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shared_with(self) -> str:
        """Whose it is besides the owner's, in words; empty when nobody's."""
        where = f" · {self.region}" if self.region else ""
        return f"{self.get_role_display()}{where}" if self.role else ""
