"""What people type in about users, settings and reference tables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.actions import Capacity
from accounts.models import Client, LawSetting, Membership, Organisation, Region, Role, SavedFilter, User
from accounts.reference import Table
from topjob.dates import why_passed
from topjob.errors import rule_words
from topjob.filters import ListFilter
from topjob.forms import field_of
from topjob.merging import MergingMixin
from topjob.picking import PickField

# A candidate's account is made from their file, which it belongs to.
ROLES_TO_GIVE = [(role.value, role.label) for role in Role if role != Role.KANDIDAAT]
ORGANISATION_KINDS = {Role.WERKGEVER: Organisation.Kind.EMPLOYER, Role.OPDRACHTGEVER: Organisation.Kind.CLIENT}
WITHOUT_PLACE = {Role.BEHEERDER}
PLACE_OPTIONAL = {Role.JOBCOACH}


class CapacityForm(forms.Form):
    """A role, with the region or the organisation it holds for."""

    role = forms.ChoiceField(label=_("Rol"), choices=[("", _("Kies een rol")), *ROLES_TO_GIVE])
    region = forms.ModelChoiceField(
        label=_("Arbeidsmarktregio"),
        queryset=Region.objects.filter(is_active=True),
        required=False,
        empty_label=_("Geen"),
        help_text=_("Nodig voor medewerkers, behalve voor de beheerder."),
    )
    organisation = PickField(
        label=_("Organisatie"),
        queryset=Organisation.objects.filter(is_active=True),
        url_name="accounts:organisation_options",
        required=False,
        help_text=_("Nodig voor werkgever en opdrachtgever. Typ een deel van de naam."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role = data.get("role")
        if role in ORGANISATION_KINDS:
            self._check_organisation(role, data.get("organisation"))
            data["region"] = None
        elif role in WITHOUT_PLACE:
            data["region"] = data["organisation"] = None
        elif role and role not in PLACE_OPTIONAL:
            data["organisation"] = None
            if not data.get("region") and "region" not in self.errors:
                self.add_error("region", rule_words(Membership, "membership_has_region"))
        return data

    def _check_organisation(self, role: str, organisation: Organisation | None) -> None:
        if "organisation" in self.errors:
            return
        if organisation is None:
            self.add_error("organisation", rule_words(Membership, "membership_has_organisation"))
        elif organisation.kind != ORGANISATION_KINDS[Role(role)]:
            kind = organisation.get_kind_display().lower()
            self.add_error(
                "organisation", _("Deze organisatie is een %(kind)s. Dat past niet bij de rol.") % {"kind": kind}
            )

    @property
    def capacity(self) -> Capacity:
        """What was chosen, once valid."""
        data = self.cleaned_data
        return Capacity(data["role"], data.get("region"), data.get("organisation"))


class UserForm(MergingMixin, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "phone"]

    def clean_email(self) -> str:
        """One account per address, whatever the capitals."""
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Er is al een gebruiker met dit e-mailadres."))
        return email


class WhyForm(forms.Form):
    """Why something is done for somebody else, and how it was made sure who asked."""

    reason = forms.CharField(
        label=_("Reden"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_(
            "Ook hoe je zeker weet wie het vraagt, bijvoorbeeld: stond zelf aan de balie. Dit komt in het logboek."
        ),
    )


class InviteForm(CapacityForm, UserForm):
    """A new account with its first role."""

    field_order = ["name", "email", "phone", "role", "region", "organisation"]


class ProfileForm(MergingMixin, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "phone"]


class AddressForm(forms.Form):
    """Another address for one's own account. Whether somebody else has it is seen when both mailboxes agreed, not here."""

    email = forms.EmailField(label=_("Nieuw e-mailadres"), max_length=254)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email == self.user.email.lower():
            raise ValidationError(_("Dit is je e-mailadres al."))
        return email


