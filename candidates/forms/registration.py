"""Forms of the frontoffice: registering in one fast page, the override and the offer."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row
from dateutil.relativedelta import relativedelta
from django import forms
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Branch, Client, KindOfPlace, Region, User
from accounts.models.roles import REGION_ROLES
from candidates.forms.fields import (
    NamesMixin,
    TextArea,
    check_birth_date,
    check_reachable,
    check_within,
    long_text,
)
from candidates.models import Candidate, Offer, Referrer, Registration, TargetGroup
from topjob import clock
from topjob.errors import rule_words
from topjob.folding import Fold
from topjob.forms import PostcodeField, field_of, offer, phone_field
from topjob.merging import MergingMixin, hold
from topjob.picking import PickField

PERSON_FIELDS = [
    "first_name",
    "name_prefix",
    "last_name",
    "birth_date",
    "phone",
    "email",
    "street",
    "house_number",
    "postcode",
    "city",
    "region",
]
REGISTRATION_FIELDS = [
    "situation",
    "wish",
    "referrer",
    "referrer_name",
    "client",
    "target_group",
    "planned_start",
    "wants_project",
    "motivation",
    "is_motivated",
    "kinds_of_place",
    "branches",
    "hours_per_week",
    "max_distance_km",
    "transport",
]


class PersonFields(NamesMixin, forms.ModelForm):
    """The personal data, with checks that people understand."""

    postcode = PostcodeField(label=gettext_lazy("Postcode"), required=False, max_length=10)
    phone = phone_field(gettext_lazy("Telefoon"))

    class Meta:
        model = Candidate
        fields = PERSON_FIELDS

    def __init__(self, *args: Any, regions: list[Region] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain_names(_("Heeft iemand maar één naam? Vul die hier in en laat de voornaam leeg."))
        if "region" in self.fields:
            self._offer_regions(self.fields["region"], regions)

    @staticmethod
    def _offer_regions(field: Any, regions: list[Region] | None) -> None:
        """All active ones, or only these; nothing to choose when there is one."""
        field.queryset = Region.objects.filter(is_active=True)
        if regions is None:
            return
        field.queryset = field.queryset.filter(pk__in=[region.pk for region in regions])
        if len(regions) == 1:
            field.initial, field.empty_label = regions[0], None
        nothing = [("", field.empty_label)] if field.empty_label is not None else []
        field.choices = [*nothing, *((region.pk, str(region)) for region in regions)]

    def clean_birth_date(self) -> Any:
        return check_birth_date(self.cleaned_data.get("birth_date"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_names(cleaned)
        check_reachable(self, cleaned)
        return cleaned


def person_rows() -> list[Row]:
    """The personal data, a few fields beside each other."""
    return [
        _row(("first_name", 5), ("name_prefix", 2), ("last_name", 5)),
        _row(("birth_date", 4), ("phone", 4), ("email", 4)),
        _row(("postcode", 2), ("house_number", 2), ("street", 4), ("city", 4)),
        _row(("region", 6)),
    ]


def plain_helper(*layout: Any) -> FormHelper:
    """A layout inside the form of `components/form.html`."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf, helper.render_hidden_fields = False, True, True
    helper.layout = Layout(*layout)
    return helper


def own_regions(user: User) -> list[Region]:
    """Regions in which someone works, by name."""
    found = {m.region for m in user.membership_list if m.role in REGION_ROLES and m.region and m.region.is_active}
    return sorted(found, key=lambda region: region.name)


def group_label(group: TargetGroup) -> str:
    """A target group with its benefit, so that both are chosen at once."""
    return f"{group} – {group.benefit}" if group.benefit else str(group)


class YesNoUnknown(forms.Select):
    """Yes, no or not yet known; what is stored is the choice that is shown."""

    def format_value(self, value: Any) -> list[str]:
        return [{True: "true", False: "false", None: "unknown"}.get(value, str(value).lower())]


