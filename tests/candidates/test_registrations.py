"""The frontoffice's pages: register in one go, duplicates, R2 at once, list, offer, end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta

from accounts import verbs
from accounts.models import AuditEntry, Branch, Department, KindOfPlace, Membership, Reading, Role
from candidates import likeness
from candidates.models import Candidate, Offer, Registration
from tests.factories import (
    CandidateFactory,
    OfferFactory,
    RegistrationFactory,
    UserFactory,
    client,
    region,
    staff,
    target_group,
)
from tests.mails_first import assert_shown, shows
from tests.questions import LIST, ONE_THING
from topjob import clock
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
NEW = "/aanmeldingen/nieuw/"


def typed(**changes) -> dict:
    """What the frontoffice types at most."""
    given = {
        "first_name": "Noor",
        "name_prefix": "van der",
        "last_name": "Bakker",
        "birth_date": (clock.today() - relativedelta(years=20)).isoformat(),
        "phone": "06 12345678",
        "email": "noor@test.example",
        "postcode": "8131aa",
        "city": "Wijhe",
        "region": region().pk,
        "situation": "thuis",
        "wish": "leerwerkplek",
        "target_group": target_group().pk,
        "motivation": "Ik wil leren straten maken.",
        "is_motivated": "true",
        "hours_per_week": "32",
        "kinds_of_place": [KindOfPlace.objects.get(code="bbl-plus-groep").pk],
        "branches": [Branch.objects.get(code="01").pk],
    }
    return given | changes


def test_registering_stores_everything(browser, frontoffice) -> None:
    payer = client(name="Gemeente Verweggistan")
    answer = browser(frontoffice).post(NEW, typed(client="verweg"), follow=True)
    item = Registration.objects.get()
    assert answer.redirect_chain == [(f"/aanmeldingen/{item.pk}/", 302)]
    assert item.candidate.full_name == "Noor van der Bakker"
    assert item.candidate.postcode == "8131 AA"
    assert item.candidate.phone.as_e164 == "+31612345678"
    assert (item.client_id, item.is_motivated, item.hours_per_week) == (payer.pk, True, 32)
    assert [branch.code for branch in item.branches.all()] == ["01"]
    assert "Past" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("postcode", "81AA", "postcode in met 4 cijfers"),
        ("postcode", "8131 SS", "postcode in met 4 cijfers"),
        ("phone", "123", "geldig telefoonnummer"),
        ("birth_date", "2999-01-01", "in de toekomst"),
        ("birth_date", "1900-01-01", "meer dan 100 jaar"),
        ("birth_date", "2005-02-30", "geldige datum"),
        ("first_name", "x" * 81, "80"),
        ("motivation", "x" * 5001, "5000"),
        ("hours_per_week", "41", "40"),
        ("hours_per_week", "0", "1"),
        ("hours_per_week", "veel", "heel getal"),
        ("max_distance_km", "9999999999999999999", "150"),
        ("client", "Onbekende gemeente", "niet gevonden"),
        ("planned_start", "2001-01-01", "te ver weg"),
        ("planned_start", "9999-12-31", "te ver weg"),
        ("target_group", "999999999", "lijst"),
        ("target_group", "x", "lijst"),
        ("situation", "elders", "lijst"),
        ("email", "geen-adres", "e-mailadres"),
        ("region", "99999999999999999999999", "lijst"),
    ],
)
def test_bad_input_is_explained_and_kept(browser, frontoffice, field: str, value: str, words: str) -> None:
    answer = browser(frontoffice).post(NEW, typed(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words.lower() in " ".join(str(error) for error in answer.context["form"].errors[field]).lower()
    assert "Fout:" in page
    assert "error-summary" in page
    assert "Ik wil leren straten maken." in page or field == "motivation"
    assert not Candidate.objects.exists()


def test_somebody_must_be_reachable(browser, frontoffice) -> None:
    answer = browser(frontoffice).post(NEW, typed(phone="", email=""))
    assert "telefoonnummer of een e-mailadres" in answer.content.decode()


def test_several_clients_with_that_name_are_named(browser, frontoffice) -> None:
    client(name="Gemeente Zuidlo-Oost")
    client(name="Gemeente Zuidlo-West")
    answer = browser(frontoffice).post(NEW, typed(client="Zuidlo"))
    page = answer.content.decode()
    assert "Welke bedoel je?" in answer.context["form"].errors["client"][0]
    assert page.count('name="client_keuze"') == 2 and "Gemeente Zuidlo-Oost" in page and "Gemeente Zuidlo-West" in page


class TestDuplicates:
    def test_warns_before_anything_is_stored(self, browser, frontoffice) -> None:
        known = CandidateFactory(phone="+31612345678", last_name="Veldhuis")
        answer = browser(frontoffice).post(NEW, typed())
        page = answer.content.decode()
        assert "Mogelijk al bekend" in page
        assert f"/personen/{known.pk}/" in page
        assert Candidate.objects.count() == 1

    def test_a_new_file_beside_one_that_is_alike_is_an_explicit_choice_and_logged(self, browser, frontoffice) -> None:
        known, page = CandidateFactory(phone="+31612345678"), browser(frontoffice)
        assert "Mogelijk al bekend" in page.post(NEW, typed(besluit="nieuw")).content.decode()
        assert Candidate.objects.count() == 1, "nobody was shown whom it could be"
        page.post(NEW, typed(besluit="nieuw", gezien=[known.pk]))
        made = Candidate.objects.exclude(pk=known.pk).get()
        assert AuditEntry.objects.filter(verb=verbs.TOLD_APART, candidate_id=made.pk, actor=frontoffice).exists()
        assert likeness.undecided([made.pk, known.pk]) == {made.pk: set(), known.pk: set()}

    def test_a_phone_that_a_whole_house_shares_is_no_dead_end(self, browser, frontoffice) -> None:
        for _person in range(12):
            CandidateFactory(phone="+31612345678")
        page, seen = browser(frontoffice), []
        for _page in range(2):
            shown = page.post(NEW, typed(besluit="nieuw", gezien=seen)).content.decode()
            seen = [int(number) for number in re.findall(r'name="gezien"\s+value="(\d+)"', shown)]
        assert len(set(seen)) == 12
        assert Candidate.objects.count() == 12
        page.post(NEW, typed(besluit="nieuw", gezien=seen))
        assert Candidate.objects.count() == 13

    def test_what_the_frontoffice_chooses_replaces_what_the_known_file_says(self, browser, frontoffice) -> None:
        known = CandidateFactory(phone="+31612345678", city="Olst", postcode="8121 AA", email="oud@test.example")
        chosen = {f"overnemen_{known.pk}": ["adres"]}
        page = browser(frontoffice).post(NEW, typed()).content.decode()
        assert "oud@test.example" in page and "noor@test.example" in page
        browser(frontoffice).post(NEW, typed(besluit=str(known.pk), **chosen))
        known.refresh_from_db()
        assert (known.city, known.postcode, known.email) == ("Wijhe", "8131 AA", "oud@test.example")

    def test_adds_the_registration_to_the_known_person(self, browser, frontoffice) -> None:
        known = CandidateFactory(phone="+31612345678", city="Olst")
        browser(frontoffice).post(NEW, typed(besluit=str(known.pk)))
        assert Registration.objects.get().candidate == known
        known.refresh_from_db()
        assert known.city == "Olst"

    def test_pressing_twice_gives_one_person(self, browser, frontoffice) -> None:
        page = browser(frontoffice)
        page.post(NEW, typed())
        page.post(NEW, typed())
        assert Candidate.objects.count() == 1

    def test_only_people_who_look_alike_can_be_chosen(self, browser, frontoffice) -> None:
        stranger = CandidateFactory()
        assert browser(frontoffice).post(NEW, typed(besluit=str(stranger.pk))).status_code == 404

    def test_people_of_another_region_arent_shown(self, browser, frontoffice) -> None:
        CandidateFactory(phone="+31612345678", region=region("29"))
        browser(frontoffice).post(NEW, typed())
        assert Candidate.objects.count() == 2


class TestEligibilityAtOnce:
    def ask(self, page, **data) -> str:
        return page.get("/aanmeldingen/past/", data).content.decode()

    def test_says_yes_no_and_in_part(self, browser, frontoffice) -> None:
        page = browser(frontoffice)
        seventeen = (clock.today() - relativedelta(years=17)).isoformat()
        twenty = (clock.today() - relativedelta(years=20)).isoformat()
        wajong, bijstand = target_group().pk, target_group("bijstand").pk
        assert "tone-bad" in self.ask(page, birth_date=seventeen, target_group=wajong)
        assert "tone-good" in self.ask(page, birth_date=twenty, target_group=wajong)
        assert "tone-care" in self.ask(page, birth_date=twenty, target_group=bijstand)
        youth = target_group("jongere").pk
        assert "tone-good" in self.ask(page, birth_date=seventeen, target_group=youth, wants_project="on")

    @pytest.mark.parametrize("data", [{}, {"birth_date": "x"}, {"birth_date": "2006-01-01", "target_group": "\x00"}])
    def test_waits_for_what_is_missing(self, browser, frontoffice, data: dict) -> None:
        assert "Nog niet te bepalen" in self.ask(browser(frontoffice), **data)

    @pytest.mark.parametrize("wish", ["bijbaantje", "stage", "studentenwerk", "baan"])
    def test_the_table_of_maatwerq_refuses_nobody_who_asks_for_another_place(
        self, browser, frontoffice, wish: str
    ) -> None:
        seventeen = (clock.today() - relativedelta(years=17)).isoformat()
        page = self.ask(browser(frontoffice), birth_date=seventeen, target_group=target_group().pk, wish=wish)
        assert "Past niet" not in page.split("Bij MaatwerQ:")[0] and "tone-bad" not in page
        item = RegistrationFactory(candidate__age=17, wish=wish)
        page = browser(frontoffice).get(f"/aanmeldingen/{item.pk}/").content.decode()
        assert "Geldt alleen voor MaatwerQ" in page and "tone-bad" not in page

    def test_the_registration_page_shows_it_without_javascript(self, browser, frontoffice) -> None:
        item = RegistrationFactory(candidate__age=17)
        page = browser(frontoffice).get(f"/aanmeldingen/{item.pk}/").content.decode()
        assert "onder de 18 kan alleen een leerwerkproject" in page
        assert f"/aanmeldingen/{item.pk}/toelaten/" in page


class TestList:
    def test_worklist_shows_open_ones_longest_first(self, browser, frontoffice) -> None:
        now = clock.now()
        young = RegistrationFactory(created_at=now)
        old = RegistrationFactory(created_at=now - timedelta(days=9))
        RegistrationFactory(status="AFGEWEZEN", ended_at=now, end_reason="x")
        answer = browser(frontoffice).get("/aanmeldingen/")
        assert list(answer.context["page_obj"]) == [old, young]
        assert "wacht 9 dagen" in answer.content.decode()

    def test_filters_status_department_and_name(self, browser, frontoffice) -> None:
        match = Department.objects.get(code="match")
        given = {"status": "TOEGEWEZEN", "ended_at": clock.now(), "department": match}
        assigned = RegistrationFactory(candidate__last_name="Veldhuis", **given)
        RegistrationFactory(candidate__last_name="Wiersma")
        page = browser(frontoffice)
        for query in ("status=TOEGEWEZEN", f"status=&department={match.pk}", "status=&q=veldhuis"):
            assert list(page.get(f"/aanmeldingen/?{query}").context["page_obj"]) == [assigned], query

    @pytest.mark.parametrize(
        "query", ["q=%00", "status=x", "department=x", "department=9999999999999999999", "page=x", "page=999"]
    )
    def test_strange_filters_never_break(self, browser, frontoffice, query: str) -> None:
        assert browser(frontoffice).get(f"/aanmeldingen/?{query}").status_code == 200

    def test_same_number_of_queries_at_5_and_50(self, browser, frontoffice, django_assert_max_num_queries) -> None:
        page, payer = browser(frontoffice), client()
        counts = []
        for total in (5, 50):
            for _ in range(total - Registration.objects.count()):
                RegistrationFactory(client=payer)
            with django_assert_max_num_queries(LIST) as queries:
                page.get("/aanmeldingen/")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_pages_of_25(self, browser, frontoffice) -> None:
        RegistrationFactory.create_batch(27)
        page = browser(frontoffice)
        assert len(page.get("/aanmeldingen/").context["page_obj"].object_list) == 25
        assert len(page.get("/aanmeldingen/?page=2").context["page_obj"].object_list) == 2


def test_suggestions_while_typing(browser, frontoffice) -> None:
    client(name="Gemeente Verweggistan")
    page = browser(frontoffice)
    assert "Gemeente Verweggistan" in page.get("/aanmeldingen/opdrachtgevers/?client=verweg").content.decode()
    assert page.get("/aanmeldingen/opdrachtgevers/?client=%00").content.decode().strip() == ""
    assert page.get("/aanmeldingen/opdrachtgevers/").content.decode().strip() == ""


class TestRegistrationPage:
    def test_shows_everything(self, browser, frontoffice) -> None:
        item = RegistrationFactory(client=client(name="Gemeente Verweggistan"), motivation="Omdat het leuk is")
        OfferFactory(registration=item)
        page = browser(frontoffice).get(f"/aanmeldingen/{item.pk}/").content.decode()
        for words in (
            item.candidate.full_name,
            "Gemeente Verweggistan",
            "Omdat het leuk is",
            "€\xa04.500,00",
            "Wajong",
        ):
            assert words in page, words

    def test_query_count_is_bounded(self, browser, frontoffice, django_assert_max_num_queries) -> None:
        item = RegistrationFactory()
        OfferFactory.create_batch(5, registration=item)
        page = browser(frontoffice)
        page.get(f"/aanmeldingen/{item.pk}/")
        with django_assert_max_num_queries(ONE_THING):
            page.get(f"/aanmeldingen/{item.pk}/")

    def test_reading_is_logged(self, browser, regisseur) -> None:
        item = RegistrationFactory()
        browser(regisseur).get(f"/aanmeldingen/{item.pk}/")
        reading = Reading.objects.get(actor=regisseur)
        assert (reading.page, reading.people) == ("aanmelding", [item.candidate_id])

    def test_likeness_is_shown_for_a_website_registration(self, browser, frontoffice) -> None:
        CandidateFactory(phone="+31612345678")
        item = RegistrationFactory(candidate__phone="+31612345678", source="website")
        page = browser(frontoffice)
        assert f"/personen/{item.candidate_id}/lijkt-op/" in page.get(f"/aanmeldingen/{item.pk}/").content.decode()
        assert "lijkt op iemand die al bekend is" in page.get("/aanmeldingen/").content.decode()

    def test_readers_get_no_buttons(self, browser, regisseur) -> None:
        item = RegistrationFactory()
        page = browser(regisseur).get(f"/aanmeldingen/{item.pk}/").content.decode()
        assert "Wat kan nu?" not in page
        assert "/afwijzen/" not in page


def test_completing_keeps_what_was_there(browser, frontoffice) -> None:
    item = RegistrationFactory(client=client(name="Gemeente Verweggistan"), source="website")
    page = browser(frontoffice)
    form = page.get(f"/aanmeldingen/{item.pk}/bewerken/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    page.post(
        f"/aanmeldingen/{item.pk}/bewerken/", data | {"city": "Olst", "is_motivated": "true", "client": "Verweggistan"}
    )
    fresh = Registration.objects.get()
    assert (fresh.candidate.city, fresh.client_id, fresh.source) == ("Olst", item.client_id, "website")
    assert "city" in AuditEntry.objects.get(verb=verbs.REGISTRATION_CHANGED).details["fields"]


def test_a_stale_form_overwrites_nothing(browser, frontoffice) -> None:
    item = RegistrationFactory()
    page = browser(frontoffice)
    form = page.get(f"/aanmeldingen/{item.pk}/bewerken/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    Registration.objects.update(motivation="Van een collega")
    answer = page.post(f"/aanmeldingen/{item.pk}/bewerken/", data | {"motivation": "Van mij"})
    assert "Iemand anders heeft dit intussen gewijzigd" in answer.content.decode()
    assert Registration.objects.get().motivation == "Van een collega"


@shows("candidates:offer")
def test_an_offer_is_shown_before_it_goes(browser, frontoffice) -> None:
    payer = client(name="Gemeente Verweggistan")
    payer.email = "klant@verweggistan.example"
    payer.save()
    today = clock.today()
    data = {"client": "Verweggistan", "description": "Traject", "amount": "4500.50", "sent_on": today.isoformat()}
    data["valid_until"] = (today + timedelta(days=30)).isoformat()
    item = RegistrationFactory(client=payer)
    assert_shown(browser(frontoffice), f"/aanmeldingen/{item.pk}/offerte/", data, sent=1)


def test_offer_and_answer(browser, frontoffice) -> None:
    item = RegistrationFactory(client=client(name="Gemeente Verweggistan"))
    page = browser(frontoffice)
    today = clock.today()
    data = {
        "client": "Verweggistan",
        "description": "Traject",
        "amount": "4500.50",
        "sent_on": today.isoformat(),
        "valid_until": (today + timedelta(days=30)).isoformat(),
    }
    looked = page.post(f"/aanmeldingen/{item.pk}/offerte/", data | {"bekijken": "1"}).content.decode()
    assert "Hierbij onze offerte voor aanmelding" in looked and "4500,50" in looked.replace(".", "")
    assert not Offer.objects.exists() and not OutboxMessage.objects.filter(handler="offer_sent").exists()
    page.post(f"/aanmeldingen/{item.pk}/offerte/", data)
    offer = Offer.objects.get()
    answer = {"answer": "akkoord", "answered_on": today.isoformat(), "answered_by": "Mw. De Wit", "answer_note": ""}
    page.post(f"/aanmeldingen/{item.pk}/offerte/{offer.pk}/antwoord/", answer)
    offer.refresh_from_db()
    assert (offer.answer, offer.answered_by, str(offer.amount)) == ("akkoord", "Mw. De Wit", "4500.50")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_until", "2000-01-01"),
        ("sent_on", "2999-01-01"),
        ("amount", "-1"),
        ("amount", "99999999999"),
        ("amount", "NaN"),
        ("client", ""),
        ("description", ""),
    ],
)
def test_bad_offers_are_explained(browser, frontoffice, field: str, value: str) -> None:
    item = RegistrationFactory()
    today = clock.today()
    data = {
        "client": client().name,
        "description": "Traject",
        "amount": "100",
        "sent_on": today.isoformat(),
        "valid_until": today.isoformat(),
    }
    answer = browser(frontoffice).post(f"/aanmeldingen/{item.pk}/offerte/", data | {field: value})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("page", "status"), [("afwijzen", "AFGEWEZEN"), ("vervallen", "VERVALLEN"), ("toelaten", "NIEUW")]
)
def test_steps_with_a_reason(browser, frontoffice, page: str, status: str) -> None:
    item = RegistrationFactory(candidate__age=17)
    url = f"/aanmeldingen/{item.pk}/{page}/"
    answer = browser(frontoffice).post(url, {"reason": ""})
    assert "verplicht" in answer.content.decode()
    browser(frontoffice).post(url, {"reason": "Een goede reden"})
    item.refresh_from_db()
    assert item.status == status
    assert "Een goede reden" in (item.end_reason, item.override_reason)


def test_an_ended_registration_answers_with_an_explanation(browser, frontoffice) -> None:
    item = RegistrationFactory(status="AFGEWEZEN", ended_at=clock.now(), end_reason="x")
    for page in ("bewerken", "offerte", "afwijzen", "vervallen", "toelaten"):
        answer = browser(frontoffice).post(f"/aanmeldingen/{item.pk}/{page}/", {"reason": "nog eens"})
        assert answer.status_code == 409, page
    item.refresh_from_db()
    assert item.end_reason == "x"


class TestWhoSeesWhat:
    @pytest.mark.parametrize("role", [Role.JOBCOACH, Role.BEHEERDER, Role.KANDIDAAT])
    def test_others_find_nothing(self, browser, role: str) -> None:
        user = UserFactory()
        Membership.objects.create(user=user, role=role)
        item = RegistrationFactory()
        page = browser(user)
        assert page.get("/aanmeldingen/").status_code == 404
        assert page.get(f"/aanmeldingen/{item.pk}/").status_code == 404

    def test_another_region_looks_nonexistent(self, browser) -> None:
        item = RegistrationFactory()
        page = browser(staff(Role.FRONTOFFICE, region_code="29"))
        assert page.get(f"/aanmeldingen/{item.pk}/").status_code == 404
        assert page.post(f"/aanmeldingen/{item.pk}/afwijzen/", {"reason": "x"}).status_code == 404
        assert page.get("/aanmeldingen/999999999999999999999/").status_code == 404

    @pytest.mark.parametrize("role", [Role.REGISSEUR, Role.WERKMAKELAAR, Role.BACKOFFICE])
    def test_only_the_frontoffice_changes(self, browser, role: str) -> None:
        item = RegistrationFactory()
        page = browser(staff(role))
        assert page.get("/aanmeldingen/").status_code == 200
        assert page.post(f"/aanmeldingen/{item.pk}/afwijzen/", {"reason": "x"}).status_code == 404
        assert page.get(NEW).status_code == 404

    def test_frontoffice_elsewhere_may_only_read_here(self, browser) -> None:
        user = staff(Role.FRONTOFFICE, region_code="29")
        Membership.objects.create(user=user, role=Role.REGISSEUR, region=region("20"))
        item = RegistrationFactory()
        page = browser(user)
        assert page.get(f"/aanmeldingen/{item.pk}/").status_code == 200
        assert page.post(f"/aanmeldingen/{item.pk}/afwijzen/", {"reason": "x"}).status_code == 409
        item.refresh_from_db()
        assert item.is_open
