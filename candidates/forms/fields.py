"""Fields that several forms share: BSN, long text, a birth date, names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, overload

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.nl import bsn as stdnum_bsn

from candidates.models import Candidate
from topjob import clock
from topjob.errors import rule_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


LONG_TEXT = 5000
OLDEST_AGE = 100


class TextArea(forms.Textarea):
    def __init__(self, rows: int = 3) -> None:
        super().__init__({"rows": rows})


def long_text(
    label: StrOrPromise = "", *, required: bool = True, rows: int = 3, help_text: StrOrPromise = ""
) -> forms.CharField:
    """A text of at most 5000 characters."""
    return forms.CharField(
        label=label, required=required, max_length=LONG_TEXT, widget=TextArea(rows), help_text=help_text
    )


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


@overload
def check_birth_date(day: date) -> date: ...
@overload
def check_birth_date(day: None) -> None: ...
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


@overload
def check_within(day: date, *, years_back: int, years_ahead: int) -> date: ...
@overload
def check_within(day: None, *, years_back: int, years_ahead: int) -> None: ...
def check_within(day: date | None, *, years_back: int, years_ahead: int) -> date | None:
    """A date far from today is a typing error."""
    today = clock.today()
    if day and not today - relativedelta(years=years_back) <= day <= today + relativedelta(years=years_ahead):
        raise ValidationError(_("Controleer het jaar: deze datum ligt te ver weg."))
    return day


def check_reachable(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Somebody is reached by phone or by mail; what is wrong with one of them was said already."""
    if not {"phone", "email"} & set(form.errors) and not cleaned.get("phone") and not cleaned.get("email"):
        form.add_error("phone", _("Vul een telefoonnummer of een e-mailadres in."))


def check_shared(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Who agrees to share agrees to something (R16)."""
    if not any(cleaned.get(name) for name in form.fields if name.startswith("share_")):
        form.add_error("share_contact", _("Kies ten minste één onderdeel dat de werkgever mag zien."))


class NamesMixin:
    """Not everybody has two names: either field is enough, and the fields say what to do with one name."""

    def explain_names(self, help_text: StrOrPromise) -> None:
        self.fields["last_name"].help_text = help_text  # type: ignore[attr-defined]

    def check_names(self, cleaned: dict[str, Any]) -> None:
        names = ("first_name", "last_name")
        if not any(cleaned.get(name) or name in self.errors for name in names):  # type: ignore[attr-defined]
            self.add_error("last_name", rule_words(Candidate, "candidate_has_a_name"))  # type: ignore[attr-defined]


class GenderMixin:
    """Whoever says nothing about gender leaves it as it was: nobody has to say it."""

    def optional_gender(self) -> None:
        self.fields["gender"].required = False  # type: ignore[attr-defined]

    def clean_gender(self) -> str:
        return self.cleaned_data.get("gender") or self.instance.gender  # type: ignore[attr-defined]
