"""Reference tables that several apps speak in; editable by the beheerder."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.roles import REGION_ROLES


class ReferenceRow(models.Model):
    """A row people choose from; retired rows stay readable in old files but are no longer offered."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("naam"), max_length=120)
    position = models.PositiveSmallIntegerField(_("volgorde"), default=0)
    is_active = models.BooleanField(_("in gebruik"), default=True)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


def staff_members() -> models.Q:
    """Active people who work in a region."""
    held = apps.get_model("accounts", "Membership")._default_manager.filter(role__in=REGION_ROLES)
    return models.Q(pk__in=held.values("user"), is_active=True)


class Region(ReferenceRow):
    """Arbeidsmarktregio. A region is data, never a constant: the ambition is national cover."""

    # Gets what stays late with its owner, and what has no owner.
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=staff_members,
        verbose_name=_("coördinator"),
        help_text=_("Krijgt termijnen die te laat blijven liggen, en die van niemand zijn."),
    )

    class Meta(ReferenceRow.Meta):
        verbose_name = _("arbeidsmarktregio")
        verbose_name_plural = _("arbeidsmarktregio's")


class Department(ReferenceRow):
    """Afdeling a registration is assigned to: 1 Match, 2 MaatwerQ, 3 Jeugd, 4 Maatschappelijk."""

    MATCH, MAATWERQ, YOUTH, SOCIAL = "match", "maatwerq", "jeugd", "maatschappelijk"

    number = models.PositiveSmallIntegerField(_("nummer"), unique=True)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("afdeling")
        verbose_name_plural = _("afdelingen")

    @property
    def is_maatwerq(self) -> bool:
        """Department 2, where R1, Foto and finance check bind (decision 5)."""
        return self.code == self.MAATWERQ


class KindOfPlace(ReferenceRow):
    """Kind of place a department mediates, such as leerwerkplek BBL or stageplaats."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="kinds_of_place", verbose_name=_("afdeling")
    )

    asks_practice_agreement = models.BooleanField(
        _("met POK"),
        default=False,
        help_text=_("De school maakt een praktijkovereenkomst (POK) voor wie hier leert. Die wordt bijgehouden."),
    )

    class Meta(ReferenceRow.Meta):
        verbose_name = _("soort plek")
        verbose_name_plural = _("soorten plek")


class Branch(ReferenceRow):
    """Branch of work (01 Infra-GWW … 22 Creatief: media)."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("branche")
        verbose_name_plural = _("branches")


class TopSector(ReferenceRow):
    """One of the nine topsectoren, the promising branches for every stream."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("topsector")
        verbose_name_plural = _("topsectoren")


class EducationLevel(models.IntegerChoices):
    """Work and thinking level, low to high: one scale for people and for function profiles."""

    NONE = 0, _("geen diploma")
    PRO_VSO = 1, _("praktijkonderwijs of vso")
    CERTIFICATE = 2, _("certificaat")
    ENTREE = 3, _("startkwalificatie-route, entree (mbo 1)")
    MBO2 = 4, _("mbo 2 / BBL 2")
    MBO3 = 5, _("mbo 3 / BBL 3")
    MBO4 = 6, _("mbo 4, havo")
    HBO = 7, _("hbo of hoger")


class WorkLoad(models.TextChoices):
    """Kinds of load at work: what a function asks and what a person can't take. Never a diagnosis (UAVG 30)."""

    LIFTING = "tillen", _("tillen en dragen")
    STANDING = "staan", _("lang staan of lopen")
    SITTING = "zitten", _("lang zitten")
    STIMULI = "prikkels", _("drukte en geluid")
    PACE = "tempo", _("hoog werktempo")
    CHANGE = "wisseling", _("veel wisseling in taken")
    SOCIAL = "sociaal", _("veel contact met mensen")
    HEIGHTS = "hoogte", _("werken op hoogte")
    OUTDOORS = "buiten", _("buiten in weer en wind")
    SHIFTS = "diensten", _("avond- of nachtdienst")
