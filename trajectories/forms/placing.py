"""What is asked of whoever places somebody: from which day, by what agreement or in what job (R13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from topjob import clock
from topjob.errors import rule_words
from topjob.forms import field_of
from topjob.picking import PickField
from trajectories.forms.steps import DayField, StepForm, euro_field, hours_field, least_wage, wage_field
from trajectories.models import AgreementKind, Contract
from trajectories.money import pay
from trajectories.money.agreeing import Terms
from trajectories.process import rules

USUAL_HOURS = 32


class FirstDayForm(StepForm):
    """From when to when somebody works, and how many hours."""

    starts_on = DayField(label=gettext_lazy("Eerste werkdag"))
    ends_on = DayField(
        label=gettext_lazy("Laatste dag van het contract"),
        required=False,
        help_text=gettext_lazy("Leeg bij een contract zonder einddatum."),
    )
    hours_per_week = hours_field(gettext_lazy("Uren per week"))
    hourly_wage = wage_field()
    probation_months = forms.IntegerField(
        label=gettext_lazy("Proeftijd in maanden"),
        min_value=0,
        max_value=12,
        required=False,
        help_text=gettext_lazy("0 is geen proeftijd. Na een proefplaatsing bij hetzelfde bedrijf mag het niet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_on", clock.today())
        self.initial.setdefault("probation_months", 0)
        self.fields["hourly_wage"].help_text = least_wage(self.trajectory, self.initial["starts_on"])

    def clean_probation_months(self) -> int:
        return self.cleaned_data["probation_months"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", rule_words(Contract, "contract_dates"))
        elif start and (taken := rules.period_taken(self.trajectory.candidate, start, end)):
            self.add_error("starts_on", taken.text)
        return cleaned


class JobForm(FirstDayForm):
    """What is agreed with somebody who starts without a trial: the place of the vacancy says what can be (R13)."""

    agreement = forms.ModelChoiceField(
        label=gettext_lazy("Wat spreken jullie af?"),
        queryset=AgreementKind.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    hourly_wage = wage_field(required=False)
    allowance = euro_field(
        gettext_lazy("Vergoeding in euro"),
        digits=6,
        too_high=gettext_lazy("Dit bedrag is te hoog voor een vergoeding."),
        required=False,
        help_text=gettext_lazy("Leeg als iemand niets krijgt."),
    )
    allowance_per = forms.ChoiceField(
        label=gettext_lazy("Vergoeding per"),
        required=False,
        choices=[("", gettext_lazy("geen vergoeding")), *Contract.Per.choices],
    )
    field_order = ["agreement", "starts_on", "ends_on", "hours_per_week", "hourly_wage", "probation_months"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.trajectory.current_application
        place = application.vacancy.kind_of_place if application else None
        offered = AgreementKind.objects.at(place) if place else AgreementKind.objects.none()
        field_of(self, "agreement", forms.ModelChoiceField).queryset = offered
        self._ask_what_fits(list(offered), str(place or ""))

    def _say_when_it_ends(self, offered: list[AgreementKind]) -> None:
        self.fields["starts_on"].label, self.fields["ends_on"].label = _("Eerste dag"), _("Laatste dag")
        self.fields["ends_on"].required = all(kind.ends for kind in offered) and bool(offered)
        self.fields["ends_on"].help_text = (
            "" if self.fields["ends_on"].required else _("Leeg als er geen einddatum is.")
        )

    def _ask_what_fits(self, offered: list[AgreementKind], place: str) -> None:
        """Only what one of them has: nobody fills in a wage for a volunteer."""
        if len(offered) == 1:
            self.initial.setdefault("agreement", offered[0])
        self.fields["agreement"].help_text = _("Soort plek van de vacature: %(place)s.") % {"place": place}
        self._say_when_it_ends(offered)
        if not any(kind.pays_wage for kind in offered):
            del self.fields["hourly_wage"], self.fields["probation_months"]
        if not any(kind.allows_allowance for kind in offered):
            del self.fields["allowance"], self.fields["allowance_per"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._judge(self.values()["terms"])
        return cleaned

    def _judge(self, terms: Terms) -> None:
        for name, reason in terms.refusals(self.trajectory).items():
            self.add_error(name if name in self.fields else None, reason.text)

    def values(self) -> dict[str, Any]:
        return {"terms": Terms(**self.cleaned_data)}


class PlaceForm(FirstDayForm):
    """A job after the banenpool, with its contract (R13)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Hoe"),
        widget=forms.RadioSelect,
        choices=[
            (kind.value, kind.label)
            for kind in (Contract.Kind.TAKEOVER, Contract.Kind.SECONDMENT, Contract.Kind.AGENCY)
        ],
        help_text=gettext_lazy("Bij detachering en uitzenden is het contract met MaatwerQ."),
    )
    organisation = PickField(
        label=gettext_lazy("Werkt bij"),
        queryset=Organisation.objects.employers().filter(is_active=True),
        url_name="candidates:employer_options",
        help_text=gettext_lazy("Typ een deel van de naam van het bedrijf."),
    )
    field_order = ["kind", "organisation", "starts_on", "ends_on", "hours_per_week", "hourly_wage", "probation_months"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("hours_per_week", USUAL_HOURS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, wage = cleaned.get("starts_on"), cleaned.get("hourly_wage")
        if start is None:
            return cleaned
        if wage is not None and (wrong := pay.wage_refusal(self.trajectory, wage, start)):
            self.add_error("hourly_wage", wrong.text)
        company, end, months = cleaned.get("organisation"), cleaned.get("ends_on"), cleaned.get("probation_months") or 0
        if wrong := rules.probation_refusal(self.trajectory, company, start, end, months):
            self.add_error("probation_months", wrong.text)
        return cleaned
