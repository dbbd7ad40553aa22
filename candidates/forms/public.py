"""The forms that a youth fills in: registering on the website, and the own data. Language level B1."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Region
from candidates.forms.fields import (
    GenderMixin,
    NamesMixin,
    check_birth_date,
    check_reachable,
    long_text,
)
from candidates.forms.file import ConsentForm
from candidates.models import Candidate, Consent, LegalRepresentative, Registration
from candidates.models.person import age_on
from candidates.rules import ADULT, YOUNGEST
from topjob import clock
from topjob.entry import DayInput
from topjob.forms import PostcodeField, field_of, listed, phone_field
from topjob.merging import MergingMixin
from topjob.picking import PickField

ONE_NAME = gettext_lazy("Heb je maar één naam? Vul die hier in. Laat de voornaam dan leeg.")
OWN_FIELDS = [
    "first_name",
    "name_prefix",
    "last_name",
    "phone",
    "email",
    "street",
    "house_number",
    "postcode",
    "city",
    "gender",
]


class PublicRegistrationForm(NamesMixin, forms.ModelForm):
    """Aanmelden: who you are, what you want, and that you agree."""

    birth_date = forms.DateField(label=gettext_lazy("Geboortedatum"), widget=DayInput({"autocomplete": "bday"}))
    phone = phone_field(gettext_lazy("Telefoonnummer"), required=True)
    postcode = PostcodeField(label=gettext_lazy("Postcode"), required=False, max_length=10)
    region = forms.ModelChoiceField(
        Region.objects.filter(is_active=True),
        label=gettext_lazy("In welke regio woon je?"),
        help_text=gettext_lazy("Weet je het niet? Kies de regio die het dichtst bij je woont."),
    )
    situation = forms.ChoiceField(label=gettext_lazy("Wat doe je nu?"), choices=Registration.Situation.choices)
    wish = forms.ChoiceField(label=gettext_lazy("Wat zoek je?"), choices=Registration.Wish.choices)
    motivation = long_text(
        gettext_lazy("Waarom wil je dit?"),
        rows=4,
        help_text=gettext_lazy("Schrijf het in je eigen woorden. Kort is goed."),
    )
    representative_name = forms.CharField(
        label=gettext_lazy("Naam van je ouder of voogd"), max_length=120, required=False
    )
    representative_relation = forms.ChoiceField(
        label=gettext_lazy("Wie is dit?"),
        choices=[("", gettext_lazy("Kies")), *LegalRepresentative.Relation.choices],
        required=False,
    )
    representative_email = forms.EmailField(label=gettext_lazy("E-mailadres van je ouder of voogd"), required=False)
    representative_phone = phone_field(gettext_lazy("Telefoonnummer van je ouder of voogd"))
    consent = forms.BooleanField(
        label=gettext_lazy("Ik heb gelezen wat jullie met mijn gegevens doen. Ik vind dat goed."),
        error_messages={
            "required": gettext_lazy("Zet hier een vinkje als je het goed vindt. Anders kunnen we je niet helpen.")
        },
    )
    # People don't see this field; programs that fill in everything do, and so does a browser at times. Never a dead end:
    # whatever is in it, the registration comes in, and staff see the suspicion.
    website = forms.Field(required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))

    class Meta:
        model = Candidate
        fields = [
            "first_name",
            "name_prefix",
            "last_name",
            "birth_date",
            "phone",
            "email",
            "postcode",
            "city",
            "region",
        ]
        labels = {
            "name_prefix": gettext_lazy("Tussenvoegsel (zoals van of de)"),
            "email": gettext_lazy("E-mailadres"),
            "city": gettext_lazy("Woonplaats"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain_names(ONE_NAME)
        hints = {
            "first_name": "given-name",
            "last_name": "family-name",
            "postcode": "postal-code",
            "city": "address-level2",
        }
        for name, hint in (hints | {"email": "email"}).items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        field_of(self, "region", forms.ModelChoiceField).empty_label = _("Kies")
        for name in ("situation", "wish"):
            field = field_of(self, name, forms.ChoiceField)
            field.choices = [("", _("Kies")), *listed(field)]

    def clean_birth_date(self) -> Any:
        day = check_birth_date(self.cleaned_data["birth_date"])
        if age_on(day, clock.today()) < YOUNGEST:
            text = _(
                "Je bent nog geen 16. Je kunt je daarom nog niet zelf aanmelden. Vraag je ouders of je school om ons te bellen."
            )
            raise forms.ValidationError(text)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_names(cleaned)
        if self._is_minor(cleaned):
            for part in ("name", "relation", "email"):
                name = f"representative_{part}"
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Je bent nog geen 18. Vul daarom ook je ouder of voogd in."))
        return cleaned

    def _is_minor(self, cleaned: dict[str, Any]) -> bool:
        day = cleaned.get("birth_date")
        return bool(day and age_on(day, clock.today()) < ADULT)

    @property
    def registration(self) -> Registration:
        names = ("situation", "wish", "motivation")
        given = {name: self.cleaned_data[name] for name in names}
        return Registration(looks_automatic=bool(self.cleaned_data.get("website")), **given)

    @property
    def representative(self) -> LegalRepresentative | None:
        """The parent or guardian, when one was filled in."""
        if not self.cleaned_data["representative_name"]:
            return None
        parts = ("name", "relation", "email", "phone")
        return LegalRepresentative(**{part: self.cleaned_data[f"representative_{part}"] for part in parts})


class OwnDataForm(MergingMixin, NamesMixin, GenderMixin, forms.ModelForm):
    """The candidate corrects the own data; the birth date decides too much to change without a talk."""

    phone = phone_field(gettext_lazy("Telefoonnummer"))
    postcode = PostcodeField(label=gettext_lazy("Postcode"), required=False, max_length=10)

    class Meta:
        model = Candidate
        fields = OWN_FIELDS
        labels = {"gender": gettext_lazy("Ben je een man of een vrouw?")}
        help_texts = {
            "gender": gettext_lazy(
                "Je hoeft dit niet te zeggen. Wij kijken ermee of iedereen dezelfde kans op een plek krijgt. "
                "Het telt niet mee als wij een plek voor je zoeken. Een bedrijf ziet het niet."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain_names(ONE_NAME)
        self.optional_gender()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_names(cleaned)
        check_reachable(self, cleaned)
        return cleaned


class OwnConsentForm(ConsentForm):
    """The candidate gives consent personally. No suggestions here: who works with us isn't listed."""

    organisation = PickField(
        label=gettext_lazy("Welk bedrijf mag iets van je zien?"),
        queryset=Organisation.objects.employers().filter(is_active=True),
        help_text=gettext_lazy("Typ de naam van het bedrijf."),
    )

    class Meta(ConsentForm.Meta):
        model = Consent
        fields = ["organisation", "share_contact", "share_cv", "share_portfolio", "share_support", "share_arrangements"]
        labels = {
            "share_contact": gettext_lazy("Mijn naam, telefoonnummer en e-mailadres"),
            "share_cv": gettext_lazy("Mijn CV: waar ik werkte en wat ik leerde"),
            "share_portfolio": gettext_lazy("Mijn portfolio: foto's, diploma's en werkstukken"),
            "share_support": gettext_lazy("Wat ik op het werk nodig heb"),
            "share_arrangements": gettext_lazy("Of het bedrijf geld of hulp krijgt als ik er werk"),
        }
        help_texts = {
            "share_arrangements": gettext_lazy(
                "Het bedrijf ziet dan welke regelingen er voor jou zijn. Let op: daaruit kan het bedrijf begrijpen dat je een"
                " beperking hebt of een uitkering kreeg. Je hoeft dit niet te doen."
            ),
        }
