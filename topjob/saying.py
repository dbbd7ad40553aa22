"""What Django's own fields say when something is wrong, in the words of the house: short, and what to do instead.

Django's Dutch is right but stiff ("Zorg ervoor dat deze waarde hoogstens 40 is"); candidates and employers read it too. Set on
Django's own classes, as in `topjob/entry.py`: a form that is written tomorrow says it as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CHOOSE = _("Kies iets uit de lijst.")
NUMBER = _("Vul een getal in.")
FIELDS: dict[type[forms.Field], dict[str, StrOrPromise]] = {
    forms.ChoiceField: {"invalid_choice": CHOOSE},
    forms.TypedChoiceField: {"invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    forms.ModelChoiceField: {"invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE, "invalid_pk_value": CHOOSE},
    forms.IntegerField: {"invalid": _("Vul een heel getal in.")},
    forms.DecimalField: {"invalid": NUMBER},
    forms.FloatField: {"invalid": NUMBER},
    forms.TimeField: {"invalid": _("Vul een tijd in, zoals 14:30.")},
    forms.URLField: {"invalid": _("Vul een webadres in, zoals https://voorbeeld.nl.")},
    forms.FileField: {
        "invalid": _("Kies een bestand."),
        "missing": _("Kies een bestand."),
        "empty": _("Dit bestand is leeg. Kies een ander bestand."),
        "contradiction": _("Kies een bestand, of zet een kruisje bij wissen. Niet allebei."),
    },
}
VALIDATORS: dict[type, object] = {
    validators.MaxValueValidator: _("Kies %(limit_value)s of minder."),
    validators.MinValueValidator: _("Kies %(limit_value)s of meer."),
    validators.StepValueValidator: _("Kies een veelvoud van %(limit_value)s."),
    validators.EmailValidator: _("Vul een geldig e-mailadres in, zoals naam@voorbeeld.nl."),
    validators.MaxLengthValidator: ngettext_lazy(
        "Gebruik hoogstens %(limit_value)d teken. Nu zijn het er %(show_value)d.",
        "Gebruik hoogstens %(limit_value)d tekens. Nu zijn het er %(show_value)d.",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "Gebruik minstens %(limit_value)d teken. Nu zijn het er %(show_value)d.",
        "Gebruik minstens %(limit_value)d tekens. Nu zijn het er %(show_value)d.",
        "limit_value",
    ),
}
# What allauth says when logging in goes wrong, and at the second step. Anybody reads it, so it says neither "je" nor "u".
CODE = _("Deze code klopt niet. Kijk de code na en probeer het nog eens.")
LOGIN: dict[str, StrOrPromise] = {
    "account_inactive": _("Dit account staat uit. Vraag Top Job om hulp."),
    "email_password_mismatch": _(
        "Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk ze na en probeer het nog eens."
    ),
    "enter_current_password": _("Vul eerst het wachtwoord van nu in."),
    "incorrect_code": CODE,
    "incorrect_password": _("Dit wachtwoord klopt niet. Probeer het nog eens."),
    "invalid_login": _("Inloggen lukte niet. Probeer het nog eens."),
    "invalid_or_expired_key": _("Deze link werkt niet meer. Vraag een nieuwe."),
    "invalid_password_reset": _("Deze link werkt niet meer. Vraag een nieuwe."),
    "rate_limited": _("Dit ging te snel achter elkaar. Wacht even en probeer het dan weer."),
    "same_as_current": _("Dit is hetzelfde als het oude. Kies iets anders."),
    "select_only_one": _("Kies er één."),
    "too_many_login_attempts": _("Dit ging te vaak mis. Wacht een paar minuten en probeer het dan weer."),
}
SECOND_STEP: dict[str, StrOrPromise] = {
    "cannot_delete_authenticator": _("Inloggen in twee stappen moet aan blijven."),
    "cannot_generate_recovery_codes": _("Zet eerst inloggen in twee stappen aan. Daarna komen er herstelcodes."),
    "incorrect_code": CODE,
    "unverified_email": _("Bevestig eerst het e-mailadres. Daarna kan inloggen in twee stappen aan."),
}
DIGITS = {
    "invalid": NUMBER,
    "max_digits": ngettext_lazy(
        "Dit getal is te lang: gebruik hoogstens %(max)s cijfer.",
        "Dit getal is te lang: gebruik hoogstens %(max)s cijfers.",
        "max",
    ),
    "max_decimal_places": ngettext_lazy(
        "Gebruik hoogstens %(max)s cijfer achter de komma.", "Gebruik hoogstens %(max)s cijfers achter de komma.", "max"
    ),
    "max_whole_digits": ngettext_lazy(
        "Dit getal is te groot: hoogstens %(max)s cijfer voor de komma.",
        "Dit getal is te groot: hoogstens %(max)s cijfers voor de komma.",
        "max",
    ),
}


def fields_speak_plainly() -> None:
    """From now on every field and validator of Django says what is wrong in plain Dutch."""
    for kind, messages in FIELDS.items():
        kind.default_error_messages = {**kind.default_error_messages, **messages}
    for validator, message in VALIDATORS.items():
        validator.message = message  # type: ignore[attr-defined]
    validators.DecimalValidator.messages = DIGITS  # type: ignore[assignment]
