"""Aanmelden on the website: phone first, kind, and safe against programs."""

from __future__ import annotations

import re

import pytest
from dateutil.relativedelta import relativedelta
from django.core import mail
from django.test import Client

from accounts import verbs
from accounts.models import AuditEntry, Role
from candidates import mailbox
from candidates.models import Candidate, Registration
from candidates.views import public
from tests.factories import OfferFactory, RegistrationFactory, client, region, staff
from topjob import clock, outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
URL = "/aanmelden/"


def typed(age: int = 20, **changes) -> dict:
    return {
        "first_name": "Noor",
        "last_name": "Bakker",
        "birth_date": (clock.today() - relativedelta(years=age, days=1)).isoformat(),
        "phone": "0612345678",
        "email": "noor@test.example",
        "region": region().pk,
        "situation": "school",
        "wish": "leerwerkplek",
        "motivation": "Ik wil met mijn handen werken.",
        "consent": "on",
    } | changes


PARENT = {"representative_name": "Moeder", "representative_relation": "ouder", "representative_email": "m@test.example"}


def test_lands_in_the_list_of_the_frontoffice() -> None:
    answer = Client().post(URL, typed(), follow=True)
    assert answer.redirect_chain == [("/aanmelden/bedankt/", 302)]
    assert "Wat gebeurt er nu?" in answer.content.decode()
    item = Registration.objects.open().get()
    assert item.source == "website"
    assert item.consented_at is not None
    assert item.candidate.phone.as_e164 == "+31612345678"
    assert AuditEntry.objects.filter(verb=verbs.REGISTERED, party="publiek", actor=None).exists()


def test_pressing_twice_gives_one_registration() -> None:
    for _ in range(2):
        assert Client().post(URL, typed()).status_code == 302
    assert Registration.objects.count() == 1


def test_under_18_a_parent_or_guardian_is_asked() -> None:
    answer = Client().post(URL, typed(age=17))
    assert "Je bent nog geen 18" in answer.content.decode()
    assert not Candidate.objects.exists()
    Client().post(URL, typed(age=17, **PARENT))
    assert Candidate.objects.get().representatives.get().name == "Moeder"


