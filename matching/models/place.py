"""Where a four-digit postcode lies: a point on the national grid (Rijksdriehoek), in tens of metres."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.places import EAST, NORTH, SOUTH
from topjob.finding import Findable, SearchText


class PlaceQuerySet(models.QuerySet["Place"]):
    def of(self, postcode: str) -> Place | None:
        """The place of a postcode such as "8131 AB"; nothing when it is empty or unknown."""
        digits = postcode.strip()[:4]
        return self.filter(pc4=int(digits)).first() if digits.isascii() and digits.isdigit() else None


class Place(Findable):
    """One PC4 area. A small table of the region is built in; `import_postcodes` loads the public national table."""

    pc4 = models.PositiveSmallIntegerField(
        _("postcode (4 cijfers)"), primary_key=True, validators=[MinValueValidator(1000), MaxValueValidator(9999)]
    )
    name = models.CharField(_("plaats"), max_length=80)
    x = models.IntegerField(
        _("x in tientallen meters"), help_text=_("Rijksdriehoek, van west naar oost. Voorbeeld: 20630 voor Wijhe.")
    )
    y = models.IntegerField(
        _("y in tientallen meters"), help_text=_("Rijksdriehoek, van zuid naar noord. Voorbeeld: 48900 voor Wijhe.")
    )

    search_text = SearchText("pc4", "name")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("plaats")
        verbose_name_plural = _("plaatsen")
        ordering = ["pc4"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(x__range=(0, EAST), y__range=(SOUTH, NORTH)),
                name="place_in_the_netherlands",
                violation_error_message=_("Het punt ligt niet in Nederland."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pc4} {self.name}"