class LawSettingForm(forms.ModelForm):
    """A new value of a rule, from a day on, for everybody or for one opdrachtgever."""

    client = PickField(
        label=_("Alleen voor opdrachtgever"),
        queryset=Client.objects.filter(is_active=True),
        url_name="accounts:client_options",
        required=False,
        help_text=_("Leeg: voor iedereen. Typ een deel van de naam."),
    )

    class Meta:
        model = LawSetting
        fields = ["key", "value", "valid_from", "client", "source", "certainty", "legal_basis"]
        help_texts = {
            "value": _("Een getal, een bedrag, of een woord zoals ja, nee, blokkeren of waarschuwen."),
            "valid_from": _("Vandaag of later. Wat eerder gold, blijft staan."),
            "source": _("Het artikel, besluit of de afspraak waarop deze waarde steunt."),
            "legal_basis": _("Nodig wanneer een BSN mag worden vastgelegd."),
        }

    def clean_valid_from(self):
        valid_from = self.cleaned_data["valid_from"]
        if wrong := why_passed(valid_from):
            raise ValidationError(wrong)
        return valid_from

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("key") and data.get("value"):
            try:
                data["value"] = rules.normal_law_value(data["key"], data["value"])
            except ValueError as error:
                self.add_error("value", str(error))
        if data.get("key") == LawSetting.Key.BSN_ALLOWED and data.get("value") == "ja":
            self._check_bsn(data)
        return data

    def _check_bsn(self, data: dict[str, Any]) -> None:
        """BSN is off by default and goes on per opdrachtgever, with a recorded basis (UAVG 46)."""
        if not data.get("client") and "client" not in self.errors:
            self.add_error("client", _("Een BSN mag alleen per opdrachtgever worden toegestaan."))
        if not data.get("legal_basis"):
            self.add_error("legal_basis", _("Vul de wettelijke grondslag in."))


class SavedFilterForm(MergingMixin, forms.ModelForm):
    """A name for a filter, and who else sees it: the colleagues of one of one's own roles, where that role is held."""

    share = forms.ChoiceField(label=_("Voor wie"), required=False, widget=forms.RadioSelect)

    class Meta:
        model = SavedFilter
        fields = ["name"]

    def __init__(self, *args: Any, user: User, asked: ListFilter | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.asked = user, asked
        self.shares = {
            f"{row.role}-{row.region_id or ''}": row for row in user.membership_list if not row.organisation_id
        }
        field = field_of(self, "share", forms.ChoiceField)
        field.choices = [("", _("Alleen ik")), *((key, self._label(row)) for key, row in self.shares.items())]
        field.initial = f"{self.instance.role}-{self.instance.region_id or ''}" if self.instance.role else ""

    @staticmethod
    def _label(row: Membership) -> str:
        where = f" · {row.region}" if row.region else ""
        return _("Iedereen met mijn rol: %(role)s%(where)s") % {"role": row.get_role_display(), "where": where}

    def clean_name(self) -> str:
        name, page = self.cleaned_data["name"], self.asked.page if self.asked else self.instance.page
        if SavedFilter.objects.filter(owner=self.user, page=page, name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(rule_words(SavedFilter, "saved_filter_once"))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.asked is not None and (refusal := rules.may_keep(self.asked, self.user)):
            raise ValidationError(refusal)
        held = self.shares.get(cleaned.get("share", ""))
        self.instance.role = held.role if held else ""
        self.instance.region = held.region if held else None
        return cleaned


class RowForm(MergingMixin, forms.ModelForm):
    """A row of a reference table."""

    @property
    def many(self) -> dict[str, Any]:
        """The rows of other tables that were chosen with it."""
        names = (field.name for field in self.instance._meta.many_to_many)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def reference_form(table: Table, *, adding: bool) -> type[forms.ModelForm]:
    """The form of one reference table; fixed fields are asked only for a new row."""
    fields = [name for name in table.fields if adding or name not in table.fixed]
    lists = [field.name for field in table.model._meta.many_to_many if field.name in fields]
    many: dict[str, type[forms.Widget] | forms.Widget] = dict.fromkeys(lists, forms.CheckboxSelectMultiple)
    return forms.modelform_factory(table.model, RowForm, fields=fields, widgets=many)