def test_under_16_gets_a_kind_answer() -> None:
    answer = Client().post(URL, typed(age=15, **PARENT))
    assert "Je bent nog geen 16" in answer.content.decode()
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consent", ""),
        ("birth_date", ""),
        ("birth_date", "2999-01-01"),
        ("birth_date", "1800-01-01"),
        ("birth_date", "31-02-2005"),
        ("phone", "bel mij"),
        ("phone", "\x00"),
        ("email", "x"),
        ("first_name", "x" * 1000),
        ("postcode", "1234"),
        ("motivation", "x" * 5001),
        ("region", "99999999999999999999"),
        ("wish", "miljonair"),
    ],
)
def test_bad_input_is_explained_and_kept(field: str, value: str) -> None:
    answer = Client().post(URL, typed(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "Ik wil met mijn handen werken." in page or field == "motivation"
    assert not Candidate.objects.exists()


def test_says_nothing_about_who_is_known_already() -> None:
    known = RegistrationFactory(candidate__phone="+31612345678").candidate
    answer = Client().post(URL, typed(), follow=True)
    assert known.full_name not in answer.content.decode()
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize("filled", ["http://spam.example", "x" * 5000])
def test_a_trap_filled_by_autofill_is_no_dead_end_and_staff_see_the_suspicion(filled: str) -> None:
    """The field can't be seen, so nobody could mend it: the registration comes in, marked, and can be found by it."""
    Client().post(URL, typed(phone="0612345670", first_name="Bram"))
    assert Client().post(URL, typed(website=filled)).url == "/aanmelden/bedankt/"
    marked = Registration.objects.get(looks_automatic=True)
    assert marked.candidate.first_name == "Noor"
    frontoffice = Client()
    frontoffice.force_login(staff(Role.FRONTOFFICE))
    listed = frontoffice.get("/aanmeldingen/", {"looks_automatic": "True"}).content.decode()
    assert "Noor Bakker" in listed and "Bram Bakker" not in listed and "mogelijk automatisch ingevuld" in listed
    page = frontoffice.get(f"/aanmeldingen/{marked.pk}/").content.decode()
    assert "Mogelijk automatisch ingevuld" in page and "Bel of mail eerst" in page


def test_the_trap_stays_out_of_the_way_of_people_and_their_browsers() -> None:
    page = Client().get(URL).content.decode()
    trap = page.partition('class="tj-trap" aria-hidden="true"')[2].partition("</div>")[0]
    assert 'tabindex="-1"' in trap and 'autocomplete="off"' in trap


def test_more_than_a_class_from_one_address_comes_in_marked(monkeypatch) -> None:
    monkeypatch.setattr(public, "PER_HOUR", 1)
    for number in range(2):
        assert Client().post(URL, typed(phone=f"061234567{number}")).url == "/aanmelden/bedankt/"
    assert list(Registration.objects.order_by("pk").values_list("looks_automatic", flat=True)) == [False, True]


def test_too_many_from_one_address_is_stopped(monkeypatch) -> None:
    monkeypatch.setattr(public, "MOST_PER_HOUR", 2)
    for number in range(2):
        Client().post(URL, typed(phone=f"061234567{number}"))
    answer = Client().post(URL, typed(phone="0612345679"))
    assert answer.status_code == 429
    assert "Probeer het over een uur" in answer.content.decode()
    assert Registration.objects.count() == 2


def mailed_link() -> str:
    assert outbox.run(OutboxMessage.objects.get().pk)
    return re.search(r"http://[^/]+(/aanmelden/adres/\S+)", mail.outbox[-1].body)[1]


def test_the_mailbox_is_asked_whether_it_is_theirs() -> None:
    Client().post(URL, typed())
    link = mailed_link()
    assert mail.outbox[0].to == ["noor@test.example"]
    assert "Wij bellen of mailen je voor een gesprek." in mail.outbox[0].body
    assert Client().get(link).status_code == 200
    assert Candidate.objects.get().email_unconfirmed  # looking changes nothing
    Client(enforce_csrf_checks=True, headers={"origin": "null"}).post(
        link
    )  # as a browser is on a page with no-referrer
    assert not Candidate.objects.get().email_unconfirmed
    assert AuditEntry.objects.filter(verb=verbs.EMAIL_CONFIRMED).count() == 1


def test_nothing_that_a_visitor_typed_stands_in_the_mail() -> None:
    Client().post(URL, typed(first_name="Klik op evil.example", last_name="Win een prijs"))
    mailed_link()
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert "evil" not in text and "prijs" not in text and text.count("http") == 1


def test_one_mailbox_gets_few_mails_whoever_types_it(monkeypatch) -> None:
    """From any address, with any name; the registrations themselves all come in."""
    for number in range(5):
        phone = f"061234567{number}"
        Client().post(URL, typed(first_name=f"Noor {'ABCDE'[number]}", phone=phone), REMOTE_ADDR=f"10.0.0.{number}")
    assert Registration.objects.count() == 5
    assert OutboxMessage.objects.filter(handler="registration_received").count() == mailbox.MOST_PER_DAY


def test_what_a_program_sends_mails_nobody(monkeypatch) -> None:
    monkeypatch.setattr(public, "PER_HOUR", 1)
    for number in range(3):
        Client().post(URL, typed(phone=f"061234567{number}", email=f"noor{number}@test.example"))
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("token", ["onzin", "WzEsImEiXQ:1x:nep"])
def test_a_made_up_link_confirms_nothing(token: str) -> None:
    assert Client().get(f"/aanmelden/adres/{token}/").status_code == 410
    assert Client().post(f"/aanmelden/adres/{token}/").status_code == 410


def test_a_link_of_an_earlier_address_confirms_nothing() -> None:
    Client().post(URL, typed())
    link = mailed_link()
    Candidate.objects.update(email="ander@test.example")
    assert Client().post(link).status_code == 410


def test_the_offer_is_mailed_without_the_name_of_the_person() -> None:
    offer = OfferFactory(client=client(email="inkoop@gemeente.example"))
    message = outbox.enqueue("offer_sent", key="offer-test", offer=offer.pk)
    assert outbox.run(message.pk)
    assert mail.outbox[0].to == ["inkoop@gemeente.example"]
    assert offer.registration.candidate.last_name not in mail.outbox[0].body
    assert "Traject van een jaar" in mail.outbox[0].body


@pytest.mark.parametrize("page", ["/aanmelden/", "/aanmelden/bedankt/", "/aanmelden/privacy/"])
def test_pages_open_without_logging_in(page: str) -> None:
    assert Client().get(page).status_code == 200
