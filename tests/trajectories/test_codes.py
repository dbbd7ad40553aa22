"""RELIABILITY "Signature links": the code to a channel known earlier is the second factor. Guessing, borrowing and replaying
don't work, and PostgreSQL takes no signature without it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from demo.walk import Walk
from tests.trajectories.personal import TICKED, ask_code, code_to, run_outbox, sign_page, token_in
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions
from trajectories.models import PartyLink, PlanParty, Signature, SigningCode, StartPlan
from trajectories.signing import channels
from trajectories.signing.statements import is_name_of, statements_for

YOUTH, PHONE = "sem@post.example", "+31612345678"


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def confirm(client: Client, token: str, code: str) -> str:
    """Fill in a code; what the page says."""
    return client.post(sign_page(token, "sign_code"), {"code": code}, follow=True).content.decode()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


# --- The code --------------------------------------------------------------------------------------------------------
def test_the_code_goes_to_the_phone_and_is_stored_nowhere(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        code = ask_code(client, token)
    row = SigningCode.objects.get()
    assert (row.channel, row.address_masked, row.attempts) == ("sms", "06 •• •• •• 78", 0)
    assert code not in f"{row.code_hash} {row.__dict__}"
    assert len(row.code_hash) == 64
    payloads = str(list(OutboxMessage.objects.values_list("payload", "key")))
    assert code not in payloads
    assert code not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert not [message for message in mail.outbox if code in message.body]


def test_a_forwarded_link_signs_nothing_without_the_code(client: Client, sent: Walk, token: str) -> None:
    """Whoever got hold of the link reads the plan and may tick everything; the code went to somebody else."""
    with clock.at(sent.day):
        code = ask_code(client, token)
        for guess in ("", "abc", "12345", "1234567", "١٢٣٤٥٦", other_than(code)):
            assert "Bedankt" not in confirm(client, token, guess)
    assert not Signature.objects.exists()


def test_a_code_is_asked_before_it_is_filled_in(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        assert client.post(sign_page(token, "sign_code"), {"code": "123456"}).status_code == 302
        with pytest.raises(actions.WrongCode):
            actions.sign(actions.link_for(token), code="123456", ip_address=None, user_agent="")
        with pytest.raises(Refused):
            actions.request_code(actions.link_for(token), typed_name="Sem Bakker", statements=["Ja."])
    assert not SigningCode.objects.exists()


def test_wrong_codes_count_and_the_fifth_voids_it(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        code = ask_code(client, token)
        for left in (4, 3, 2, 1):
            assert f"Pogingen over: {left}" in confirm(client, token, other_than(code))
        assert "nu vervallen" in confirm(client, token, other_than(code))
        assert "Vraag eerst een code" in confirm(client, token, code)
    assert not Signature.objects.exists()
    assert AuditEntry.objects.filter(verb="codes_guessed", party="jongere").count() == 1


def test_a_new_code_waits_a_moment_and_voids_the_earlier(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        first = ask_code(client, token)
        client.post(sign_page(token, "sign_code"), {"again": "1"})
        page = client.get(sign_page(token, "sign_code")).content.decode()
        assert "Er is net een code verstuurd" in page
        assert SigningCode.objects.count() == 1
    with clock.at(sent.day, 10):
        client.post(sign_page(token, "sign_code"), {"again": "1"})
        run_outbox()
        second = code_to(PHONE)
        if first != second:
            assert "Pogingen over" in confirm(client, token, first)
        assert "je hebt getekend" in confirm(client, token, second)
    assert SigningCode.objects.get(used_at__isnull=False).statements == Signature.objects.get().statements


def test_there_are_ten_codes_a_day(client: Client, sent: Walk, token: str) -> None:
    link = actions.link_for(token)
    statements = statements_for(link.party)
    for hour in range(10):
        with clock.at(sent.day, 12 + hour):
            actions.request_code(link, typed_name="Sem Bakker", statements=statements)
    with clock.at(sent.day, 23), pytest.raises(Refused, match="te veel codes"):
        actions.request_code(link, typed_name="Sem Bakker", statements=statements)
    with clock.at(sent.day + timedelta(days=2)):
        actions.request_code(link, typed_name="Sem Bakker", statements=statements)


def test_a_code_expires(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        code = ask_code(client, token)
        SigningCode.objects.update(expires_at=clock.now())
        assert "verlopen" in confirm(client, token, code)
    assert not Signature.objects.exists()


def test_the_code_of_another_party_signs_nothing(client: Client, sent: Walk, token: str) -> None:
    employer = plan_of(sent).parties.get(party="werkgever")
    with clock.at(sent.day):
        ask_code(client, token)
        theirs = ask_code(client, token_in(mail.outbox, employer.email))
        mine = code_to(PHONE)
        if mine != theirs:
            assert "Pogingen over" in confirm(client, token, theirs)
    assert not Signature.objects.exists()


def test_a_code_after_a_new_version_signs_nothing(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        link, code = actions.link_for(token), ask_code(client, token)
        actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
        assert client.post(sign_page(token, "sign_code"), {"code": code}, follow=True).status_code == 410
        with pytest.raises(Refused):
            actions.sign(link, code=code, ip_address=None, user_agent="")
    assert not Signature.objects.exists()


def test_a_code_after_a_new_link_signs_nothing(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        code = ask_code(client, token)
    with clock.at(sent.day, 15):
        actions.resend_link(actions.link_for(token), by=sent.user_on_lead)
        run_outbox()
        fresh = token_in(mail.outbox, YOUTH)
        assert "Vul je code in" not in confirm(client, fresh, code)
        assert client.post(sign_page(token, "sign_code"), {"code": code}, follow=True).status_code == 410
    assert not Signature.objects.exists()


def test_the_page_says_what_was_confirmed(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        ask_code(client, token)
        page = client.get(sign_page(token, "sign_code")).content.decode()
    for statement in statements_for(plan_of(sent).parties.get(party="jongere")):
        assert statement in page
    assert "06 •• •• •• 78" in page
    assert "612345678" not in page


# --- Sending it ------------------------------------------------------------------------------------------------------
def test_a_gateway_that_fails_is_tried_again_with_another_code(
    client: Client, sent: Walk, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(sent.day):
        client.post(sign_page(token), TICKED)
        message = OutboxMessage.objects.get(handler="send_code")
        with monkeypatch.context() as patch:
            patch.setattr("trajectories.signing.messages.sms.send", _down)
            assert not outbox.run(message.pk)
        assert SigningCode.objects.get().code_hash == ""
        assert "nog onderweg" in confirm(client, token, "123456")
        run_outbox()
        assert "je hebt getekend" in confirm(client, token, code_to(PHONE))


def _down(*args: object, **options: object) -> None:
    raise ConnectionRefusedError("the gateway is down")


@pytest.mark.parametrize("why", ["late", "voided", "link", "twice"])
def test_no_code_goes_to_whoever_has_left(client: Client, sent: Walk, token: str, why: str) -> None:
    with clock.at(sent.day):
        client.post(sign_page(token), TICKED)
        message = OutboxMessage.objects.get(handler="send_code")
        if why == "late":
            SigningCode.objects.update(expires_at=clock.now())
        elif why == "voided":
            SigningCode.objects.update(voided_at=clock.now())
        elif why == "link":
            PartyLink.objects.update(voided_at=clock.now())
        else:
            outbox.run(message.pk)
        outbox.run(message.pk)
    assert StoredSms.objects.filter(reference__startswith="code-").count() == (1 if why == "twice" else 0)


def test_without_a_mobile_phone_the_code_goes_to_another_mailbox(client: Client, planning: Walk) -> None:
    walk = planning.draft_plan()
    PlanParty.objects.filter(party="jongere").update(phone="", code_email="moeder@post.example")
    walk.send_plan()
    with clock.at(walk.day, 12):
        run_outbox()
        token = token_in(mail.outbox, YOUTH)
        assert client.post(sign_page(token), TICKED).status_code == 302
        run_outbox()
        (message,) = [message for message in mail.outbox if message.to == ["moeder@post.example"]]
        code = next(line for line in message.body.splitlines() if line.isdigit())
        assert "je hebt getekend" in confirm(client, token, code)
    signature = Signature.objects.get()
    assert (signature.channel, signature.channel_masked) == ("e-mail", "m•••@post.example")


# --- Who can be reached ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "link", "code"),
    [
        ({"email": YOUTH, "phone": PHONE}, "e-mail", "sms"),
        ({"email": "", "phone": PHONE}, "sms", "sms"),
        ({"email": YOUTH, "phone": ""}, "e-mail", None),
        ({"email": YOUTH, "phone": "+31570512345"}, "e-mail", None),
        ({"email": YOUTH, "phone": "", "code_email": "SEM+code@post.example"}, "e-mail", None),
        ({"email": YOUTH, "phone": "", "code_email": "ander@post.example"}, "e-mail", "e-mail"),
        ({"email": "", "phone": ""}, None, None),
    ],
)
def test_a_code_to_the_same_mailbox_is_none(facts: dict[str, str], link: str | None, code: str | None) -> None:
    party = PlanParty(party="jongere", name="Sem", **facts)
    for found, wanted in ((channels.for_link(party), link), (channels.for_code(party), code)):
        assert (found and found.channel) == wanted


def test_without_a_gateway_nobody_is_promised_an_sms(settings) -> None:
    settings.SMS_BACKEND = "none"
    party = PlanParty(party="jongere", name="Sem", email=YOUTH, phone=PHONE)
    assert channels.for_code(party) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "", "phone": ""}, "e-mailadres of het mobiele nummer van Sem Bakker ontbreekt"),
        ({"phone": ""}, "Voor de code om te tekenen is een mobiel nummer van Sem Bakker nodig"),
        ({"phone": "", "on_paper": True}, ""),
        ({"email": ""}, ""),
    ],
)
def test_who_cant_be_reached_is_a_reason_not_to_send(planning: Walk, changes: dict[str, object], reason: str) -> None:
    walk = planning.draft_plan()
    PlanParty.objects.filter(party="jongere").update(**changes)
    with clock.at(walk.day):
        reasons = " ".join(found.text for found in actions.reasons_not_to_send(plan_of(walk)))
    assert (reason in reasons) if reason else not reasons


def test_two_parties_cant_share_the_phone_that_gets_the_codes(planning: Walk) -> None:
    walk = planning.draft_plan()
    PlanParty.objects.update(phone=PHONE)
    with clock.at(walk.day), pytest.raises(Refused, match="bij een ander terechtkomen"):
        actions.send_plan(plan_of(walk), by=walk.user_on_lead)


def test_the_form_of_a_party_explains_what_is_missing(planning: Walk, client: Client) -> None:
    walk = planning.draft_plan()
    client.force_login(walk.team.regisseur)
    url = reverse("trajectories:plan_party", args=[walk.trajectory.pk, "jongere"])
    for changes, message in (
        ({"email": ""}, "Vul een e-mailadres of een mobiel nummer in"),
        ({"phone": "0570512345"}, "Vul een mobiel nummer in"),
        ({"code_email": "Sem+x@post.example"}, "Kies een andere mailbox"),
    ):
        data = {"name": "Sem Bakker", "email": YOUTH, "phone": "", "code_email": ""} | changes
        with clock.at(walk.day):
            assert message in client.post(url, data).content.decode()
    with clock.at(walk.day):
        assert client.post(url, {"name": "Sem Bakker", "email": "", "phone": "0612345678"}).status_code == 302
    assert plan_of(walk).parties.get(party="jongere").phone == PHONE


def test_an_old_plan_without_a_phone_says_whom_to_ask(client: Client, planning: Walk) -> None:
    """Sent before there were codes: the youth can read it, and is told what to do."""
    walk = planning.draft_plan()
    PlanParty.objects.filter(party="jongere").update(phone="")
    StartPlan.objects.update(status="verzonden", sent_at=clock.now())
    with clock.at(walk.day):
        outbox.enqueue("render_plan", key="late", plan=plan_of(walk).pk)
        run_outbox()
        token = token_in(mail.outbox, YOUTH)
        assert "We weten je mobiele nummer nog niet" in client.get(sign_page(token)).content.decode()
        assert client.post(sign_page(token), TICKED).status_code == 409


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("Sem van den Bakker", True),
        ("SÉM BAKKER", True),
        ("S. Bakker", True),
        ("Sem B.", False),
        ("Ans van den Bakker", False),
        ("A. Bakker", False),
        ("Bakker", False),
        ("Sem", False),
        ("van den", False),
        ("Ans Vries", False),
        ("S. B.", False),
    ],
)
def test_nobody_types_another_name(typed: str, fits: bool) -> None:
    """A mother has her son's last name, and signs a link of her own."""
    assert is_name_of(typed, PlanParty(name="Sem van den Bakker")) is fits


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("Julia van 't Hof", "Julia van 't Hof", True),
        ("julia hof", "Julia van ’t Hof", True),
        ("Tom Hof", "Julia van 't Hof", False),
        ("Jan Jansen", "J. Jansen", True),
        ("Ko Jansen", "J. Jansen", False),
        ("Ben Al", "Ben Al", True),
        ("Sara de Vries", "Sara Jansen-de Vries", True),
        ("Prince", "Prince", True),
    ],
)
def test_names_as_people_write_them(typed: str, name: str, fits: bool) -> None:
    assert is_name_of(typed, PlanParty(name=name)) is fits


