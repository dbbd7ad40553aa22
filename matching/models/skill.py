"""Competences, in the words of ESCO or CompetentNL where a URI says so."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob.finding import Findable, SearchText, Term, search_index

# Of what a person offers as of what a function asks.
SKILL_ONCE = _("Deze competentie staat er al.")


class SkillQuerySet(models.QuerySet["Skill"]):
    def search(self, text: str) -> SkillQuerySet:
        """Competences by name; small typing errors are forgiven."""
        return self.filter(Term.of(text).q("search_text"))


class Skill(Findable):
    """Competentie that a person offers or a function asks."""

    name = models.CharField(_("competentie"), max_length=160, unique=True)
    uri = models.CharField(
        _("ESCO- of CompetentNL-adres"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    is_active = models.BooleanField(_("in gebruik"), default=True)
    search_text = SearchText("name")

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("competentie")
        verbose_name_plural = _("competenties")
        ordering = ["name"]
        indexes = [search_index("skill_search")]
        constraints = [
            models.UniqueConstraint(
                fields=["uri"],
                condition=~models.Q(uri=""),
                name="skill_uri_once",
                violation_error_message=_("Er is al een competentie met dit adres."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    search_path = "search_text"

    @property
    def distinct_name(self) -> str:
        return self.name


def skill_level() -> models.PositiveSmallIntegerField:
    """How well, or how much asked: 1 (a little) to 5 (very well)."""
    return models.PositiveSmallIntegerField(
        _("hoe goed (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)], default=3
    )


def tokens(levels: dict[int, int]) -> list[int]:
    """Skill levels as a sorted set of whole numbers, one per step.

    The number of tokens two sets share is the sum of the lower of both levels, so that one array operation of
    the database compares two weighted sets.
    """
    return sorted(skill * 8 + step for skill, level in levels.items() for step in range(1, level + 1))
