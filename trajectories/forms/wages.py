"""Input of the measurement of loonwaarde: main tasks, what was measured of each, both views, who measured (R8)."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.forms.fields import long_text
from topjob import clock
from topjob.dates import why_not_yet
from topjob.merging import MergingMixin
from trajectories.forms.steps import DayField
from trajectories.models import WageAssessment, WageOpinion, WageTask, WageValue
from trajectories.process.choices import Party

MOST_TASKS = 6


def percent_field(label: Any, *, least: int = 0, help_text: Any = "") -> forms.IntegerField:
    """A whole percentage; may stay empty while the measurement is in the making."""
    return forms.IntegerField(label=label, min_value=least, max_value=100, required=False, help_text=help_text)


# --- Main tasks ------------------------------------------------------------------------------------------------------
class ReferenceForm(MergingMixin, forms.Form):
    """The ordinary function that this one is compared with."""

    overwrites = True

    reference_function = forms.CharField(
        label=gettext_lazy("Normfunctie"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("De gewone functie waarmee je vergelijkt, zoals “medewerker magazijn”."),
    )


class TaskRow(MergingMixin, forms.Form):
    """One main task with its share of the working time."""

    overwrites = True

    name = forms.CharField(label=gettext_lazy("Hoofdtaak"), max_length=120, required=False)
    share = percent_field(gettext_lazy("Deel van de tijd (%)"), least=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, share = cleaned.get("name"), cleaned.get("share")
        if name and share is None and "share" not in self.errors:
            self.add_error("share", _("Welk deel van de tijd?"))
        if share is not None and not name and "name" not in self.errors:
            self.add_error("name", _("Hoe heet deze taak?"))
        return cleaned


class TaskRows(BaseFormSet):
    """The main tasks of the function; empty rows don't count."""

    def values(self) -> list[tuple[int, str, int]]:
        """What `actions.save_tasks` takes."""
        rows = [(number, form.cleaned_data) for number, form in enumerate(self.forms, start=1)]
        return [(number, row["name"], row["share"]) for number, row in rows if row.get("name")]


TaskFormSet = formset_factory(TaskRow, formset=TaskRows, extra=0, max_num=MOST_TASKS, validate_max=True)


def task_rows(data: Any, assessment: WageAssessment) -> TaskRows:
    """As many rows as a function can have; those in use keep their place."""
    known = {task.position: {"name": task.name, "share": task.share} for task in assessment.tasks.all()}
    initial = [known.get(number, {}) for number in range(1, MOST_TASKS + 1)]
    return cast(TaskRows, TaskFormSet(data, initial=initial, prefix="taken"))


class MeasuredForm(MergingMixin, forms.ModelForm):
    """Pace, quality and net working time of one main task, each with what it rests on."""

    pace = percent_field(
        gettext_lazy("Tempo (%)"),
        help_text=gettext_lazy("Hoeveel wordt er in een uur gedaan, vergeleken met een gewone medewerker?"),
    )
    quality = percent_field(
        gettext_lazy("Kwaliteit (%)"),
        help_text=gettext_lazy("Welk deel is meteen goed, vergeleken met een gewone medewerker?"),
    )
    net_time = percent_field(
        gettext_lazy("Netto werktijd (%)"),
        help_text=gettext_lazy("Welk deel van de tijd wordt echt gewerkt, vergeleken met een gewone medewerker?"),
    )
    pace_why = long_text(gettext_lazy("Waaraan is het tempo te zien?"), required=False, rows=2)
    quality_why = long_text(gettext_lazy("Waaraan is de kwaliteit te zien?"), required=False, rows=2)
    net_time_why = long_text(gettext_lazy("Waaraan is de netto werktijd te zien?"), required=False, rows=2)

    class Meta:
        model = WageTask
        fields = ["pace", "pace_why", "quality", "quality_why", "net_time", "net_time_why"]


# --- Zienswijzen -----------------------------------------------------------------------------------------------------
class OpinionForm(MergingMixin, forms.Form):
    """What one party thinks of the findings; may be left for later."""

    overwrites = True

    agrees = forms.TypedChoiceField(
        label=gettext_lazy("Eens met de bevindingen?"),
        choices=[("", gettext_lazy("nog niet gevraagd")), ("ja", gettext_lazy("ja")), ("nee", gettext_lazy("nee"))],
        coerce=lambda value: value == "ja",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = long_text(gettext_lazy("In eigen woorden"), required=False)
    given_on = DayField(label=gettext_lazy("Gegeven op"), required=False)

    def __init__(self, data: Any, *, role: str, opinion: WageOpinion | None) -> None:
        initial: dict[str, Any] = {"agrees": "", "given_on": clock.today()}
        if opinion is not None:
            agrees = "ja" if opinion.agrees else "nee"
            initial = {"agrees": agrees, "words": opinion.words, "given_on": opinion.given_on}
        super().__init__(data, initial=initial, prefix=role)
        self.role, self.opinion = role, opinion

    @property
    def title(self) -> str:
        return str(Party(self.role).label).capitalize()

    def clean_given_on(self) -> date | None:
        day = self.cleaned_data["given_on"]
        if day and (wrong := why_not_yet(day)):
            raise ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        agrees = cleaned.get("agrees")
        if agrees is False and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Schrijf op waarmee deze partij het niet eens is."))
        if agrees is not None and not cleaned.get("given_on") and "given_on" not in self.errors:
            self.add_error("given_on", _("Vul in wanneer deze zienswijze is gegeven."))
        return cleaned


# --- Who measured ----------------------------------------------------------------------------------------------------
class FinishForm(MergingMixin, forms.ModelForm):
    """Who measured, who settles, when; may be kept before the rest is ready."""

    measured_on = DayField(label=gettext_lazy("Gemeten op"), required=False)
    determined_by = forms.ChoiceField(
        label=gettext_lazy("Wie stelt vast?"), choices=WageValue.DeterminedBy.choices, widget=forms.RadioSelect
    )
    explanation = long_text(gettext_lazy("Toelichting"), required=False)

    class Meta:
        model = WageAssessment
        fields = ["measured_by", "measured_on", "determined_by", "explanation"]

    def clean_measured_on(self) -> date | None:
        day = self.cleaned_data["measured_on"]
        if day and (wrong := why_not_yet(day)):
            raise ValidationError(wrong)
        return day
