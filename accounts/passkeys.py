"""Passkeys as a second factor: a key on somebody's telephone, computer or USB stick, by allauth.

The library's forms, with our limit of tries, in Dutch, and without an error of ours for what a browser never sends.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import second

T = TypeVar("T")
# An answer of a browser takes some thousands of characters.
LONGEST = 20_000
MOST_KEYS = 10
NAME_LENGTH = 60
# What reading a made-up answer may end in.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    InvalidSignature,
    LookupError,
    RecursionError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    struct.error,
)


class AnswerField(forms.JSONField):
    """What the browser says about a key; put in the form by the script."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": _lazy("De browser gaf geen toegangssleutel door. Probeer het opnieuw."),
        "invalid": _lazy("De browser gaf geen toegangssleutel door. Probeer het opnieuw."),
    }

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > LONGEST or "\\u0000" in value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> str:
        return ""  # each answer is of use once, so none is shown again

    def prepare_value(self, value: Any) -> str:
        return ""


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_lazy("Naam"),
        max_length=NAME_LENGTH,
        help_text=_lazy("Waaraan je de sleutel herkent, bijvoorbeeld: mijn telefoon."),
    )


def _understood(look: Callable[[], T], sentence: str) -> T:
    """What `look` finds; what it can't make anything of is refused with a sentence."""
    try:
        return look()
    except (ValidationError, *UNREADABLE) as error:
        raise ValidationError(sentence) from error


class AddForm(allauth.AddWebAuthnForm):
    """Adding a passkey, with a name to know it by."""

    name = _name_field()
    credential = AnswerField()

    def clean_name(self) -> str:
        return self.cleaned_data["name"]

    def clean(self) -> dict:
        if Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN).count() >= MOST_KEYS:
            raise ValidationError(_("Je hebt er al %(most)s. Haal er eerst een weg.") % {"most": MOST_KEYS})
        return _understood(super().clean, _("Deze toegangssleutel kon niet worden gelezen. Probeer het opnieuw."))


class RenameForm(allauth.EditWebAuthnForm):
    """Another name for a passkey."""

    name = _name_field()


class _Counted:
    def clean_credential(self) -> Authenticator:
        sentence = _("Deze toegangssleutel hoort niet bij je account, of het duurde te lang. Probeer het opnieuw.")
        look = super().clean_credential  # type: ignore[misc]
        return second.counted(self.user, lambda: _understood(look, sentence))  # type: ignore[attr-defined]


class AuthenticateForm(_Counted, allauth.AuthenticateWebAuthnForm):
    """The second step of logging in."""

    credential = AnswerField()


class ReauthenticateForm(_Counted, allauth.ReauthenticateWebAuthnForm):
    """Showing anew who one is."""

    credential = AnswerField()

    def is_valid(self) -> bool:
        """What is wrong is said on this page; the library's would lead to the front page, away from what was asked."""
        if super().is_valid():
            return True
        request = context.request
        for sentence in self.errors.get("credential", []):
            messages.error(request, sentence)
        where = {"next": request.POST.get("next", "")}
        raise ImmediateHttpResponse(redirect(f"{request.path}?{urlencode(where)}"))
