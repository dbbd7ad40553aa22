"""Input after the trial: coaching, qualification, quick-scan, advice, aftercare and closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.forms.fields import long_text
from topjob import clock
from topjob.dates import nl_date, why_not_yet
from topjob.errors import rule_words
from topjob.forms import field_of
from topjob.merging import MergingMixin
from trajectories.forms.steps import DayField
from trajectories.forms.trials import SCALE, yes_no
from trajectories.models import Advice, Aftercare, AmbitionItem, CheckIn, CoachingSession, LearningGoal
from trajectories.models.placement import Level

LEVELS = [("", "---------"), *Level.choices]
MARKS = (
    (1, gettext_lazy("nog niet")),
    (2, gettext_lazy("zwak")),
    (3, gettext_lazy("voldoende")),
    (4, gettext_lazy("goed")),
    (5, gettext_lazy("sterk")),
)


class PastDayField(DayField):
    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and (wrong := why_not_yet(day)):
            raise ValidationError(wrong)
        return day


def _numbered(scale: Sequence[tuple[int, Any]]) -> list[tuple[int, Any]]:
    return [(figure, format_lazy("{} – {}", figure, words)) for figure, words in scale]


def past_day(label: Any, **options: Any) -> PastDayField:
    """The day on which something happened."""
    return PastDayField(label=label, initial=clock.today, **options)


class CoachingForm(forms.Form):
    """A coaching talk; only what was talked about gets a score."""

    on = past_day(gettext_lazy("Datum van het gesprek"))
    field = forms.ChoiceField(
        label=gettext_lazy("Waar ging het over"), choices=LearningGoal.Field.choices, widget=forms.RadioSelect
    )
    notes = long_text(gettext_lazy("Verslag"), rows=4)
    agreements = long_text(gettext_lazy("Afspraken"), required=False)
    next_on = DayField(label=gettext_lazy("Volgend gesprek"), required=False)

    def __init__(self, *args: Any, items: Sequence[AmbitionItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[self.name_of(item)] = forms.TypedChoiceField(
                label=item.name,
                help_text=item.question,
                choices=[("", gettext_lazy("niet besproken")), *_numbered(SCALE)],
                required=False,
                coerce=int,
                empty_value=None,
            )

    @staticmethod
    def name_of(item: AmbitionItem) -> str:
        return f"score_{item.pk}"

    @property
    def talk_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("on", "field", "notes", "agreements", "next_on")]

    @property
    def score_fields(self) -> list[forms.BoundField]:
        return [self[self.name_of(item)] for item in self.items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        on, next_on = cleaned.get("on"), cleaned.get("next_on")
        if on and next_on and next_on <= on:
            self.add_error("next_on", rule_words(CoachingSession, "coaching_next_later"))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = ("on", "field", "notes", "agreements", "next_on")
        scores = {item: self.cleaned_data[self.name_of(item)] for item in self.items}
        given = {item: score for item, score in scores.items() if score is not None}
        return {name: self.cleaned_data[name] for name in names} | {"scores": given}


class QualificationForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("Niveau"), choices=LEVELS)
    name = forms.CharField(label=gettext_lazy("Naam van het diploma of certificaat"), max_length=160)
    on = past_day(gettext_lazy("Behaald op"))


def mark(label: Any) -> forms.TypedChoiceField:
    """A score of 1 to 5."""
    return forms.TypedChoiceField(label=label, choices=MARKS, coerce=int, widget=forms.RadioSelect)


class QuickScanForm(forms.Form):
    """Where somebody stands, in six scores with a conclusion."""

    on = past_day(gettext_lazy("Datum"))
    craft = mark(gettext_lazy("Vakmanschap"))
    personal = mark(gettext_lazy("Persoonlijk functioneren"))
    learning = mark(gettext_lazy("Leren"))
    independence = mark(gettext_lazy("Zelfstandigheid"))
    labour_market = mark(gettext_lazy("Kans op werk"))
    motivation = mark(gettext_lazy("Motivatie"))
    conclusion = long_text(gettext_lazy("Conclusie"), rows=4)

    SCORES = ("craft", "personal", "learning", "independence", "labour_market", "motivation")
    scale = MARKS

    @property
    def score_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SCORES]


class AdviceForm(MergingMixin, forms.ModelForm):
    """Advice a–d, with e beside it; c names the next level, d the destination."""

    overwrites = True

    plan = long_text(
        gettext_lazy("Plan"), rows=4, help_text=gettext_lazy("Wat gaat er gebeuren, wie doet wat en wanneer?")
    )

    class Meta:
        model = Advice
        fields = ["direction", "next_level", "destination", "housing_and_leisure", "plan"]
        widgets = {"direction": forms.RadioSelect}
        labels = {
            "direction": gettext_lazy("Advies"),
            "next_level": gettext_lazy("Volgend niveau (bij c)"),
            "destination": gettext_lazy("Bestemming (bij d)"),
            "housing_and_leisure": gettext_lazy("e: daarnaast wonen en vrije tijd"),
        }
        help_texts = {
            "destination": gettext_lazy("Bijvoorbeeld een school, een uitkering of een andere organisatie."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "direction", forms.ChoiceField).choices = Advice.Direction.choices

    def validate_constraints(self) -> None:
        """What the database asks is said below, at the field."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        direction = cleaned.get("direction")
        if direction == Advice.Direction.LEARN_ON and not cleaned.get("next_level"):
            self.add_error("next_level", _("Kies het niveau waar iemand voor verder leert."))
        if direction == Advice.Direction.OTHER_CHOICE and not cleaned.get("destination"):
            self.add_error("destination", rule_words(Advice, "other_choice_has_destination"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What belongs to the chosen direction; the rest is emptied."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if values["direction"] != Advice.Direction.LEARN_ON:
            values["next_level"] = ""
        if values["direction"] != Advice.Direction.OTHER_CHOICE:
            values["destination"] = ""
        return values


class CheckInForm(forms.Form):
    """How a look-in during aftercare went."""

    held_on = past_day(gettext_lazy("Wanneer was het contact"))
    mood = forms.ChoiceField(label=gettext_lazy("Hoe gaat het"), choices=CheckIn.Mood.choices, widget=forms.RadioSelect)
    notes = long_text(gettext_lazy("Verslag"))

    def __init__(self, *args: Any, aftercare: Aftercare, **kwargs: Any) -> None:
        self.aftercare = aftercare
        super().__init__(*args, **kwargs)

    def clean_held_on(self) -> date:
        day = self.cleaned_data["held_on"]
        if day < self.aftercare.starts_on:
            raise ValidationError(_("De nazorg begon pas op %(day)s.") % {"day": nl_date(self.aftercare.starts_on)})
        return day


class PlanCheckInForm(forms.Form):
    """One more look-in, within the aftercare (R12)."""

    due_on = DayField(label=gettext_lazy("Extra contact op"))

    def __init__(self, *args: Any, aftercare: Aftercare, **kwargs: Any) -> None:
        self.aftercare = aftercare
        super().__init__(*args, **kwargs)

    def clean_due_on(self) -> date:
        day = self.cleaned_data["due_on"]
        if not clock.today() <= day <= self.aftercare.ends_on:
            text = _("Kies een dag van vandaag tot en met %(day)s, het einde van de nazorg.")
            raise ValidationError(text % {"day": nl_date(self.aftercare.ends_on)})
        return day


class ExitTalkForm(MergingMixin, forms.Form):
    """The exit talk with its feedback, or why it wasn't held (decision 6)."""

    overwrites = True

    was_held = yes_no(gettext_lazy("Is het exitgesprek gevoerd?"))
    on = past_day(gettext_lazy("Datum"), help_text=gettext_lazy("Niet gevoerd? Dan de dag waarop dat duidelijk werd."))
    feedback = long_text(gettext_lazy("Feedback van de deelnemer"), required=False, rows=4)
    grade = forms.IntegerField(
        label=gettext_lazy("Cijfer van de deelnemer (1–10)"), min_value=1, max_value=10, required=False
    )
    not_held_reason = long_text(gettext_lazy("Waarom geen gesprek"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        held = cleaned.get("was_held")
        if held is True and not cleaned.get("feedback") and "feedback" not in self.errors:
            self.add_error("feedback", _("Schrijf op wat de deelnemer vond."))
        if held is False and not cleaned.get("not_held_reason") and "not_held_reason" not in self.errors:
            self.add_error("not_held_reason", _("Schrijf op waarom er geen gesprek was."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Only what belongs to the answer: no grade of a talk that wasn't held."""
        given = self.cleaned_data
        held = given["was_held"]
        return {
            "was_held": held,
            "on": given["on"],
            "feedback": given["feedback"] if held else "",
            "grade": given["grade"] if held else None,
            "not_held_reason": "" if held else given["not_held_reason"],
        }


class CompletionForm(MergingMixin, forms.Form):
    """The checks of the backoffice (R15); what isn't done yet can wait."""

    overwrites = True

    documents_complete = forms.BooleanField(label=gettext_lazy("Alle documenten zijn aanwezig"), required=False)
    client_informed = forms.BooleanField(label=gettext_lazy("De opdrachtgever is geïnformeerd"), required=False)
    invoice_settled = forms.BooleanField(label=gettext_lazy("De facturen zijn afgehandeld"), required=False)
    accounts_closed = forms.BooleanField(label=gettext_lazy("De toegang voor derden is ingetrokken"), required=False)
    remarks = long_text(gettext_lazy("Opmerkingen"), required=False)
