"""Fields that several forms share: postcode, phone, BSN, long text, and searching instead of a filled dropdown."""

from __future__ import annotations

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.nl import bsn as stdnum_bsn
from stdnum.nl import postcode as stdnum_postcode

from topjob import clock
from topjob.names import isolated

LONG_TEXT = 5000
OLDEST_AGE = 100


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a date with a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TextArea(forms.Textarea):
    def __init__(self, rows: int = 3) -> None:
        super().__init__({"rows": rows})


def long_text(label: str = "", *, required: bool = True, rows: int = 3, help_text: str = "") -> forms.CharField:
    """A text of at most 5000 characters."""
    return forms.CharField(
        label=label, required=required, max_length=LONG_TEXT, widget=TextArea(rows), help_text=help_text
    )


class PostcodeField(forms.CharField):
    """A Dutch postcode, written as "8131 AA"."""

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if not value:
            return ""
        try:
            return stdnum_postcode.validate(value)
        except StdnumError as error:
            raise ValidationError(_("Vul een postcode in met 4 cijfers en 2 letters, bijvoorbeeld 8131 AA.")) from error


class BsnField(forms.CharField):
    """A BSN that passes the elfproef."""

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if not value:
            return ""
        try:
            return stdnum_bsn.validate(value)
        except StdnumError as error:
            raise ValidationError(
                _("Dit BSN klopt niet. Een BSN heeft 9 cijfers en voldoet aan de elfproef.")
            ) from error


def phone_field(label: str, *, required: bool = False) -> PhoneNumberField:
    """A phone number; without a country code it is Dutch."""
    field = PhoneNumberField(label=label, required=required, region="NL")
    field.error_messages["invalid"] = gettext_lazy("Vul een geldig telefoonnummer in, bijvoorbeeld 06 12345678.")
    field.widget.attrs.update({"autocomplete": "tel", "inputmode": "tel", "maxlength": 30})
    return field


def check_birth_date(day: date | None) -> date | None:
    """A birth date isn't in the future and not more than a hundred years ago."""
    today = clock.today()
    if day is None:
        return day
    if day > today:
        raise ValidationError(_("De geboortedatum ligt in de toekomst."))
    if day < today - relativedelta(years=OLDEST_AGE):
        raise ValidationError(_("Controleer de geboortedatum: dit is meer dan 100 jaar geleden."))
    return day


def check_within(day: date | None, *, years_back: int, years_ahead: int) -> date | None:
    """A date far from today is a typing error."""
    today = clock.today()
    if day and not today - relativedelta(years=years_back) <= day <= today + relativedelta(years=years_ahead):
        raise ValidationError(_("Controleer het jaar: deze datum ligt te ver weg."))
    return day


class LookupInput(forms.TextInput):
    """A text field with suggestions that come while typing; without JavaScript it is a plain text field."""

    def __init__(self, url: Any) -> None:
        super().__init__({"autocomplete": "off"})
        self.url = url

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = f"{(attrs or {}).get('id', name)}_options"
        attrs = (attrs or {}) | {
            "list": options,
            "hx-get": self.url,
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{options}",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
        return format_html('{}<datalist id="{}"></datalist>', super().render(name, value, attrs, renderer), options)


class LookupField(forms.CharField):
    """Choosing a row by its name: the exact name, or part of it when only one row has it."""

    MOST = 8

    def __init__(self, *, queryset: models.QuerySet, url_name: str = "", **options: Any) -> None:
        self.queryset = queryset
        widget = LookupInput(reverse_lazy(url_name)) if url_name else forms.TextInput({"autocomplete": "off"})
        super().__init__(max_length=160, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return str(value) if isinstance(value, models.Model) else value

    def clean(self, value: Any) -> models.Model | None:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> models.Model:
        exact = self.queryset.filter(name__iexact=text).first()
        if exact:
            return exact
        found = list(self.queryset.filter(name__icontains=text)[: self.MOST])
        if not found:
            raise ValidationError(_("“%(text)s” is niet gevonden. Controleer de naam.") % {"text": text})
        if len(found) > 1:
            names = ", ".join(isolated(str(row)) for row in found)
            raise ValidationError(_("Er zijn er meer. Kies een van deze: %(names)s.") % {"names": names})
        return found[0]


def suggestions(queryset: models.QuerySet, text: str) -> list[str]:
    """Names to offer while somebody types."""
    text = text.replace("\x00", "").strip()[:160]
    return list(queryset.filter(name__icontains=text).values_list("name", flat=True)[:12]) if text else []


class NamesMixin:
    """Not everybody has two names: either field is enough, and the fields say what to do with one name."""

    def explain_names(self, help_text: str) -> None:
        self.fields["last_name"].help_text = help_text  # type: ignore[attr-defined]

    def check_names(self, cleaned: dict[str, Any]) -> None:
        names = ("first_name", "last_name")
        if not any(cleaned.get(name) or name in self.errors for name in names):  # type: ignore[attr-defined]
            self.add_error("last_name", _("Vul een voornaam of een achternaam in."))  # type: ignore[attr-defined]


class GenderMixin:
    """Whoever says nothing about gender leaves it as it was: nobody has to say it."""

    def optional_gender(self) -> None:
        self.fields["gender"].required = False  # type: ignore[attr-defined]

    def clean_gender(self) -> str:
        return self.cleaned_data.get("gender") or self.instance.gender  # type: ignore[attr-defined]
