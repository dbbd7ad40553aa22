"""Which files may be of one person (R13), by a table made by hand; and that nobody is taken for another."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from accounts import verbs
from accounts.models import AuditEntry, Role
from candidates import likeness, verify
from candidates.models import Candidate
from tests.factories import CandidateFactory, region, staff

pytestmark = pytest.mark.django_db
BORN = date(2004, 5, 6)
KNOWN = {"first_name": "Zoë", "name_prefix": "van der", "last_name": "Bergkamp-Müller", "birth_date": BORN}


def known(**changes) -> Candidate:
    facts = KNOWN | {"phone": "+31611111111", "email": "zoe@test.example"} | changes
    return CandidateFactory(**facts)


def given(**changes) -> Candidate:
    facts = KNOWN | {"phone": "+31622222222", "email": "anders@test.example", "region": region()} | changes
    return Candidate(**facts)


@pytest.mark.parametrize(
    ("same", "changes"),
    [
        (True, {}),
        (True, {"first_name": "Zoe"}),
        (True, {"first_name": "ZOË", "last_name": "bergkamp-muller"}),
        (True, {"last_name": unicodedata.normalize("NFD", "Bergkamp-Müller")}),
        (True, {"name_prefix": "", "last_name": "van der Bergkamp-Müller"}),
        (True, {"name_prefix": "v.d."}),
        (True, {"name_prefix": ""}),
        (True, {"first_name": "Bergkamp-Müller", "name_prefix": "van der", "last_name": "Zoë"}),
        (True, {"last_name": "Bergkamp - Müller"}),
        (True, {"last_name": "Bergkamp Müller"}),
        (True, {"first_name": "Z."}),
        (True, {"birth_date": date(2004, 6, 5)}),
        (True, {"first_name": "Iemand", "last_name": "Heelanders", "phone": "+31611111111"}),
        (True, {"first_name": "Iemand", "last_name": "Heelanders", "email": "ZOE@test.example"}),
        (False, {"first_name": "Iemand", "last_name": "Heelanders"}),
        (False, {"birth_date": date(2004, 5, 7)}),
        (False, {"first_name": "Lieke"}),
        (False, {"first_name": "Iemand", "last_name": "Heelanders", "phone": "", "email": ""}),
    ],
)
def test_pairs_that_are_one_person_are_found_and_others_are_not(same: bool, changes: dict) -> None:
    person = known()
    assert list(Candidate.objects.similar_to(given(**changes))) == ([person] if same else [])


def test_people_with_one_name_are_not_alike_by_its_first_letter() -> None:
    known(first_name="Amir", name_prefix="", last_name="")
    assert not Candidate.objects.similar_to(given(first_name="Ali", name_prefix="", last_name="")).exists()


def test_nothing_to_go_by_is_like_nobody() -> None:
    known(phone="", email="")
    assert not Candidate.objects.similar_to(
        given(first_name="", name_prefix="", last_name="", phone="", email="", birth_date=date(1990, 1, 1))
    ).exists()


def test_the_folded_name_follows_every_change_and_verify_holds_it_to_the_name() -> None:
    person = known()
    person.first_name = "Lieke"
    person.save(update_fields=["first_name"])
    person.refresh_from_db()
    assert person.name_key == "bergkamp lieke muller"
    assert list(verify.names_are_folded()) == []
    Candidate.objects.filter(pk=person.pk).update(last_name="Visser")
    assert [str(person.pk) in line for line in verify.names_are_folded()] == [True]


def test_who_is_alike_is_one_question_however_many_files_there_are(django_assert_num_queries) -> None:
    """And one more for what was decided; the frontoffice's list asks it for all its rows together."""
    people = [known(phone=f"+3161111{number:04d}") for number in range(5)]
    with django_assert_num_queries(2):
        found = likeness.undecided(person.pk for person in people)
    assert {len(others) for others in found.values()} == {4}


class TestDeciding:
    def page(self, person: Candidate) -> str:
        return f"/personen/{person.pk}/lijkt-op/"

    def test_the_two_stand_side_by_side(self, browser, frontoffice) -> None:
        first, second = known(), known(email="nieuw@test.example")
        page = browser(frontoffice).get(self.page(second)).content.decode()
        assert "zoe@test.example" in page and "nieuw@test.example" in page
        assert f"/personen/{second.pk}/lijkt-op/{first.pk}/anders/" in page

    def test_two_people_is_decided_once_for_both_and_logged(self, browser, frontoffice) -> None:
        first, second = known(), known()
        answer = browser(frontoffice).post(f"{self.page(second)}{first.pk}/anders/", {"reason": "Tweeling."})
        assert answer.status_code == 302
        assert likeness.undecided([first.pk, second.pk]) == {first.pk: set(), second.pk: set()}
        entry = AuditEntry.objects.get(verb=verbs.TOLD_APART, candidate_id=second.pk)
        assert (entry.actor, entry.text.text, entry.details) == (frontoffice, "Tweeling.", {"other": first.pk})

    def test_a_file_of_another_region_is_named_by_its_region_only_and_asks_for_words(
        self, browser, frontoffice
    ) -> None:
        elsewhere, second = known(region=region("29"), city="Apeldoorn"), known()
        page = browser(frontoffice).get(self.page(second)).content.decode()
        assert str(elsewhere.region) in page
        assert "Apeldoorn" not in page and f"/personen/{elsewhere.pk}/" not in page
        url = f"{self.page(second)}{elsewhere.pk}/anders/"
        assert "error-summary" in browser(frontoffice).post(url, {"reason": ""}).content.decode()
        assert likeness.undecided_of(second) == {elsewhere.pk}
        browser(frontoffice).post(url, {"reason": "Gebeld met Jan van de frontoffice daar: een ander."})
        assert likeness.undecided_of(second) == set()

    @pytest.mark.parametrize(
        ("role", "code"), [(Role.REGISSEUR, "20"), (Role.FRONTOFFICE, "29"), (Role.BEHEERDER, "20")]
    )
    def test_nobody_else_decides(self, browser, role: str, code: str) -> None:
        first, second = known(), known()
        page = browser(staff(role, region_code=code))
        assert page.get(self.page(second)).status_code == 404
        assert page.post(f"{self.page(second)}{first.pk}/anders/").status_code == 404
        assert likeness.undecided_of(second) == {first.pk}

    def test_only_files_that_are_alike_can_be_told_apart(self, browser, frontoffice) -> None:
        second, stranger = known(), CandidateFactory()
        assert browser(frontoffice).post(f"{self.page(second)}{stranger.pk}/anders/").status_code == 404
