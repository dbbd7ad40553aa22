"""The accessibility statement: it tells what was tested, no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts import accessibility
from accounts.accessibility import Statement, Tried

pytestmark = pytest.mark.django_db
FRONTOFFICE, BEHEERDER = (
    Tried("Frontoffice", 57, "2026-11-27"),
    Tried("Beheerder", 31, "2026-11-30", ("color-contrast",)),
)


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of these tests only."""
    monkeypatch.setattr(accessibility, "RESULT", tmp_path / "accessibility.json")


@pytest.fixture
def told(result: None, client: Client):
    """What the page tells of these tests, as one line of text."""

    def tell(*tried: Tried) -> str:
        if tried:
            Statement("4.12.1", (320, 1280), ("light",), tried).write()
        return " ".join(client.get(reverse("accounts:accessibility")).content.decode().split())

    return tell


def test_the_statement_tells_what_was_tested_as_whom_and_when(told) -> None:
    page = told(FRONTOFFICE)
    assert "axe 4.12.1) bekeek 57 pagina’s, het laatst op vr 27 nov 2026." in page
    assert "320, 1280 punten breed, in de kleuren licht." in page and "donker" not in page
    assert "vond op deze pagina’s geen fouten" in page


def test_the_statement_names_what_goes_wrong_and_who_was_not_tested(told) -> None:
    page = told(FRONTOFFICE, BEHEERDER)
    assert "bekeek 88 pagina’s, het laatst op ma 30 nov 2026." in page
    assert "gaan op een of meer pagina’s nog mis: color-contrast." in page and "geen fouten.</p>" not in page
    assert "Niet getest als:" in page and "Werkgever" in page.split("Niet getest als:")[1]
    assert "Beheerder" not in page.split("Niet getest als:")[1]


def test_without_a_test_the_statement_claims_nothing(told) -> None:
    page = told()
    assert "Er is nog niets getest." in page and "geen fouten.</p>" not in page


def test_the_statement_says_what_no_program_finds_and_whom_to_tell(told, settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Top Job <hulp@topjob.example>"
    page = told(FRONTOFFICE)
    assert 'href="mailto:hulp@topjob.example"' in page
    assert "Geen fouten in de test betekent dus niet dat alles goed is." in page


def test_what_is_tested_anew_takes_the_place_of_what_was_found_before(result: None) -> None:
    before = Statement("4.12.1", (320,), ("dark",), (FRONTOFFICE, BEHEERDER))
    before.with_(Tried("Beheerder", 32, "2026-12-01")).write()
    assert Statement.read() == Statement(
        "4.12.1", (320,), ("dark",), (Tried("Beheerder", 32, "2026-12-01"), FRONTOFFICE)
    )


def test_what_is_written_down_in_the_product_can_be_read() -> None:
    tested = Statement.read()
    assert tested is None or tested.pages > 0


@pytest.mark.parametrize("name", ["account_login", "accounts:accessibility"])
def test_every_page_leads_to_the_statement(client: Client, name: str) -> None:
    assert f'href="{reverse("accounts:accessibility")}"' in client.get(reverse(name)).content.decode()
