"""Input for the startplan: the draft with its goals, agreements and talks, who signs, and the signature itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import uploads
from candidates.forms.fields import long_text
from topjob import sms
from topjob.errors import rule_words
from topjob.fonts import without_glyph
from topjob.forms import SectionedModelForm, phone_field
from topjob.merging import MergingMixin, hold
from topjob.merging_rows import MergingFormSet
from trajectories.forms.steps import DayField, least_wage, say_day_off, wage_field
from trajectories.models import LearningGoal, PlanParty, StartPlan, TrialPeriod
from trajectories.models.placement import Construction
from trajectories.money import pay
from trajectories.process import rules
from trajectories.process.choices import Party
from trajectories.process.periods import period_end
from trajectories.signing.channels import mailbox
from trajectories.signing.links import CODE_DIGITS
from trajectories.signing.statements import is_name_of, statements_for

LINE = 250
BLANK_ROWS = 1

Rows = list[dict[str, Any]]


# --- The draft -------------------------------------------------------------------------------------------------------
PLAN_SECTIONS = (
    (gettext_lazy("Proefperiode"), ("construction", "trial_starts_on", "effective_on", "keeps_benefit")),
    (
        gettext_lazy("Werk"),
        (
            "function_name",
            "work_place",
            "tasks",
            "hours_per_week",
            "hourly_wage",
            "working_days",
            "travel_allowance",
        ),
    ),
    (gettext_lazy("Opleiding"), ("route", "level", "training_name", "training_school", "training_hours")),
    (
        gettext_lazy("Begeleiding en ondersteuning op het werk"),
        ("mentor_name", "mentor_hours", "jobcoach_hours", "support_at_work"),
    ),
    (gettext_lazy("Daarna"), ("prospect",)),
)


class PlanForm(SectionedModelForm):
    """What the plan says besides its rows. A draft may have gaps; sending asks for the whole."""

    hourly_wage = wage_field(required=False)
    sections = PLAN_SECTIONS

    class Meta:
        model = StartPlan
        fields = [name for _title, names in PLAN_SECTIONS for name in names]
        help_texts = {
            "support_at_work": gettext_lazy(
                "Alleen wat op het werk nodig is en wat de kandidaat wil delen. Geen diagnose, niets over geld."
            ),
            "keeps_benefit": gettext_lazy("Alleen bij constructie 1: proefperiode zonder loon."),
            "mentor_name": gettext_lazy("Nodig voordat het plan verstuurd kan worden."),
            "effective_on": gettext_lazy("De proefperiode zelf houdt haar begin."),
            "working_days": gettext_lazy("Bijvoorbeeld: maandag tot en met donderdag."),
            "tasks": gettext_lazy("Schrijf het zo dat de jongere het begrijpt."),
        }

    def __init__(self, *args: Any, trial: TrialPeriod | None = None, **kwargs: Any) -> None:
        self.trial = trial
        super().__init__(*args, **kwargs)
        del self.fields["effective_on" if trial is None else "trial_starts_on"]
        self.fields["mentor_name"].required = False
        if trial is None:
            say_day_off(self, "trial_starts_on")
        least = least_wage(self.instance.trajectory, self.instance.effective_on)
        only = _("Alleen bij constructie 2, en dan nodig voordat het plan verstuurd kan worden.")
        self.fields["hourly_wage"].help_text = f"{only} {least}"
        self.helper.layout = Layout(*self._laid_out())

    def _laid_out(self) -> list[Any]:
        sections = [(title, tuple(name for name in names if name in self.fields)) for title, names in self.sections]
        laid_out: list[Any] = [self._section(title, names) for title, names in sections if names]
        laid_out.insert(1, HTML('{% include "trajectories/plans/_period.html" with plan=plan only %}'))
        return laid_out

    def clean_trial_starts_on(self) -> date:
        day = self.cleaned_data["trial_starts_on"]
        if wrong := rules.why_not_from(day):
            raise ValidationError(wrong)
        return day

    def clean_effective_on(self) -> date:
        day = self.cleaned_data["effective_on"]
        if wrong := rules.why_not_from(day, is_change=True):
            raise ValidationError(wrong)
        if self.trial and day > self.instance.trial_ends_on:
            raise ValidationError(rule_words(StartPlan, "plan_effective_within_trial"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        hours, training = cleaned.get("hours_per_week"), cleaned.get("training_hours")
        if hours is not None and training is not None and training > hours:
            self.add_error("training_hours", rule_words(StartPlan, "plan_training_within_hours"))
        if cleaned.get("construction") == Construction.MAATWERQ_FROM_DAY_ONE and cleaned.get("keeps_benefit"):
            self.add_error("keeps_benefit", _("Bij constructie 2 krijgt de jongere loon. Zet dit uit."))
        if wrong := self._wrong_wage(cleaned):
            self.add_error("hourly_wage", wrong)
        return cleaned

    def _wrong_wage(self, cleaned: dict[str, Any]) -> str:
        """A draft may lack the wage; what is filled in belongs to construction 2 and is at least the minimum wage."""
        wage = cleaned.get("hourly_wage")
        if wage is None:
            return ""
        if cleaned.get("construction") == Construction.EMPLOYER_AFTER_TRIAL:
            return _("Bij constructie 1 is de proefperiode zonder loon. Laat dit leeg.")
        day = cleaned.get("effective_on") or self.first_day
        refusal = pay.wage_refusal(self.instance.trajectory, wage, day)
        return refusal.text if refusal else ""

    def _get_validation_exclusions(self) -> set[str]:
        """Dates, hours and the wage are judged above, at their field and for what was filled in now."""
        exclusions = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions | {"trial_ends_on", "training_hours", "hourly_wage"}

    @property
    def last_day(self) -> date:
        """The trial's last day with the start that is filled in (R6)."""
        start = self.cleaned_data.get("trial_starts_on") or self.instance.trial_starts_on
        return period_end(start, self.instance.trial_months)

    @property
    def first_day(self) -> date:
        return self.cleaned_data.get("trial_starts_on") or self.instance.trial_starts_on