class RegistrationForm(MergingMixin, forms.ModelForm):
    """Person, situation, wish, payer, motivation and basic zoekprofiel on one page (step 1 a–d)."""

    client = PickField(
        label=gettext_lazy("Opdrachtgever"),
        queryset=Client.objects.filter(is_active=True),
        url_name="candidates:client_options",
        required=False,
        help_text=gettext_lazy("Typ een deel van de naam, bijvoorbeeld Raalte of UWV."),
    )
    motivation = long_text(gettext_lazy("Motivatie in eigen woorden"), required=False)
    is_motivated = forms.NullBooleanField(
        label=gettext_lazy("Gemotiveerd"),
        required=False,
        widget=YesNoUnknown(
            choices=[
                ("unknown", gettext_lazy("nog niet beoordeeld")),
                ("true", gettext_lazy("ja")),
                ("false", gettext_lazy("nee")),
            ]
        ),
    )

    class Meta:
        model = Registration
        fields = REGISTRATION_FIELDS
        widgets = {
            "kinds_of_place": forms.CheckboxSelectMultiple,
            "branches": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, user: User, candidate: Candidate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidate = candidate or Candidate()
        self.person = PersonFields(
            self.data if self.is_bound else None, instance=self.candidate, regions=own_regions(user)
        )
        registration = dict(self.fields)
        self.fields = {**self.person.fields, **registration}
        self.initial = {**self.person.initial, **self.initial}
        self._offer_choices()
        self.helper = self._helper()

    def _offer_choices(self) -> None:
        fields = self.fields
        offer(self, "referrer", Referrer.objects.filter(is_active=True))
        offer(self, "target_group", TargetGroup.objects.filter(is_active=True), named=group_label)
        fields["target_group"].label = _("Doelgroep en uitkering")
        kinds = KindOfPlace.objects.filter(is_active=True).select_related("department")
        offer(self, "kinds_of_place", kinds, named=lambda kind: f"{kind} ({kind.department})")
        offer(self, "branches", Branch.objects.filter(is_active=True))
        fields["first_name"].widget.attrs["autofocus"] = True
        fields["planned_start"].help_text = _("De leeftijd telt op deze dag. Leeg: vandaag.")

    def _helper(self) -> FormHelper:
        watched = ("birth_date", "target_group", "planned_start", "wants_project", "wish")
        verdict = Div(
            HTML('{% include "candidates/_eligibility.html" %}'),
            css_id="past",
            css_class="mb-3",
            aria_live="polite",
            hx_get=reverse("candidates:eligibility"),
            hx_include=", ".join(f"#id_{name}" for name in watched),
            hx_trigger=", ".join(f"change from:#id_{name}" for name in watched),
        )
        person = Fieldset(
            _("Persoon en motivatie"),
            _row(("first_name", 4), ("name_prefix", 3), ("last_name", 5)),
            _row(("birth_date", 6), ("phone", 6)),
            _row(("email", 6), ("region", 6)),
            _row(("motivation", 7), ("is_motivated", 5)),
        )
        situation = Fieldset(
            _("Situatie, wens en doelgroep"),
            _row(("situation", 6), ("wish", 6)),
            _row(("client", 6), ("target_group", 6)),
            _row(("planned_start", 6), ("wants_project", 6)),
            verdict,
        )
        return plain_helper(Div(person, situation, css_class="screen-columns"), *_seldom())

    def clean_planned_start(self) -> Any:
        day = check_within(self.cleaned_data.get("planned_start"), years_back=1, years_ahead=3)
        if day and "planned_start" in self.changed_data and day < clock.today():
            raise forms.ValidationError(_("De gewenste startdatum ligt in het verleden."))
        return day

    def look_again(self) -> None:
        super().look_again()
        hold(self.candidate)
        self.initial.update(model_to_dict(self.candidate, PERSON_FIELDS))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.person.data = self.data
        for name, errors in self.person.errors.items():
            for error in errors if name not in self.errors else []:
                self.add_error(name if name in self.fields else None, error)

    @property
    def many(self) -> dict[str, Any]:
        """The chosen kinds of place and branches, for the action."""
        return {"kinds_of_place": self.cleaned_data["kinds_of_place"], "branches": self.cleaned_data["branches"]}


def _seldom() -> list[Fold]:
    """What is often not known yet at a registration."""
    return [
        Fold(_("Adres"), _row(("postcode", 3), ("house_number", 2), ("street", 4), ("city", 3))),
        Fold(_("Verwijzer"), _row(("referrer", 6), ("referrer_name", 6))),
        Fold(
            _("Basis-zoekprofiel"),
            _row(("hours_per_week", 4), ("max_distance_km", 4), ("transport", 4)),
            Div("kinds_of_place", css_class="choices"),
            Div("branches", css_class="choices"),
        ),
    ]


def _row(*columns: tuple[str, int]) -> Row:
    return Row(*(Column(name, css_class=f"col-md-{width}") for name, width in columns))


class EligibilityForm(forms.Form):
    """The facts that decide R2, and the wish that says whether it matters, while somebody is still typing."""

    birth_date = forms.DateField(required=False)
    target_group = forms.ModelChoiceField(TargetGroup.objects.filter(is_active=True), required=False)
    planned_start = forms.DateField(required=False)
    wants_project = forms.BooleanField(required=False)
    wish = forms.ChoiceField(choices=Registration.Wish, required=False)


class ReasonForm(forms.Form):
    """A reason in words; recorded and visible."""

    reason = long_text(gettext_lazy("Reden"))


class OfferForm(forms.ModelForm):
    client = PickField(
        label=gettext_lazy("Opdrachtgever"),
        queryset=Client.objects.filter(is_active=True),
        url_name="candidates:client_options",
    )
    description = long_text(gettext_lazy("Wat wij aanbieden"), rows=5)

    class Meta:
        model = Offer
        fields = ["client", "description", "amount", "sent_on", "valid_until"]

    def clean_sent_on(self) -> Any:
        day = check_within(self.cleaned_data["sent_on"], years_back=1, years_ahead=0)
        if day > clock.today():
            raise forms.ValidationError(_("De datum van versturen ligt in de toekomst."))
        return day

    def clean_valid_until(self) -> Any:
        return check_within(self.cleaned_data["valid_until"], years_back=1, years_ahead=2)


def offer_initial(registration: Registration) -> dict[str, Any]:
    """A new offer starts with the opdrachtgever of the registration, today, valid for a month."""
    today = clock.today()
    return {"client": registration.client, "sent_on": today, "valid_until": today + relativedelta(months=1)}


class OfferAnswerForm(forms.ModelForm):
    answer_note = long_text(gettext_lazy("Toelichting"), required=False)

    class Meta:
        model = Offer
        fields = ["answer", "answered_on", "answered_by", "answer_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [choice for choice in Offer.Answer.choices if choice[0] != Offer.Answer.OPEN]
        field_of(self, "answer", forms.ChoiceField).choices = [("", "---------"), *answers]
        self.fields["answered_on"].required = True
        self.initial.update(answer="", answered_on=clock.today())

    def clean_answered_on(self) -> Any:
        day = self.cleaned_data["answered_on"]
        if day > clock.today():
            raise forms.ValidationError(_("De datum van het antwoord ligt in de toekomst."))
        if day < self.instance.sent_on:
            raise forms.ValidationError(rule_words(Offer, "offer_answer_has_date"))
        return day


__all__ = [
    "EligibilityForm",
    "OfferAnswerForm",
    "OfferForm",
    "PersonFields",
    "ReasonForm",
    "RegistrationForm",
    "TextArea",
    "offer_initial",
]
