"""Input of what the school makes: the praktijkovereenkomst."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from candidates import uploads
from candidates.forms.fields import long_text
from topjob import clock
from topjob.errors import rule_words
from topjob.forms import SectionedModelForm
from trajectories import actions
from trajectories.forms.steps import DayField
from trajectories.models import PracticeAgreement


class PracticeAgreementForm(SectionedModelForm):
    """A signed praktijkovereenkomst: what it says, with the paper itself."""

    file = forms.FileField(
        label=gettext_lazy("Getekende praktijkovereenkomst"),
        max_length=200,
        widget=forms.FileInput({"accept": uploads.ACCEPT_SCAN}),
        help_text=gettext_lazy("Alle bladzijden, met de handtekeningen: PDF, JPG, PNG, HEIC of WebP, hoogstens 10 MB."),
    )

    class Meta:
        model = PracticeAgreement
        fields = ["school", "training", "crebo", "starts_on", "ends_on", "file"]

    def clean_file(self) -> uploads.Taken:
        try:
            return uploads.take_scan(self.cleaned_data["file"])
        except uploads.NotAccepted as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", rule_words(PracticeAgreement, "practice_dates"))
        return cleaned


class StopPracticeForm(forms.Form):
    """From which day it holds no more, and why."""

    stopped_on = DayField(
        label=gettext_lazy("Geldt niet meer vanaf"),
        initial=clock.today,
        help_text=gettext_lazy("Gold de overeenkomst nooit, bijvoorbeeld door een vergissing? Kies dan de eerste dag."),
    )
    stopped_because = long_text(gettext_lazy("Waarom niet meer?"))

    def __init__(self, *args: Any, agreement: PracticeAgreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement

    def clean_stopped_on(self) -> date:
        day = self.cleaned_data["stopped_on"]
        if reason := actions.why_not_stopped(self.agreement, day):
            raise ValidationError(reason.text)
        return day
