"""What forms share: titled sections, a postcode, a phone number, and which kinds of field are checked when they are left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, LayoutObject
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.nl import postcode as nl_postcode

from topjob.folding import Fold
from topjob.merging import MergingMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    Sections = tuple[tuple[StrOrPromise, tuple[str, ...]], ...]

LONGEST_TEXT = 5000
FIRST_YEAR, LAST_YEAR = 2000, 2100
AField = TypeVar("AField", bound=forms.Field)


def offer(form: forms.BaseForm, name: str, rows: models.QuerySet, *, named: Callable[[Any], str] | None = None) -> None:
    """Let this field choose from these rows, each as `named` says it."""
    field = field_of(form, name, forms.ModelChoiceField)
    field.queryset = rows
    if named is not None:
        field.label_from_instance = named  # type: ignore[method-assign, assignment]


def field_of(form: forms.BaseForm, name: str, kind: type[AField]) -> AField:
    """The field of this name, which is of this kind: only then it has rows or choices to set."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, not a {kind.__name__}.")
    return field


class PostcodeField(forms.CharField):
    """A Dutch postcode, written as "8131 AA"."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-check": "postcode"}

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if not value:
            return ""
        try:
            return nl_postcode.validate(value)
        except InvalidNumber as error:
            raise forms.ValidationError(
                _("Vul een postcode in met 4 cijfers en 2 letters, bijvoorbeeld 8131 AA.")
            ) from error


def phone_field(label: StrOrPromise, *, required: bool = False) -> PhoneNumberField:
    """A phone number; without a country code it is Dutch."""
    field = PhoneNumberField(label=label, required=required, region="NL")
    field.error_messages["invalid"] = gettext_lazy("Vul een geldig telefoonnummer in, bijvoorbeeld 06 12345678.")
    field.widget.attrs.update({"autocomplete": "tel", "inputmode": "tel", "maxlength": 30})
    return field


# Kinds of field that are checked when they are left, before the form is sent: by the same field that checks the form.
CHECKED: dict[str, Callable[[], forms.Field]] = {
    "dag": lambda: forms.DateField(required=False, validators=[check_year]),
    "moment": lambda: forms.DateTimeField(required=False),
    "postcode": lambda: PostcodeField(required=False),
    "telefoon": lambda: phone_field(""),
}


def complaint_about(kind: str, value: str) -> str:
    """What is wrong with what was typed in a field of this kind; nothing when it is right. KeyError for an unknown kind."""
    try:
        CHECKED[kind]().clean(value)
    except forms.ValidationError as wrong:
        return " ".join(wrong.messages)
    return ""


class SectionedForm(forms.BaseForm):
    """Lays the fields out in titled sections, two columns where there is room, and sets what every form here needs.

    What few fill in (`seldom`) is folded away below the rest; with `beside` sections stand next to each other on a wide screen.
    """

    sections: Sections = ()
    seldom: Sections = ()
    beside = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self._prepare(field)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = self.helper.render_hidden_fields = True
        if self.sections:
            self.helper.layout = Layout(*self._layout())

    def _layout(self) -> list[LayoutObject]:
        sections = [self._section(title, names) for title, names in self.sections]
        shown = [Div(*sections, css_class="screen-columns")] if self.beside else sections
        return [*shown, *(Fold(title, Div(*names, css_class="form-columns")) for title, names in self.seldom)]

    @staticmethod
    def _prepare(field: forms.Field) -> None:
        if isinstance(field, forms.DateField):
            field.validators.append(check_year)
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs.update({"rows": 3, "maxlength": LONGEST_TEXT})
            field.validators.append(MaxLengthValidator(LONGEST_TEXT))

    def _section(self, title: StrOrPromise, names: tuple[str, ...]) -> Fieldset:
        cells = [Div(name, css_class="full") if self._is_wide(name) else Div(name) for name in names]
        return Fieldset(title, Div(*cells, css_class="form-columns"))

    def _is_wide(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.Textarea)


def listed(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    """What can be chosen, one after the other; Django's own type allows for more shapes than it gives back."""
    return list(field.choices)  # type: ignore[arg-type]


def check_year(value: date) -> None:
    """A date far outside any plan is a slip of the hand."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise forms.ValidationError(_("Controleer het jaar."))


class SectionedModelForm(MergingMixin, SectionedForm, forms.ModelForm):
    """A model's form in sections."""
