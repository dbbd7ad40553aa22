"""What a step asks of whoever takes it. The same functions judge here, at the field, as in the action's guards."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import law
from accounts.models import Organisation
from candidates.forms.fields import check_within, long_text
from topjob import clock
from topjob.dates import nl_date, why_not_yet
from topjob.errors import promised, rule_words
from topjob.forms import offer
from topjob.picking import PickField
from trajectories.models import Contract, Qualification, TrainingEnd, Trajectory
from trajectories.models.placement import Construction, Level, Route
from trajectories.money import pay
from trajectories.process import rules
from trajectories.process.periods import ONE_DAY, day_off_notice, period_end
from trajectories.process.workflow import State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


FULL_WEEK = 40


class DayField(forms.DateField):
    """A day near today; a year far away is a slip of the hand."""

    def clean(self, value: Any) -> date | None:
        return check_within(super().clean(value), years_back=5, years_ahead=5)


class MomentField(forms.DateTimeField):
    """A day with a time, near today."""

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment is not None:
            check_within(clock.local(moment), years_back=5, years_ahead=5)
        return moment


def say_day_off(form: forms.Form | forms.ModelForm, name: str) -> None:
    """Beside a first day of work: that it falls in a weekend or on a holiday, for as long as that day stands there."""
    field = form.fields[name]
    shown = form.data.get(form.add_prefix(name)) if form.is_bound else form.get_initial_for_field(field, name)
    try:
        day = field.to_python(shown)
    except ValidationError:
        return
    field.help_text = " ".join(filter(None, (str(field.help_text), day_off_notice(day))))


def hours_field(
    label: StrOrPromise, *, least: int = 1, required: bool = True, help_text: StrOrPromise = ""
) -> forms.IntegerField:
    """Hours a week, at most a full week."""
    return forms.IntegerField(label=label, min_value=least, max_value=FULL_WEEK, required=required, help_text=help_text)


def euro_field(
    label: StrOrPromise, *, digits: int, too_high: Any, required: bool, help_text: Any
) -> forms.DecimalField:
    """An amount in whole cents; how much it may be is judged with the first day of the contract."""
    return forms.DecimalField(
        label=label,
        required=required,
        max_digits=digits,
        decimal_places=2,
        help_text=help_text,
        error_messages={
            "invalid": gettext_lazy("Vul een bedrag in, zoals 14,71."),
            "max_decimal_places": gettext_lazy("Vul het bedrag in hele centen in, zoals 14,71."),
            "max_digits": too_high,
            "max_whole_digits": too_high,
        },
    )


def wage_field(*, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    """The gross wage of an hour."""
    too_high = gettext_lazy("Dit bedrag is te hoog. Vul het loon van één uur in, zoals 14,71.")
    label = gettext_lazy("Bruto uurloon in euro")
    return euro_field(label, digits=5, too_high=too_high, required=required, help_text=help_text)


def least_wage(trajectory: Trajectory, day: date | None) -> str:
    """Beside the field: what is the least for this person on the first day, also with a subsidy."""
    minimum = pay.minimum_on(trajectory, day) if day else None
    words = str(minimum) if minimum else _("Ten minste het minimumloon voor de leeftijd op de eerste dag.")
    return f"{words} {_('Ook met loonkostensubsidie wordt het niet lager.')}"


class StepForm(forms.Form):
    """A step that asks nothing but to be sure; `values` is what the action gets."""

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        self.trajectory = trajectory
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return self.cleaned_data


class ReasonForm(StepForm):
    """A step with a reason: it stays in the log (R14)."""

    reason = long_text(
        gettext_lazy("Reden"), help_text=gettext_lazy("Blijft in het logboek staan en is niet te wijzigen.")
    )


class IntroduceForm(StepForm):
    talk_at = MomentField(
        label=gettext_lazy("Sollicitatiegesprek op"),
        required=False,
        help_text=gettext_lazy("Mag leeg blijven als het gesprek nog niet is afgesproken."),
    )

    def clean_talk_at(self) -> datetime | None:
        moment = self.cleaned_data["talk_at"]
        if moment and clock.local(moment) < clock.today():
            raise ValidationError(
                _("Dit gesprek ligt in het verleden. Leg een gevoerd gesprek vast na het voorstellen.")
            )
        return moment


class AcceptForm(StepForm):
    construction = forms.ChoiceField(
        label=gettext_lazy("Constructie"), choices=Construction.choices, widget=forms.RadioSelect
    )
    route = forms.ChoiceField(label=gettext_lazy("Route"), choices=[("", "---------"), *Route.choices])
    level = forms.ChoiceField(label=gettext_lazy("Niveau"), choices=[("", "---------"), *Level.choices])
    planned_start = DayField(
        label=gettext_lazy("Geplande start van de proefperiode"),
        help_text=gettext_lazy("Vanaf deze dag is de plaats bezet. Het startplan begint met deze datum."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.trajectory.current_application
        if application is not None:
            self.initial.setdefault("planned_start", max(application.vacancy.starts_on, clock.today()))
        say_day_off(self, "planned_start")

    def clean_planned_start(self) -> date:
        day = self.cleaned_data["planned_start"]
        if wrong := rules.why_not_from(day):
            raise ValidationError(wrong)
        return day


class BreakOffForm(ReasonForm):
    target = forms.ChoiceField(
        label=gettext_lazy("Wat volgt er?"),
        widget=forms.RadioSelect,
        choices=[
            (State.BEMIDDELBAAR, gettext_lazy("Andere plek: terug naar bemiddelbaar")),
            (State.ADVIES, gettext_lazy("Advies: naar het Adviespunt")),
            (State.AFSLUITING, gettext_lazy("Stoppen: naar de afsluiting")),
        ],
    )
    field_order = ["target", "reason"]


class HoursForm(StepForm):
    """Size of a contract with the hours of training in it."""

    hours_per_week = hours_field(
        gettext_lazy("Uren per week"), help_text=gettext_lazy("Gebruikelijk in stroom 1: 32 uur.")
    )
    training_hours = hours_field(gettext_lazy("Waarvan uren opleiding"), least=0, required=False)
    hourly_wage = wage_field()

    def clean_training_hours(self) -> int:
        return self.cleaned_data["training_hours"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("training_hours", 0) > cleaned.get("hours_per_week", FULL_WEEK):
            self.add_error("training_hours", rule_words(Contract, "contract_training_within_hours"))
        return cleaned


class ContractForm(HoursForm):
    """A learn-work contract from a known first day; its length is judged by R9."""

    ends_on = DayField(label=gettext_lazy("Laatste dag van het contract"))
    least_months_key: str | None = law.Key.CONTRACT_MIN_MONTHS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hourly_wage"].help_text = least_wage(self.trajectory, self.starts_on)

    def clean_hourly_wage(self) -> Decimal:
        wage, start = self.cleaned_data["hourly_wage"], self.starts_on
        if start and (wrong := pay.wage_refusal(self.trajectory, wage, start)):
            raise ValidationError(wrong.text)
        return wage

    @property
    def starts_on(self) -> date | None:
        return rules.learn_work_start(self.trajectory)

    def _risen(self, wage: Decimal | None) -> Decimal | None:
        """What was paid before, or the minimum wage where that is more by the first day."""
        if wage is None or self.starts_on is None:
            return wage
        return pay.at_least(wage, pay.minimum_on(self.trajectory, self.starts_on))

    def _months(self, key: str | None) -> int:
        return law.number(key, on=self.starts_on, client=self.trajectory.client) if key and self.starts_on else 0

    def clean_ends_on(self) -> date:
        day, start = self.cleaned_data["ends_on"], self.starts_on
        if start is None:
            return day
        least, most = self._months(self.least_months_key), self._months(law.Key.CONTRACT_MAX_MONTHS)
        if day >= start and rules.contract_length_ok(
            Contract(starts_on=start, ends_on=day, min_months=least, max_months=most)
        ):
            return day
        first = period_end(start, least) if least else start
        words = {
            "first": nl_date(first),
            "last": nl_date(period_end(start, most)),
            "start": nl_date(start),
        }
        raise ValidationError(
            _("Het contract begint op %(start)s. Kies een laatste dag van %(first)s tot en met %(last)s.") % words
        )


class ContinueLearningForm(ContractForm):
    holder = forms.ChoiceField(
        label=gettext_lazy("Contract met"), choices=Contract.Holder.choices, widget=forms.RadioSelect
    )
    organisation = PickField(
        label=gettext_lazy("Ander (leer)bedrijf"),
        queryset=Organisation.objects.employers().filter(is_active=True),
        url_name="candidates:employer_options",
        required=False,
        help_text=gettext_lazy("Alleen als het contract bij een ander bedrijf is. Typ een deel van de naam."),
    )
    no_probation = forms.BooleanField(
        label=gettext_lazy("In het contract staat geen proeftijd"),
        help_text=gettext_lazy("Na een proefplaatsing mag een proeftijd niet (UWV; BW 7:652)."),
        error_messages={"required": gettext_lazy("Een contract na een proefplaatsing mag geen proeftijd hebben.")},
    )
    field_order = [
        "holder",
        "organisation",
        "ends_on",
        "hours_per_week",
        "training_hours",
        "hourly_wage",
        "no_probation",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trial, stream = self.trajectory.current_trial, self.trajectory.stream
        self.initial.setdefault("holder", Contract.Holder.COMPANY)
        if trial is not None:
            starts_on = promised(self.starts_on)
            self.initial.setdefault("ends_on", period_end(starts_on, stream.training_months if stream else 12))
            self.initial.setdefault("hours_per_week", trial.plan.hours_per_week)
            self.initial.setdefault("training_hours", trial.plan.training_hours)
            self.initial.setdefault("hourly_wage", self._risen(trial.plan.hourly_wage))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        other = cleaned.get("holder") == Contract.Holder.OTHER
        if other and not cleaned.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", _("Kies het bedrijf waar het contract mee is."))
        if not other:
            cleaned["organisation"] = None
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "no_probation"}


class ExtendForm(ContractForm):
    """The extension may be shorter than a year (decision 4)."""

    least_months_key = None
    field_order = ["ends_on", "hours_per_week", "training_hours", "hourly_wage"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = self.trajectory.running_contract
        if running is not None:
            self.initial.setdefault("hours_per_week", running.hours_per_week)
            self.initial.setdefault("training_hours", running.training_hours)
            self.initial.setdefault("hourly_wage", self._risen(running.hourly_wage))

    @property
    def starts_on(self) -> date | None:
        running = self.trajectory.running_contract
        return running.last_day + ONE_DAY if running is not None and running.last_day else None


def _qualification_in_words(row: Qualification) -> str:
    return f"{row.name} ({row.get_level_display()}, {nl_date(row.on)})"


class FinishTrainingForm(StepForm):
    """R11: qualified, contract over, or early with a reason."""

    kind = forms.ChoiceField(label=gettext_lazy("Waarom"), choices=TrainingEnd.Kind.choices, widget=forms.RadioSelect)
    qualification = forms.ModelChoiceField(
        label=gettext_lazy("Behaald diploma"),
        queryset=Qualification.objects.none(),
        required=False,
        help_text=gettext_lazy("Staat het er niet bij? Leg het eerst vast bij Kwalificatie."),
    )
    on = DayField(label=gettext_lazy("Laatste dag"))
    reason = long_text(gettext_lazy("Reden bij eerder stoppen"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "qualification", self.trajectory.qualifications.all(), named=_qualification_in_words)
        self.initial.setdefault("on", clock.today())

    def clean_on(self) -> date:
        day, contract = self.cleaned_data["on"], self.trajectory.running_contract
        if wrong := why_not_yet(day):
            raise ValidationError(wrong)
        if contract is not None and contract.previous is None and day < contract.starts_on:
            raise ValidationError(_("Het contract was toen nog niet begonnen."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check = {
            TrainingEnd.Kind.QUALIFIED: self._check_qualified,
            TrainingEnd.Kind.EARLY: self._check_early,
            TrainingEnd.Kind.CONTRACT_OVER: self._check_contract_over,
        }.get(cleaned.get("kind", ""))
        if check is not None:
            check(cleaned)
        return cleaned

    def _check_qualified(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("qualification") and "qualification" not in self.errors:
            self.add_error("qualification", rule_words(TrainingEnd, "qualified_end_has_qualification"))

    def _check_early(self, cleaned: dict[str, Any]) -> None:
        cleaned["qualification"] = None
        if not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", rules.early_end_asks_why())

    def _check_contract_over(self, cleaned: dict[str, Any]) -> None:
        """The same as the guard: the contract must really be over."""
        cleaned["qualification"] = None
        contract = self.trajectory.running_contract
        if contract is not None and contract.ends_on is not None and contract.ends_on >= clock.today():
            self.add_error("kind", _("Het contract loopt nog tot en met %(day)s.") % {"day": nl_date(contract.ends_on)})


class ContractWageForm(forms.Form):
    """The wage of a contract that has none yet, or isn't on paper yet."""

    hourly_wage = wage_field()

    def __init__(self, *args: Any, contract: Contract, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract, self.trajectory = contract, trajectory
        self.initial.setdefault("hourly_wage", contract.hourly_wage)
        self.fields["hourly_wage"].help_text = least_wage(trajectory, contract.starts_on)

    def clean_hourly_wage(self) -> Decimal:
        wage = self.cleaned_data["hourly_wage"]
        if wrong := pay.wage_refusal(self.trajectory, wage, self.contract.starts_on):
            raise ValidationError(wrong.text)
        return wage
