"""Input for the money side: what was looked up and agreed, and what was done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from topjob import clock
from topjob.errors import rule_words
from topjob.merging import MergingMixin
from trajectories.forms.steps import DayField
from trajectories.models import EmployerSupport, SupportStep

KNOWN = (("", gettext_lazy("nog niet opgezocht")), ("ja", gettext_lazy("ja")), ("nee", gettext_lazy("nee")))


class SupportForm(MergingMixin, forms.Form):
    overwrites = True
    in_register = forms.TypedChoiceField(
        label=gettext_lazy("Staat in het doelgroepregister (banenafspraak)"),
        choices=KNOWN,
        coerce=lambda value: value == "ja",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    checked_on = DayField(label=gettext_lazy("Opgezocht op"), required=False)
    coach_regime = forms.ChoiceField(
        label=gettext_lazy("Jobcoach"),
        choices=[("", gettext_lazy("nog niet gekozen")), *EmployerSupport.Regime.choices],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, facts: EmployerSupport | None) -> None:
        initial: dict[str, Any] = {"in_register": "", "coach_regime": ""}
        if facts is not None:
            known = {True: "ja", False: "nee", None: ""}[facts.in_register]
            initial = {"in_register": known, "checked_on": facts.checked_on, "coach_regime": facts.coach_regime}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("checked_on")
        if cleaned.get("in_register") is None:
            cleaned["checked_on"] = None
        elif "checked_on" not in self.errors and (day is None or day > clock.today()):
            self.add_error("checked_on", rule_words(EmployerSupport, "register_was_looked_up"))
        return cleaned


class SupportStepForm(MergingMixin, forms.Form):
    """Done on a day, not needed with why, or still to do."""

    overwrites = True

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hoe staat het?"),
        choices=[*SupportStep.Outcome.choices, ("", gettext_lazy("nog niet gedaan"))],
        required=False,
        widget=forms.RadioSelect,
    )
    on = DayField(label=gettext_lazy("Op"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Toelichting of kenmerk"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("De werkgever ziet dit niet. Nodig als het niet nodig is."),
    )

    def __init__(self, data: Any, *, step: SupportStep | None) -> None:
        initial: dict[str, Any] = {"outcome": SupportStep.Outcome.DONE, "on": clock.today()}
        if step is not None:
            initial = {"outcome": step.outcome, "on": step.on, "note": step.note}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outcome, day = cleaned.get("outcome"), cleaned.get("on")
        if not outcome:
            return cleaned
        if "on" not in self.errors and (day is None or day > clock.today()):
            self.add_error("on", _("Vul in wanneer dat was; niet later dan vandaag."))
        if outcome == SupportStep.Outcome.NOT_NEEDED and not cleaned.get("note", "").strip():
            self.add_error("note", rule_words(SupportStep, "support_step_not_needed_has_reason"))
        return cleaned
