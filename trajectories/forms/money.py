"""Input for the money side: what was looked up and agreed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from topjob import clock
from trajectories.forms.steps import DayField
from trajectories.models import EmployerSupport

KNOWN = (("", gettext_lazy("nog niet opgezocht")), ("ja", gettext_lazy("ja")), ("nee", gettext_lazy("nee")))


class SupportForm(forms.Form):
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
            self.add_error("checked_on", _("Vul in wanneer het is opgezocht."))
        return cleaned
