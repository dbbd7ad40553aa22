"""Zoekprofiel: what a person looks for and can do at work. Versions are kept; a confirmed version never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from accounts.models.reference import EducationLevel
from candidates.models import Candidate
from candidates.models.registration import Transport
from employers.models.vacancy import MOST_BELOW_LEAST
from matching.models.skill import SKILL_ONCE, Skill, skill_level

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SearchProfileQuerySet(models.QuerySet["SearchProfile"]):
    def visible_to(self, user: User) -> SearchProfileQuerySet:
        """Profiles of the people whose file someone may open."""
        return self.filter(candidate__in=Candidate.objects.visible_to(user))

    def confirmed(self) -> SearchProfileQuerySet:
        return self.filter(status=SearchProfile.Status.CONFIRMED)

    def concepts(self) -> SearchProfileQuerySet:
        return self.filter(status=SearchProfile.Status.CONCEPT)

    def matchable(self) -> SearchProfileQuerySet:
        """Confirmed profiles of people who can be placed now, the banenpool included."""
        return self.confirmed().filter(is_available=True)


def limit_field(label: StrOrPromise) -> models.PositiveSmallIntegerField:
    """What someone can take of a kind of load, 0 (none) to 4 (much); empty when there is no limitation."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(4)])


def hours_field(label: StrOrPromise) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(40)]
    )


