"""A day, a phone number or a postcode is looked at when its field is left, by the field that checks the form (issue 12)."""

from __future__ import annotations

import pytest
from django.test import Client

from candidates.forms.public import PublicRegistrationForm
from topjob.forms import CHECKED

SAID = [
    ("postcode", "8131 aa", ""),
    ("postcode", "8131", "Vul een postcode in met 4 cijfers en 2 letters, bijvoorbeeld 8131 AA."),
    ("telefoon", "06 12345678", ""),
    ("telefoon", "12", "Vul een geldig telefoonnummer in, bijvoorbeeld 06 12345678."),
    ("dag", "6 mei 2004", ""),
    ("dag", "31-2-2004", "Vul een geldige datum in, zoals 6-5-2004 of 6 mei 2004."),
    ("dag", "6-5-0204", "Controleer het jaar."),
    ("moment", "6-5-2026 14:30", ""),
    ("moment", "6-5-2026", "Vul een datum en een tijd in, zoals 6-5-2026 14:30."),
    ("dag", "", ""),
]


@pytest.mark.parametrize(("kind", "value", "said"), SAID)
def test_what_is_said_of_a_field_that_was_left(client: Client, db, kind: str, value: str, said: str) -> None:
    answer = client.post("/veld/", {"soort": kind, "waarde": value})
    assert answer.json() == {"said": said}


@pytest.mark.parametrize("sent", [{"soort": "bsn", "waarde": "1"}, {}, {"soort": "dag", "waarde": "1" * 101}])
def test_what_isnt_checked_isnt_there(client: Client, db, sent: dict[str, str]) -> None:
    assert client.post("/veld/", sent).status_code == 404


def test_the_fields_say_what_they_are(db) -> None:
    kinds = {field.widget.attrs.get("data-check") for field in PublicRegistrationForm.base_fields.values()}
    assert {"postcode", "telefoon"} <= kinds
    assert kinds - {None} <= CHECKED.keys()