class GoalForm(forms.Form):
    """One learning goal. An emptied line is left out."""

    goal = forms.CharField(label=gettext_lazy("Wat wil je leren"), max_length=LINE, required=False)
    how = forms.CharField(label=gettext_lazy("Hoe pakken we dat aan"), max_length=LINE, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how") and not cleaned.get("goal"):
            self.add_error("goal", _("Vul ook het leerdoel in."))
        return cleaned

    @property
    def row(self) -> dict[str, Any] | None:
        return dict(self.cleaned_data) if self.cleaned_data.get("goal") else None


class AgreementForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Afspraak"), max_length=LINE, required=False)

    @property
    def row(self) -> dict[str, Any] | None:
        return dict(self.cleaned_data) if self.cleaned_data.get("text") else None


class MomentForm(forms.Form):
    """A talk during the trial."""

    on = DayField(label=gettext_lazy("Datum"), required=False)
    is_final = forms.BooleanField(label=gettext_lazy("gesprek aan het einde"), required=False)

    @property
    def row(self) -> dict[str, Any] | None:
        return dict(self.cleaned_data) if self.cleaned_data.get("on") else None


def _formset(form: type[forms.Form], most: int) -> type[MergingFormSet]:
    formset = forms.formset_factory(
        form, formset=MergingFormSet, extra=BLANK_ROWS, max_num=most, absolute_max=most, validate_max=True
    )
    return cast("type[MergingFormSet]", formset)


GoalFormSet, AgreementFormSet, MomentFormSet = (
    _formset(GoalForm, 12),
    _formset(AgreementForm, 25),
    _formset(MomentForm, 8),
)


class PlanEdit:
    """The whole draft as one form: fields, goals per field of guidance (docs/domain.md §4.5), agreements and talks.

    Two people may have it open: what is sent is merged with what stands there by then, which is held until it is saved.
    """

    def __init__(self, data: Mapping | None, plan: StartPlan, trial: TrialPeriod | None) -> None:
        if data is not None:
            # In the order of every step of a case.
            hold(plan.trajectory)
            hold(plan)
        self.stored = _stored_rows(plan)
        self.form = PlanForm(data, instance=plan, trial=trial)
        self.goals = {
            field: GoalFormSet(data, prefix=f"goals-{field}", stored=self._goals_of(field))
            for field in LearningGoal.Field
        }
        self.agreements = AgreementFormSet(data, prefix="agreements", stored=self.stored["agreements"])
        self.moments = MomentFormSet(data, prefix="moments", stored=self.stored["evaluation_dates"])

    def _goals_of(self, field: str) -> Rows:
        return [{"goal": row["goal"], "how": row["how"]} for row in self.stored["goals"] if row["field"] == field]

    @property
    def goal_sets(self) -> list[tuple[Any, MergingFormSet]]:
        return [(LearningGoal.Field(field).label, formset) for field, formset in self.goals.items()]

    @property
    def formsets(self) -> list[MergingFormSet]:
        return [*self.goals.values(), self.agreements, self.moments]

    def is_valid(self) -> bool:
        """Everything is in order; what is wrong in a line is also told on top, with a link to the line."""
        whole = all([self.form.is_valid(), *(formset.is_valid() for formset in self.formsets)])
        if whole:
            self._check_moments()
        for formset in self.formsets:
            for field, message in _errors_in(formset):
                self.form.add_error(None, ValidationError(format_html('<a href="#{}">{}</a>', field, message)))
        return whole and self.form.is_valid()

    def _check_moments(self) -> None:
        """Talks fall within the trial; untouched ones move along with its start by themselves."""
        if self._moments is None:
            return
        for form in self.moments:
            day = form.cleaned_data.get("on")
            if day and not self.form.first_day <= day <= self.form.last_day:
                form.add_error("on", _("Kies een dag binnen de proefperiode."))

    @property
    def _moments(self) -> Rows | None:
        rows = _rows(self.moments)
        return None if rows == self.stored["evaluation_dates"] else rows

    @property
    def has_clashes(self) -> bool:
        """Whether somebody else changed meanwhile what was changed here too."""
        return bool(self.form.clashes) or any(formset.has_clashes for formset in self.formsets)

    def shown_after_saving(self, saved: StartPlan) -> dict[str, str]:
        """What fields of the page have to hold once a script saved this: what to compare with, and talks that moved."""
        talks = list(saved.evaluation_dates.all()) if self._moments is None else []
        moved = self.moments.follow([{"on": talk.on, "is_final": talk.is_final} for talk in talks])
        as_shown = MomentForm.base_fields["on"].widget.format_value
        fields = {f"moments-{number}-on": as_shown(row["on"]) for number, row in moved.items()}
        for formset in self.formsets:
            fields |= formset.shown_after_saving()
        return self.form.shown_after_saving() | fields

    def values(self) -> dict[str, Any]:
        """What `actions.save_plan` takes."""
        goals = [{"field": field, **row} for field, formset in self.goals.items() for row in _rows(formset)]
        parts = {"goals": goals, "agreements": _rows(self.agreements), "evaluation_dates": self._moments}
        return {**self.form.cleaned_data, **parts}


def _rows(formset: BaseFormSet) -> Rows:
    return [row for form in formset if (row := form.row) is not None]


def _stored_rows(plan: StartPlan) -> dict[str, Rows]:
    return {
        "goals": [{"field": row.field, "goal": row.goal, "how": row.how} for row in plan.goals.all()],
        "agreements": [{"text": row.text} for row in plan.agreements.all()],
        "evaluation_dates": [{"on": row.on, "is_final": row.is_final} for row in plan.evaluation_dates.all()],
    }


def _errors_in(formset: BaseFormSet) -> list[tuple[str, str]]:
    """Id of the field and what is wrong with it, for every line."""
    whole = [(f"id_{formset.prefix}-0", str(message)) for message in formset.non_form_errors()]
    lines = [
        (form[name].id_for_label, f"{form[name].label}: {message}")
        for form in formset
        for name, messages in form.errors.items()
        for message in messages
    ]
    return whole + lines


class PartyForm(MergingMixin, forms.ModelForm):
    """Who signs for a party, where the personal link goes and where the code that confirms the signature."""

    overwrites = True

    phone = phone_field(gettext_lazy("Mobiel nummer"))

    class Meta:
        model = PlanParty
        fields = ["name", "email", "phone", "code_email", "on_paper"]
        help_texts = {
            "email": gettext_lazy("Naar dit adres gaat de persoonlijke link. Geen adres? Dan gaat hij per sms."),
            "code_email": gettext_lazy(
                "Alleen zonder mobiel nummer: een andere mailbox, waar de code om te tekenen naartoe gaat."
            ),
            "on_paper": gettext_lazy(
                "Dan gaat er geen link uit. Je uploadt het getekende papier en een collega kijkt het na."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _("Naar dit nummer gaat de code om te tekenen.")

    def clean_phone(self) -> Any:
        phone = self.cleaned_data["phone"]
        if phone and not sms.can_receive(phone):
            raise ValidationError(_("Vul een mobiel nummer in: hier gaat een sms naartoe."))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        email, other = cleaned.get("email"), cleaned.get("code_email")
        if email and other and mailbox(email) == mailbox(other):
            self.add_error("code_email", _("Kies een andere mailbox dan die van de link."))
        if not (email or cleaned.get("phone") or cleaned.get("on_paper") or self.errors):
            self.add_error("email", _("Vul een e-mailadres of een mobiel nummer in, of kies tekenen op papier."))
        return cleaned


# --- Signing ---------------------------------------------------------------------------------------------------------
class SignForm(forms.Form):
    """Each statement to tick, one by one, and a name to type."""

    typed_name = forms.CharField(max_length=120)

    def __init__(self, *args: Any, party: PlanParty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.party, self.statements = party, statements_for(party)
        is_youth = party.party == Party.YOUTH
        unticked = {"required": _("Zet hier een vinkje als het klopt.")}
        for number, statement in enumerate(self.statements, start=1):
            self.fields[f"statement_{number}"] = forms.BooleanField(label=statement, error_messages=unticked)
        name = self.fields["typed_name"]
        name.label = _("Typ je naam") if is_youth else _("Typ uw naam")
        name.help_text = _("Dit is je handtekening.") if is_youth else _("Dit is uw handtekening.")
        name.widget.attrs.update({"autocomplete": "name"})
        self.order_fields([*(f"statement_{n}" for n in range(1, len(self.statements) + 1)), "typed_name"])

    def clean_typed_name(self) -> str:
        name: str = self.cleaned_data["typed_name"]
        if missing := without_glyph(name):
            text = _("Dit teken kunnen we niet afdrukken: %(letters)s. Laat het weg.")
            raise ValidationError(text % {"letters": ", ".join(missing)})
        if is_name_of(name, self.party):
            return name
        if sum(letter.isalpha() for letter in name) < 2:
            raise ValidationError(_("Typ voor- en achternaam."))
        text = _("Deze handtekening is van %(name)s. Niemand tekent voor een ander. Typ de hele naam.")
        raise ValidationError(text % {"name": self.party.name})


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=gettext_lazy("Zes cijfers."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # One tap less on a phone; after a mistake the summary gets the focus.
            self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
            raise ValidationError(_("De code heeft zes cijfers."))
        return code


class ScanForm(forms.Form):
    """The scan of a signature on paper: kind judged by content."""

    signed_on = DayField(label=gettext_lazy("Datum op het papier"))
    file = forms.FileField(
        label=gettext_lazy("Scan of foto"),
        max_length=200,
        widget=forms.FileInput({"accept": uploads.ACCEPT_SCAN}),
        help_text=gettext_lazy("Het hele document met de handtekening: PDF, JPG, PNG, HEIC of WebP, hoogstens 10 MB."),
    )

    def clean_file(self) -> uploads.Taken:
        try:
            return uploads.take_scan(self.cleaned_data["file"])
        except uploads.NotAccepted as refusal:
            raise ValidationError(str(refusal)) from refusal


class ReasonForm(forms.Form):
    """Why something isn't right."""

    reason = long_text(gettext_lazy("Waarom?"))


class DeclineForm(forms.Form):
    reason = long_text(gettext_lazy("Waarom niet?"))

    def __init__(self, *args: Any, party: PlanParty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_youth = party.party == Party.YOUTH
        self.fields["reason"].help_text = (
            _("Schrijf wat er niet klopt. We bellen je erover.")
            if is_youth
            else _("Schrijf wat er niet klopt. Wij nemen contact met u op.")
        )
