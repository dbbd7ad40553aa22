"""What a function asks beyond its profile at the employer's: which criteria are requirements, competences, weekdays."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from employers.models import FunctionProfile
from matching.models.skill import SKILL_ONCE, Skill, skill_level


class FunctionDemand(models.Model):
    """Verplicht or wens per criterion, and the days on which the work must be done."""

    function = models.OneToOneField(
        FunctionProfile, on_delete=models.CASCADE, related_name="demand", verbose_name=_("functieprofiel")
    )
    must_bits = models.IntegerField(_("verplichte criteria"), default=0)
    # Bit 0 is Monday; 0 leaves the days free.
    weekdays = models.PositiveSmallIntegerField(_("vaste werkdagen"), default=0, validators=[MaxValueValidator(127)])

    class Meta:
        verbose_name = _("eisen van een functie")
        verbose_name_plural = _("eisen van functies")

    def __str__(self) -> str:
        return f"{self.function}"


class FunctionSkill(models.Model):
    """A competence the function asks, and how much of it."""

    function = models.ForeignKey(FunctionProfile, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, verbose_name=_("competentie"))
    level = skill_level()

    class Meta:
        verbose_name = _("gevraagde competentie")
        ordering = ["-level", "skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["function", "skill"],
                name="function_skill_once",
                violation_error_message=SKILL_ONCE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.level})"
