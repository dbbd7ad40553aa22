"""Decision 32: a name stands apart wherever it is shown, so that its letters turn no other text round."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.core import mail

from accounts.models import Organisation, User
from candidates.models import Candidate
from demo.walk import Walk
from employers.models import EmployerContact, Vacancy
from tests.trajectories.conftest import Reach
from tests.trajectories.personal import run_outbox
from tests.trajectories.portals import client_of, employer_of, on, youth_of
from tests.trajectories.test_queries import Opened, ask_too_much, opened, pages_of, there
from topjob import outbox

ARABIC = "محمد علي"
APART = re.compile("<bdi>[^<]*</bdi>|\u2068[^\u2069]*\u2069")
# What somebody typed before stands in the box of a form as it is.
BOXES = re.compile(r'<(?:input|textarea)\b[^>]*\bvalue="[^"]*"|<textarea\b.*?</textarea>', re.DOTALL)
FROM_RIGHT_TO_LEFT = re.compile("[\u0590-\u06ff]")


def loose(text: str) -> list[str]:
    """Where a name stands in running text with nothing that holds it apart."""
    rest = APART.sub("", BOXES.sub("", text))
    return [" ".join(rest[max(m.start() - 80, 0) : m.end() + 40].split()) for m in FROM_RIGHT_TO_LEFT.finditer(rest)][
        :3
    ]


@pytest.fixture
def renamed(walk: Walk, vacancy: Vacancy) -> Walk:
    """Person, staff, company and contacts with names that are read from right to left."""
    Candidate.objects.filter(pk=walk.trajectory.candidate_id).update(first_name="محمد", last_name="علي")
    User.objects.update(name="דוד לוי")
    Organisation.objects.update(name="مخبز النور")
    EmployerContact.objects.update(name="نور الدين")
    mail.outbox.clear()
    return walk


def loose_on(pages: Iterable[Opened]) -> str:
    """Which pages have such a name, and where."""
    found = {page.address: loose(page.response.text) for page in pages if page.is_page}
    return "\n".join(f"{address}: {wrong}" for address, wrong in found.items() if wrong)


def words_of(pages: Iterable[Opened]) -> str:
    return "".join(page.response.text for page in pages if page.is_page)


@pytest.mark.parametrize("state", ["INTAKE", "STARTPLAN", "EVALUATIE", "LEERWERK"])
def test_every_name_stands_apart_on_every_page_of_a_case_and_none_asks_too_much(
    renamed: Walk, reach: Reach, state: str
) -> None:
    walk = reach(state)
    lists = ["/", "/trajecten/", "/aanmeldingen/", "/werkgevers/", "/vacatures/"]
    with on(walk.day):
        pages = opened(walk.team.regisseur, pages_of(walk.trajectory))
        others = opened(walk.team.regisseur, lists)
    assert f"<bdi>{ARABIC}</bdi>" in words_of(pages)
    assert f"<title>\u2068{ARABIC}\u2069" in words_of(pages)
    assert not loose_on([*pages, *others])
    assert not ask_too_much(pages)
    assert there(pages) > 25


def test_every_name_stands_apart_in_the_portals_and_the_mails(renamed: Walk, reach: Reach) -> None:
    walk = reach("EVALUATIE")
    with on(walk.day):
        run_outbox(*(name for name in outbox.HANDLERS if not name.startswith("render")))
        for user in (employer_of(walk), client_of(walk.trajectory), youth_of(walk.trajectory)):
            own = ["/", "/mijn/", "/mijn/gegevens/", "/mijn/toestemming/", "/werkgever/", "/opdrachtgever/"]
            pages = opened(user, [*own, *pages_of(walk.trajectory)])
            assert FROM_RIGHT_TO_LEFT.search(words_of(pages))
            assert not loose_on(pages)
    written = [text for message in mail.outbox for text in (message.subject, message.body)]
    assert any(ARABIC in text for text in written)
    assert not [wrong for text in written for wrong in loose(text)]


def test_a_name_from_left_to_right_leaves_a_mail_as_plain_as_it_was(walk: Walk, in_evaluation: Walk) -> None:
    walk = in_evaluation
    with on(walk.day):
        run_outbox(*(name for name in outbox.HANDLERS if not name.startswith("render")))
    written = "".join(message.subject + message.body for message in mail.outbox)
    assert "Sem Bakker" in written
    assert not re.search("[\u2068\u2069<>]", written)
