"""What a field says when something is wrong: plain Dutch, and what to do instead (issue 12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from accounts.adapter import ClosedAdapter
from accounts.second import EncryptingAdapter
from topjob.saying import LOGIN, SECOND_STEP

NEVER_SHOWN = {
    *("add_email_blocked", "cannot_remove_primary_email", "duplicate_email", "email_taken", "max_email_addresses"),
    *("phone_password_mismatch", "phone_taken", "unknown_email", "unknown_phone", "unverified_primary_email"),
    *("username_blacklisted", "username_password_mismatch", "username_taken"),
}
WRONG = [
    (forms.IntegerField(max_value=40), "41", "Kies 40 of minder."),
    (forms.IntegerField(min_value=1), "0", "Kies 1 of meer."),
    (forms.IntegerField(), "veel", "Vul een heel getal in."),
    (forms.IntegerField(), "1,5", "Vul een heel getal in."),
    (forms.DecimalField(), "veel", "Vul een getal in."),
    (forms.DecimalField(max_value=Decimal("36.5")), "40", "Kies 36.5 of minder."),
    (forms.DecimalField(max_digits=5, decimal_places=2), "1,234", "Gebruik hoogstens 2 cijfers achter de komma."),
    (forms.CharField(max_length=3), "vier", "Gebruik hoogstens 3 tekens. Nu zijn het er 4."),
    (forms.CharField(min_length=3), "ab", "Gebruik minstens 3 tekens. Nu zijn het er 2."),
    (forms.EmailField(), "jan@", "Vul een geldig e-mailadres in, zoals naam@voorbeeld.nl."),
    (forms.ChoiceField(choices=[("a", "A")]), "b", "Kies iets uit de lijst."),
    (forms.TypedChoiceField(choices=[("a", "A")]), "b", "Kies iets uit de lijst."),
    (forms.MultipleChoiceField(choices=[("a", "A")]), ["b"], "Kies iets uit de lijst."),
    (forms.TimeField(), "25:00", "Vul een tijd in, zoals 14:30."),
    (forms.FileField(), SimpleUploadedFile("leeg.pdf", b""), "Dit bestand is leeg. Kies een ander bestand."),
]


@pytest.mark.parametrize(("field", "given", "said"), WRONG, ids=lambda value: str(value)[:30])
def test_a_field_says_it_plainly(field: forms.Field, given: object, said: str) -> None:
    with pytest.raises(forms.ValidationError) as wrong:
        field.clean(given)
    assert said in wrong.value.messages


STIFF = ("Zorg ervoor", "Selecteer een geldige", "Voer ", "Upload ")


def test_no_form_of_ours_says_it_stiffly() -> None:
    """Every form that pages use, with everything its fields and their validators could say."""
    get_resolver().url_patterns  # noqa: B018 - with the addresses come the pages and their forms
    forms_of_ours = [form for form in _below(forms.BaseForm) if form.__module__.split(".")[0] in ROOMS]
    fields = [field for form in forms_of_ours for field in getattr(form, "base_fields", {}).values()]
    said = {str(text) for field in fields for text in field.error_messages.values()}
    said |= {str(getattr(check, "message", "")) for field in fields for check in field.validators}
    assert len(fields) > 300
    assert sorted(text for text in said if text.startswith(STIFF)) == []


@pytest.mark.parametrize("adapter", [ClosedAdapter, EncryptingAdapter])
def test_what_goes_wrong_with_logging_in_is_said_plainly(adapter: type) -> None:
    """Every sentence of allauth that a page of ours can show; what is about names and phones to log in with, none can."""
    said = {str(text) for text in {**LOGIN, **SECOND_STEP}.values()}
    shown = {key: str(text) for key, text in adapter.error_messages.items() if key not in NEVER_SHOWN}
    assert {key for key, text in shown.items() if text not in said} == set()
    assert not [text for text in said if " u " in f" {text.lower()} " or "ngeldig" in text]


def test_a_wrong_password_is_said_plainly(client, db) -> None:
    page = client.post("/inloggen/", {"login": "niemand@test.example", "password": "x"}).content.decode()
    assert "Dit e-mailadres en wachtwoord horen niet bij elkaar." in page


ROOMS = {"topjob", "accounts", "candidates", "employers", "matching", "trajectories"}


def _below(kind: type) -> set[type]:
    return {kind}.union(*map(_below, kind.__subclasses__()))