class SearchProfile(models.Model):
    """One version of a person's zoekprofiel. Age, gender, nationality, benefit and photo are no part of it."""

    class Status(models.TextChoices):
        CONCEPT = "concept", _("concept")
        CONFIRMED = "bevestigd", _("bevestigd")
        SUPERSEDED = "vervallen", _("vervallen")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="search_profiles", verbose_name=_("kandidaat")
    )
    version = models.PositiveIntegerField(_("versie"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CONCEPT)

    kind_ids = ArrayField(models.IntegerField(), verbose_name=_("soorten plek"), default=list, blank=True)
    branch_ids = ArrayField(models.IntegerField(), verbose_name=_("branches"), default=list, blank=True)
    hours_min = hours_field(_("uren per week, ten minste"))
    hours_max = hours_field(_("uren per week, ten hoogste"))
    # Bit 0 is Monday; empty when unknown.
    weekdays = models.PositiveSmallIntegerField(
        _("werkdagen"), null=True, blank=True, validators=[MaxValueValidator(127)]
    )
    transport = models.CharField(_("vervoer"), max_length=12, choices=Transport, blank=True)
    max_distance_km = models.PositiveSmallIntegerField(
        _("reisafstand ten hoogste (km)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
    )
    pc4 = models.PositiveSmallIntegerField(_("postcode (4 cijfers)"), null=True, blank=True)
    x = models.IntegerField(_("x in tientallen meters"), null=True, blank=True)
    y = models.IntegerField(_("y in tientallen meters"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("niveau"), choices=EducationLevel, null=True, blank=True)
    start_from = models.DateField(_("kan beginnen vanaf"), null=True, blank=True)
    start_until = models.DateField(_("wil uiterlijk beginnen op"), null=True, blank=True)
    has_licence = models.BooleanField(_("rijbewijs B"), null=True, blank=True)
    language_level = models.PositiveSmallIntegerField(
        _("Nederlands (0–4)"), null=True, blank=True, validators=[MaxValueValidator(4)]
    )
    limit_lifting = limit_field(_("tillen en dragen"))
    limit_standing = limit_field(_("lang staan of lopen"))
    limit_sitting = limit_field(_("lang zitten"))
    limit_stimuli = limit_field(_("drukte en geluid"))
    limit_pace = limit_field(_("hoog werktempo"))
    limit_change = limit_field(_("veel wisseling in taken"))
    limit_social = limit_field(_("veel contact met mensen"))
    limit_heights = limit_field(_("werken op hoogte"))
    limit_outdoors = limit_field(_("buiten in weer en wind"))
    limit_shifts = limit_field(_("avond- of nachtdienst"))
    needs_mentor = models.BooleanField(_("heeft een leermeester nodig"), default=False)
    needs_jobcoach = models.BooleanField(_("heeft een jobcoach nodig"), default=False)
    needs_quiet_place = models.BooleanField(_("heeft een rustige werkplek nodig"), default=False)
    must_bits = models.IntegerField(_("verplichte criteria"), default=0)
    # Made from the ProfileSkill rows: see matching.models.skill.tokens.
    skill_tokens = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)
    # Made by a trigger from what is required, so that an index finds whom a vacancy can fit: the squares within reach,
    # the kinds of place and the branches; 0 stands for every kind or branch, -1 for every place.
    reach_keys = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)
    kind_keys = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)
    branch_keys = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)
    remark = models.TextField(_("toelichting"), blank=True)

    # Written by trajectories; matching never reads age or benefit (decision 14). Empty: not tested yet.
    eligible_project = models.BooleanField(_("past in een leerwerkproject"), null=True, editable=False)
    eligible_stream_1 = models.BooleanField(_("past in stroom 1"), null=True, editable=False)
    eligible_streams_2_3 = models.BooleanField(_("past in stroom 2 en 3"), null=True, editable=False)
    is_available = models.BooleanField(_("bemiddelbaar"), default=False, editable=False)
    # Since when this person looks for work in this trajectory: who waits longest goes first among equals.
    searching_since = models.DateField(_("zoekt sinds"), null=True, editable=False)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("arbeidsmarktregio"), editable=False
    )

    created_at = models.DateTimeField(_("gemaakt op"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("bevestigd op"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SearchProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("zoekprofiel")
        verbose_name_plural = _("zoekprofielen")
        ordering = ["-version"]
        indexes = [
            GinIndex(
                OpClass("reach_keys", name="gin__int_ops"),
                OpClass("kind_keys", name="gin__int_ops"),
                OpClass("branch_keys", name="gin__int_ops"),
                condition=models.Q(status="bevestigd", is_available=True),
                name="profile_keys",
                fastupdate=False,
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "version"], name="profile_version_once"),
            models.UniqueConstraint(
                fields=["candidate"], condition=models.Q(status="bevestigd"), name="profile_one_confirmed"
            ),
            models.UniqueConstraint(
                fields=["candidate"], condition=models.Q(status="concept"), name="profile_one_concept"
            ),
            models.CheckConstraint(
                condition=models.Q(hours_min=None)
                | models.Q(hours_max=None)
                | models.Q(hours_max__gte=models.F("hours_min")),
                name="profile_hours",
                violation_error_message=MOST_BELOW_LEAST,
            ),
            models.CheckConstraint(
                condition=models.Q(start_from=None)
                | models.Q(start_until=None)
                | models.Q(start_until__gte=models.F("start_from")),
                name="profile_start",
                violation_error_message=_("De uiterste begindatum ligt vóór de vroegste."),
            ),
            models.CheckConstraint(
                condition=models.Q(status="concept", confirmed_at=None, confirmed_by=None)
                | ~models.Q(status="concept") & models.Q(confirmed_at__isnull=False),
                name="profile_confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(x=None, y=None) | models.Q(x__isnull=False, y__isnull=False),
                name="profile_point_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(max_distance_km=None) | models.Q(max_distance_km__range=(1, 300)),
                name="profile_distance",
                violation_error_message=_("De reisafstand is 1 tot en met 300 km."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} – {_('zoekprofiel')} {self.version}"

    @property
    def is_concept(self) -> bool:
        return self.status == self.Status.CONCEPT

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED


class ProfileSkill(models.Model):
    """A competence the person offers, and how well."""

    profile = models.ForeignKey(SearchProfile, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, verbose_name=_("competentie"))
    level = skill_level()

    class Meta:
        verbose_name = _("aangeboden competentie")
        ordering = ["-level", "skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "skill"],
                name="profile_skill_once",
                violation_error_message=SKILL_ONCE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.level})"
