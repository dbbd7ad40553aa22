"""The narrow row per vacancy that matching reads, kept in step by database triggers (`matching/sql/`)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from employers.models import Vacancy


def load_field() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=0)


class VacancyFact(models.Model):
    """What the criteria need of a vacancy, its function and its employer. Written by triggers only.

    Days are whole days since 1 January 1970. `scope` says which outcome of R2 counts: 0 none, 1 project, 2 stream 1,
    3 streams 2 and 3. The starts are those of
    the project's intakes from the vacancy's start date on, at most four, or else that start date alone.
    """

    vacancy = models.OneToOneField(Vacancy, on_delete=models.CASCADE, primary_key=True, related_name="fact")
    # Columns without empty values first: PostgreSQL reads past those fastest.
    kind_id = models.IntegerField()
    branch_id = models.IntegerField()
    must_bits = models.IntegerField(default=0)
    want_total = models.IntegerField(default=0)
    # Square of 5 km the vacancy lies in, 0 when unknown: lets an index find what is within reach.
    cell = models.SmallIntegerField(default=0)
    seats_free = models.SmallIntegerField()
    level = models.PositiveSmallIntegerField()
    hours_min = models.PositiveSmallIntegerField()
    hours_max = models.PositiveSmallIntegerField()
    weekdays = models.PositiveSmallIntegerField(default=0)
    language_level = models.PositiveSmallIntegerField()
    scope = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField()
    has_intakes = models.BooleanField(default=False)
    needs_licence = models.BooleanField(default=False)
    offers_mentor = models.BooleanField(default=False)
    offers_jobcoach = models.BooleanField(default=False)
    offers_quiet_place = models.BooleanField(default=False)
    load_lifting = load_field()
    load_standing = load_field()
    load_sitting = load_field()
    load_stimuli = load_field()
    load_pace = load_field()
    load_change = load_field()
    load_social = load_field()
    load_heights = load_field()
    load_outdoors = load_field()
    load_shifts = load_field()
    x = models.IntegerField(null=True)
    y = models.IntegerField(null=True)
    start_1 = models.IntegerField(null=True)
    closes_on = models.IntegerField(null=True)
    start_2 = models.IntegerField(null=True)
    start_3 = models.IntegerField(null=True)
    start_4 = models.IntegerField(null=True)
    want_tokens = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind_id", "cell"], condition=models.Q(is_open=True, seats_free__gt=0), name="fact_kind_cell"
            ),
            models.Index(fields=["cell"], condition=models.Q(is_open=True, seats_free__gt=0), name="fact_cell"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