def test_a_name_of_single_signs_can_be_typed() -> None:
    assert is_name_of("李 明", PlanParty(name="李 明"))


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [
        {"method": "link"},
        {"code_id": None},
        {"statements": []},
        {"statements": ["Ja", "Ja", "Ja"]},
        {"typed_name": "Iemand Anders"},
        {"channel_masked": ""},
        {"document_sha256": "0" * 64},
        {"role": "jongere"},
    ],
    ids=str,
)
def test_r4_postgresql_takes_no_signature_without_its_evidence(
    client: Client, sent: Walk, changes: dict[str, object]
) -> None:
    """What raw SQL would try: a code was really used, and one thing isn't as it was confirmed."""
    employer = plan_of(sent).parties.get(party="werkgever")
    with clock.at(sent.day):
        ask_code(client, token_in(mail.outbox, employer.email))
        SigningCode.objects.update(used_at=clock.now())
        code = SigningCode.objects.get()
        right = {
            "plan": plan_of(sent),
            "party": employer,
            "link": code.link,
            "role": "werkgever",
            "method": "code",
            "code_id": code.pk,
            "typed_name": code.typed_name,
            "statements": code.statements,
            "channel": code.channel,
            "channel_masked": code.address_masked,
            "signed_at": clock.now(),
            "signed_on": clock.today(),
            "document_sha256": code.document_sha256,
        }
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Signature.objects.create(**right | changes)
        Signature.objects.create(**right)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trajectories_signingcode SET statements = '{anders,anders,anders}'",
        "UPDATE trajectories_signingcode SET typed_name = 'Iemand Anders'",
        "UPDATE trajectories_signingcode SET used_at = NULL",
        "UPDATE trajectories_signingcode SET attempts = 0",
        "DELETE FROM trajectories_signingcode",
        "TRUNCATE trajectories_signingcode CASCADE",
    ],
)
def test_r14_a_used_code_never_changes(sent: Walk, statement: str) -> None:
    sent.sign("jongere")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
