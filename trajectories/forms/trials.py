"""Input around the trial: the payer's permission, an extension, the views of the evaluation, loonwaarde."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import law
from candidates.forms.fields import long_text
from topjob import clock
from topjob.dates import nl_date, why_not_yet
from topjob.errors import promised, rule_words
from topjob.forms import SectionedModelForm, field_of, offer
from topjob.merging import MergingMixin
from trajectories.forms.steps import DayField
from trajectories.models import AmbitionItem, PayerPermission, Trajectory, TrialInterruption, TrialPeriod, WageValue
from trajectories.process import rules
from trajectories.process.periods import ONE_DAY, period_end

YES_NO = ((True, gettext_lazy("ja")), (False, gettext_lazy("nee")))
# From "samen in veiligheid" to "zelfstandig in de werkelijkheid" (docs/domain.md §4.5).
SCALE = (
    (1, gettext_lazy("lukt nog niet")),
    (2, gettext_lazy("lukt met veel hulp")),
    (3, gettext_lazy("lukt met een beetje hulp")),
    (4, gettext_lazy("lukt meestal zelf")),
    (5, gettext_lazy("lukt zelf, ook als het druk is")),
)


def as_bool(value: Any) -> bool:
    return value in (True, "True")


def yes_no(label: Any, **options: Any) -> forms.TypedChoiceField:
    """A question that has to be answered with yes or no."""
    return forms.TypedChoiceField(label=label, choices=YES_NO, coerce=as_bool, widget=forms.RadioSelect, **options)


# --- Permission and extension ----------------------------------------------------------------------------------------
class PermissionForm(SectionedModelForm):
    """The decision of the payer: from, until, or a refusal."""

    is_granted = yes_no(gettext_lazy("Toestemming gegeven"), initial=True)

    class Meta:
        model = PayerPermission
        fields = ["kind", "is_granted", "valid_from", "valid_until", "decided_on", "reference"]

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        self.trajectory = trajectory
        super().__init__(*args, **kwargs)
        for name, value in _proposal(trajectory).items():
            self.initial[name] = value

    def clean_decided_on(self) -> date:
        day = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise ValidationError(_("Een besluit kan niet in de toekomst genomen zijn."))
        return day

    def _too_long(self, first: date | None, last: date | None) -> str:
        if first is None or last is None or not self.cleaned_data.get("is_granted"):
            return ""
        return rules.permission_too_long(self.trajectory, first, last)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last, decided = (cleaned.get(name) for name in ("valid_from", "valid_until", "decided_on"))
        if first and last and last < first:
            self.add_error("valid_until", rule_words(PayerPermission, "permission_dates"))
        elif too_long := self._too_long(first, last):
            self.add_error("valid_until", too_long)
        if (
            first
            and decided
            and decided > first
            and promised(self.trajectory.client).is_uwv
            and cleaned.get("kind") == PayerPermission.Kind.FIRST
        ):
            self.add_error("decided_on", _("UWV beslist vóór de start. Een besluit achteraf telt niet."))
        return cleaned


def _proposal(trajectory: Trajectory) -> dict[str, Any]:
    """What the next decision probably says: the usual months from the start, or from the day after the last decision."""
    plan = trajectory.signed_plan or trajectory.current_plan
    if plan is None:
        return {}
    granted = [row.valid_until for row in trajectory.permissions.all() if row.is_granted]
    last = max((day for day in granted if day >= plan.trial_starts_on), default=None)
    first_day = last + ONE_DAY if last else plan.trial_starts_on
    months = law.number(law.Key.PERMISSION_MONTHS, on=plan.trial_starts_on, client=trajectory.client)
    return {
        "kind": PayerPermission.Kind.EXTENSION if last else PayerPermission.Kind.FIRST,
        "valid_from": first_day,
        "valid_until": period_end(first_day, months),
    }


class ExtendForm(forms.Form):
    """A longer trial; the same limits as the action's (decision 8)."""

    until_day = DayField(label=gettext_lazy("Verlengen tot en met"))
    permission = forms.ModelChoiceField(
        label=gettext_lazy("Besluit van de opdrachtgever"),
        queryset=PayerPermission.objects.none(),
        required=False,
        empty_label=gettext_lazy("geen"),
    )
    reason = long_text(gettext_lazy("Reden"), help_text=gettext_lazy("Bijvoorbeeld een onderbreking door ziekte."))

    def __init__(self, *args: Any, trajectory: Trajectory, trial: TrialPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trajectory, self.trial = trajectory, trial
        granted = trajectory.permissions.filter(is_granted=True).order_by("-valid_until")
        offer(self, "permission", granted, named=_permission_in_words)
        field = self.fields["permission"]
        field.required = rules.extension_needs_permission(trial)
        field.error_messages["required"] = _("Kies een besluit. Is het er nog niet? Leg het eerst vast.")
        field.help_text = _("Nodig: het besluit moet tot en met de nieuwe einddatum gelden.") if field.required else ""

    def clean_until_day(self) -> date:
        day = self.cleaned_data["until_day"]
        if wrong := rules.why_not_until(self.trajectory, self.trial, day):
            raise ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        permission, day = cleaned.get("permission"), cleaned.get("until_day")
        if permission and day and permission.valid_until < day:
            self.add_error("permission", _("Dit besluit eindigt eerder dan de nieuwe einddatum."))
        elif permission and day and not rules.permission_extends(self.trial, permission, day):
            self.add_error("permission", _("Dit besluit begint later dan de dag na het huidige einde."))
        return cleaned


class InterruptionForm(forms.Form):
    """An interruption of the trial. The reason at work, never a diagnosis (AVG)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Wat is er?"), choices=TrialInterruption.Kind.choices, widget=forms.RadioSelect
    )
    starts_on = DayField(label=gettext_lazy("Eerste dag"))
    ends_on = DayField(
        label=gettext_lazy("Laatste dag"), required=False, help_text=gettext_lazy("Leeg als het nog duurt.")
    )
    reason = long_text(
        gettext_lazy("Toelichting"),
        rows=2,
        help_text=gettext_lazy("Wat is nodig voor het werk? Schrijf geen ziekte of diagnose op."),
    )

    def __init__(self, *args: Any, trial: TrialPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trial = trial
        self.initial.setdefault("starts_on", clock.today())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and "ends_on" not in self.errors:
            for field, text in rules.interruption_refusals(self.trial, first, last):
                self.add_error(field, text)
        return cleaned


class ResumeForm(forms.Form):
    """The last day of the interruption that still lasts."""

    ends_on = DayField(label=gettext_lazy("Laatste dag van de onderbreking"))

    def __init__(self, *args: Any, interruption: TrialInterruption, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interruption = interruption
        self.initial.setdefault("ends_on", clock.today())

    def clean_ends_on(self) -> date:
        day, row = self.cleaned_data["ends_on"], self.interruption
        for _field, text in rules.interruption_refusals(row.trial, row.starts_on, day, but=row):
            raise ValidationError(text)
        return day


def _permission_in_words(permission: PayerPermission) -> str:
    return _("%(kind)s, %(first)s t/m %(last)s") % {
        "kind": permission.get_kind_display(),
        "first": nl_date(permission.valid_from),
        "last": nl_date(permission.valid_until),
    }


# --- The views of the evaluation -------------------------------------------------------------------------------------
class RecordViewForm(forms.Form):
    """A guide fills in a party's view on its behalf: further or not, the scale, words, and the reason for doing so (R7)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_positive"] = yes_no(_("Is deze partij positief: verder samen?"))
        items = AmbitionItem.objects.filter(is_active=True).order_by("position", "pk")
        self.items = list(items.prefetch_related("steps"))
        for item in self.items:
            field = forms.TypedChoiceField(
                label=item.name,
                choices=SCALE,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Kies een cijfer van 1 tot en met 5.")},
            )
            field.examples = [(step.score, step.example) for step in item.steps.all()]  # type: ignore[attr-defined]
            self.fields[_name_of(item)] = field
        self.fields["went_well"] = long_text(_("Wat ging goed?"), required=False)
        self.fields["can_improve"] = long_text(_("Wat kan beter?"), required=False)
        self.fields["reason"] = long_text(
            _("Waarom vul je dit namens de partij in?"), help_text=_("Blijft zichtbaar bij het oordeel.")
        )

    @property
    def scale(self) -> list[forms.BoundField]:
        """The items of the ambition scale, in their order."""
        return [self[_name_of(item)] for item in self.items]

    def values(self) -> dict[str, Any]:
        """What `actions.record_view` takes."""
        given = self.cleaned_data
        scores = {item: given[_name_of(item)] for item in self.items}
        kept = {name: given[name] for name in ("is_positive", "went_well", "can_improve", "reason")}
        return {**kept, "scores": scores}


def _name_of(item: AmbitionItem) -> str:
    return f"item_{item.pk}"


# --- Loonwaarde ------------------------------------------------------------------------------------------------------
class WageDecisionForm(MergingMixin, forms.Form):
    """Whether loonwaarde is needed, and whether loonkostensubsidie is asked for (R8, decision 3)."""

    overwrites = True

    wants_wage_subsidy = yes_no(gettext_lazy("Loonkostensubsidie aangevraagd of gewenst"))
    needed = yes_no(gettext_lazy("Loonwaardebepaling nodig"))
    reason = long_text(gettext_lazy("Reden"))

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trajectory = trajectory

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wants, needed = cleaned.get("wants_wage_subsidy"), cleaned.get("needed")
        if needed is False and (asked := rules.wage_value_asked_by(self.trajectory, wants_wage_subsidy=bool(wants))):
            self.add_error("needed", asked)
        return cleaned


class WageValueForm(SectionedModelForm):
    """The loonwaarde as UWV or gemeente settled it."""

    class Meta:
        model = WageValue
        fields = ["percentage", "determined_by", "determined_on", "explanation"]
        help_texts = {"percentage": gettext_lazy("Een heel getal van 0 tot en met 100.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "percentage", forms.IntegerField)
        field.max_value = 100
        field.widget.attrs.update({"max": 100, "inputmode": "numeric"})

    def clean_determined_on(self) -> date:
        day = self.cleaned_data["determined_on"]
        if wrong := why_not_yet(day):
            raise ValidationError(wrong)
        return day
