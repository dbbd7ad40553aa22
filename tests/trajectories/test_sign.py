"""R4 and RELIABILITY "Signature links": a party signs on a phone, once, through a link that is its own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting
from candidates.models import LegalRepresentative
from demo.walk import Team, Walk
from tests.questions import LIST
from tests.trajectories.conftest import START, make_walk, walk_to
from tests.trajectories.personal import TICKED, ask_code, code_to, run_outbox, sign_by_page, token_in
from tests.trajectories.portals import attention
from topjob import clock, logs
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import PartyLink, Signature, SigningCode, StartPlan, TrialPeriod
from trajectories.signing.links import token_hash
from trajectories.signing.statements import statements_for

YOUTH = "sem@post.example"
PHONE = "+31612345678"


def address(token: str, name: str = "sign") -> str:
    return reverse(f"trajectories:{name}", args=[token])


def link_of(token: str) -> PartyLink:
    return PartyLink.objects.get(token_hash=token_hash(token))


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


# --- The link --------------------------------------------------------------------------------------------------------
def test_every_party_gets_a_link_of_its_own_and_only_the_hash_is_stored(sent: Walk) -> None:
    plan = plan_of(sent)
    tokens = [token_in(mail.outbox, party.email) for party in plan.parties.all()]
    assert len(set(tokens)) == 3
    stored = set(plan.links.values_list("token_hash", flat=True))
    assert stored == {token_hash(token) for token in tokens}
    assert not stored & set(tokens)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_consumes_nothing(client: Client, sent: Walk, token: str, method: str) -> None:
    """Fault 24: a mail scanner opens every link."""
    with clock.at(sent.day):
        ask_code(client, token)
        for name in ("sign", "sign_code", "sign_decline", "sign_document"):
            response = getattr(client, method)(address(token, name))
            response.getvalue()  # reads to the end, which closes the file
            assert response.status_code == 200
            assert response["Cache-Control"] == "no-store"
            assert response["Referrer-Policy"] == "no-referrer"
            assert "sessionid" not in response.cookies
        assert link_of(token).is_usable
        assert not Signature.objects.exists()
        assert client.post(address(token, "sign_code"), {"code": code_to(PHONE)}).status_code == 302
    assert Signature.objects.count() == 1


def test_an_unknown_link_says_so_and_says_no_more(client: Client, sent: Walk) -> None:
    for name in ("sign", "sign_decline", "sign_document", "evaluate"):
        response = client.get(address("x" * 43, name))
        assert response.status_code == 404
        assert "Deze link werkt niet" in response.content.decode()
        assert response["Cache-Control"] == "no-store"


def test_a_link_to_sign_opens_no_evaluation(client: Client, sent: Walk, token: str) -> None:
    assert client.get(address(token, "evaluate")).status_code == 404


def test_the_token_stays_out_of_the_log(token: str) -> None:
    event = logs.hide_tokens(
        None, "", {"request": f"POST {address(token)}", "event": f"gezien /evalueren/{token}/?a=1"}
    )
    assert token not in str(event)


def test_the_form_works_without_cookies_from_elsewhere(sent: Walk, token: str) -> None:
    """`no-referrer` takes away what Django's check against forgery reads; the token is the right to act."""
    strict = Client(enforce_csrf_checks=True)
    with clock.at(sent.day):
        assert strict.post(address(token), TICKED, HTTP_ORIGIN="null").status_code == 302
        run_outbox()
        answer = strict.post(address(token, "sign_code"), {"code": code_to(PHONE)}, HTTP_ORIGIN="null")
        assert answer.status_code == 302
    assert Signature.objects.exists()


# --- Signing ---------------------------------------------------------------------------------------------------------
def test_the_whole_plan_can_be_read_before_signing(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        text = client.get(address(token)).content.decode()
        pdf = client.get(address(token, "sign_document"))
    assert "Je startplan" in text
    assert "Ik leer veilig werken met het gereedschap." in text
    assert "ma 2 feb 2026" in text
    assert pdf["Content-Disposition"].startswith("attachment")
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert pdf.getvalue().startswith(b"%PDF")


def test_r4_a_signature_is_bound_to_party_version_and_fingerprint(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day, 14):
        sign_by_page(client, token, HTTP_USER_AGENT="Telefoon", REMOTE_ADDR="192.0.2.7")
    signature = Signature.objects.get()
    plan = plan_of(sent)
    assert (signature.plan, signature.role, signature.typed_name) == (plan, "jongere", "Sem Bakker")
    assert signature.document_sha256 == plan.document.sha256
    assert signature.signed_on == sent.day
    assert (signature.ip_address, signature.user_agent) == ("192.0.2.7", "Telefoon")
    assert (signature.method, signature.channel, signature.channel_masked) == ("code", "sms", "06 •• •• •• 78")
    assert signature.statements == statements_for(plan.parties.get(party="jongere"))
    assert signature.statements[1].startswith("Mijn proefperiode duurt van ma 2 feb 2026 tot en met vr 1 mei 2026. ")
    entry = AuditEntry.objects.get(verb="sign")
    assert (entry.party, entry.trajectory_id) == ("jongere", sent.trajectory.pk)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"statement_1": ""}, "Zet hier een vinkje"),
        # A sentence that is named in the list of what is wrong keeps its full stop and gets no colon.
        ({"statement_3": ""}, ". Zet hier een vinkje"),
        ({"typed_name": "Ans de Vries"}, "Niemand tekent voor een ander"),
        ({"typed_name": "  "}, "verplicht"),
        ({"typed_name": "x"}, "Typ voor- en achternaam"),
        ({"typed_name": "a" * 121}, "121"),
    ],
)
def test_an_incomplete_signature_is_told(
    client: Client, sent: Walk, token: str, changes: dict[str, str], message: str
) -> None:
    with clock.at(sent.day):
        response = client.post(address(token), TICKED | changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not SigningCode.objects.exists()


def test_signing_twice_gives_one_signature_and_a_friendly_page(client: Client, sent: Walk, token: str) -> None:
    """Fault 13: double press, back button."""
    with clock.at(sent.day):
        sign_by_page(client, token)
        for name, data in (("sign", TICKED), ("sign_code", {"code": code_to(PHONE)})):
            again = client.post(address(token, name), data, follow=True)
            assert again.status_code == 200
            assert "je hebt getekend" in again.content.decode()
    assert Signature.objects.count() == 1


def test_two_signatures_at_the_same_moment_are_one(client: Client, sent: Walk, token: str) -> None:
    """Fault 22: both passed the form; the action lets one through, the page tells the other."""
    link = actions.link_for(token)
    with clock.at(sent.day):
        code = ask_code(client, token)
        actions.sign(link, code=code, ip_address=None, user_agent="")
        with pytest.raises(Refused):
            actions.sign(link, code=code, ip_address=None, user_agent="")
    assert Signature.objects.count() == 1


def test_after_signing_the_page_tells_who_is_still_to_sign(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        sign_by_page(client, token)
        text = client.get(address(token)).content.decode()
    assert sent.team.jobcoach.name in text
    assert "Sem Bakker (jongere)" not in text


def test_all_signatures_make_the_plan_a_contract(client: Client, sent: Walk) -> None:
    plan = plan_of(sent)
    with clock.at(sent.day):
        for party in plan.parties.all():
            assert sign_by_page(client, token_in(mail.outbox, party.email)).status_code == 302
    plan.refresh_from_db()
    assert plan.status == StartPlan.Status.SIGNED
    assert set(plan.signatures.values_list("role", flat=True)) == {"jongere", "werkgever", "jobcoach"}


@pytest.mark.parametrize(("mode", "end"), [("waarschuwen", ""), ("blokkeren", ", als de toestemming er dan is")])
def test_the_staff_reads_what_follows_the_last_signature(client: Client, sent: Walk, mode: str, end: str) -> None:
    client.force_login(sent.team.regisseur)
    page = reverse("trajectories:plan", args=[sent.trajectory.pk])
    LawSetting.objects.create(
        key=LawSetting.Key.PERMISSION_MODE,
        value=mode,
        valid_from=date(2026, 1, 1),
        client=sent.trajectory.client,
        source="Afspraak met de gemeente",
    )
    with clock.at(sent.day, 14):
        assert "Iedereen heeft getekend" not in client.get(page).content.decode()
        sent.sign()
        text = client.get(page).content.decode()
    how = "begint" if end else "begint vanzelf"
    assert f"Iedereen heeft getekend. De proefperiode {how} op ma 2 feb 2026{end}." in text


def test_declining_asks_a_reason_and_tells_the_regisseur(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        assert "verplicht" in client.post(address(token, "sign_decline"), {"reason": ""}).content.decode()
        page = client.post(address(token, "sign_decline"), {"reason": "De uren kloppen niet."}, follow=True)
        assert "De uren kloppen niet." in page.content.decode()
        assert "niet getekend" in client.get(address(token), follow=True).content.decode()
        client.force_login(sent.team.regisseur)
        staff = client.get(reverse("trajectories:plan", args=[sent.trajectory.pk])).content.decode()
    assert "tekent niet: De uren kloppen niet." in staff
    assert not Signature.objects.exists()


# --- Links that are closed -------------------------------------------------------------------------------------------
def test_a_new_link_voids_the_earlier(client: Client, sent: Walk, token: str) -> None:
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day, 15):
        url = reverse("trajectories:link_resend", args=[sent.trajectory.pk, link_of(token).pk])
        assert client.get(url).status_code == 200 and link_of(token).voided_at is None
        assert client.post(url).status_code == 302
        run_outbox()
        fresh = token_in(mail.outbox, YOUTH)
        assert fresh != token
        old = client.get(address(token))
        assert old.status_code == 410
        assert "er is een nieuwere link" in old.content.decode()
        assert client.post(address(token), TICKED).status_code == 410
        assert client.get(address(token, "sign_document")).status_code == 410
        assert sign_by_page(client, fresh).status_code == 302
        assert client.post(url).status_code == 409
    assert Signature.objects.count() == 1


def declined(walk: Walk) -> int:
    """What the regisseur's own page counts as "Iemand tekent niet"."""
    return attention(walk.team.regisseur).get("niet_getekend", 0)


def test_after_a_refusal_a_new_link_can_be_sent(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        actions.decline_to_sign(link_of(token), reason="Nog niet.")
        assert declined(sent) == 1
        client.force_login(sent.team.regisseur)
        case = reverse("trajectories:detail", args=[sent.trajectory.pk])
        assert "jongere (tekent niet)" in client.get(case).content.decode()
        actions.resend_link(link_of(token), by=sent.user_on_lead)
        assert declined(sent) == 0
        run_outbox()
        old = client.get(address(token))
        assert (old.status_code, "er is een nieuwere link" in old.content.decode()) == (410, True)
        assert client.get(address(token, "sign_decline")).status_code == 410
        assert sign_by_page(client, token_in(mail.outbox, YOUTH)).status_code == 302
        assert "Er hoeft niets meer te gebeuren" in client.get(address(token)).content.decode()


@pytest.mark.parametrize("party", ["jongere", "werkgever", "jobcoach"])
def test_signing_takes_six_taps(client: Client, sent: Walk, party: str) -> None:
    """Three boxes, the field of the name, the button; the field of the code has the focus, and then the last button."""
    row = plan_of(sent).parties.get(party=party)
    with clock.at(sent.day, 14):
        personal = token_in(mail.outbox, row.email)
        form = client.get(address(personal)).content.decode()
        ask_code(client, personal)
        code = client.get(address(personal, "sign_code")).content.decode()
    assert form.count('name="statement_') == 3
    assert re.search(r'<input[^>]*name="code"[^>]*autofocus', code)


def test_the_pages_behind_a_link_ask_few_queries(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day, 14):
        ask_code(client, token)
        for name in ("sign", "sign_code", "sign_decline"):
            with CaptureQueriesContext(connection) as asked:
                client.get(address(token, name))
            assert len(asked) <= LIST, name


def test_the_staff_sees_the_evidence_of_every_signature(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day, 14):
        sign_by_page(client, token, HTTP_USER_AGENT="Telefoon", REMOTE_ADDR="192.0.2.7")
        client.force_login(sent.team.regisseur)
        page = client.get(reverse("trajectories:plan", args=[sent.trajectory.pk])).content.decode()
    signature = Signature.objects.get()
    evidence = [
        signature.document_sha256,
        "Telefoon",
        "192.0.2.7",
        "Sem Bakker",
        "06 •• •• •• 78",
        *signature.statements,
    ]
    assert page.count("Bewijs van de handtekening") == 1
    shown = page.partition("Bewijs van de handtekening")[2].partition("</details>")[0]
    assert [words for words in evidence if words not in shown] == []


def test_fault_23_a_new_version_voids_every_link(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
        assert client.post(address(token), TICKED).status_code == 410
    assert not Signature.objects.exists()


def test_r5_who_signed_an_earlier_version_hears_it_holds_no_more(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day, 14):
        sign_by_page(client, token)
        assert "We wachten nog op" in client.get(address(token)).content.decode()
        sent.draft_plan().send_plan()
        run_outbox()
        page = client.get(address(token)).content.decode()
        assert "We wachten nog op" not in page
        assert "geldt niet meer" in page
        again = token_in(mail.outbox, YOUTH)
        assert "Dan teken je deze opnieuw" in client.get(address(again)).content.decode()
    letters = [message.body for message in mail.outbox if YOUTH in message.to]
    assert ["nieuwe versie" in body for body in letters] == [False, True]


def test_fault_21_a_link_that_expires_while_the_page_is_open(client: Client, sent: Walk, token: str) -> None:
    PartyLink.objects.filter(used_at=None).update(expires_at=clock.now() - timedelta(days=9999))
    with clock.at(sent.day):
        response = client.post(address(token), TICKED)
        assert response.status_code == 410
        assert "verlopen" in response.content.decode()
        assert client.get(address(token, "sign_document")).status_code == 410


def test_withdrawing_the_plan_closes_the_links(client: Client, sent: Walk, token: str) -> None:
    with clock.at(sent.day):
        actions.withdraw_plan(sent.fresh(), reason="Bedrijf stopt.", by=sent.user_on_lead)
        assert client.get(address(token)).status_code == 410


# --- R4 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("absent", ["jongere", "werkgever", "jobcoach"])
def test_r4_no_trial_without_each_signature(sent: Walk, absent: str) -> None:
    sent.sign(*({"jongere", "werkgever", "jobcoach"} - {absent})).permit()
    with clock.at(START), pytest.raises(Refused) as refusal:
        actions.start_trial(sent.fresh(), by=sent.user_on_lead)
    assert absent in str(refusal.value)
    assert sent.fresh().state == "STARTPLAN"


@pytest.mark.parametrize("absent", ["jongere", "werkgever", "jobcoach"])
def test_r4_raw_sql_starts_no_trial_without_each_signature(sent: Walk, absent: str) -> None:
    sent.sign(*({"jongere", "werkgever", "jobcoach"} - {absent}))
    _assert_database_refuses_trial(plan_of(sent))


def _assert_database_refuses_trial(plan: StartPlan, starts_on: date | None = None) -> None:
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        TrialPeriod.objects.create(
            trajectory=plan.trajectory,
            application=plan.application,
            plan=plan,
            starts_on=starts_on or plan.trial_starts_on,
            months=plan.trial_months,
            ends_on=plan.trial_ends_on,
            created_at=clock.now(),
        )


def minor(team: Team, vacancy) -> Walk:
    """Somebody of seventeen, with Ans as the parent."""
    walk = (
        walk_to(make_walk(team, birth_date=date(2009, 1, 1), stream=1), vacancy, "STARTPLAN").draft_plan().send_plan()
    )
    with clock.at(walk.day, 12):
        run_outbox()
    return walk


def test_r4_under_18_a_representative_signs_along(team: Team, vacancy, light_pdf: None, client: Client) -> None:
    walk = minor(team, vacancy)
    with clock.at(walk.day, 14):
        text = client.get(address(token_in(mail.outbox, "ans@post.example"))).content.decode()
    assert "Ik ben de ouder of voogd" in text
    walk.sign("jongere", "werkgever", "jobcoach").permit()
    assert plan_of(walk).status == StartPlan.Status.SENT
    with clock.at(START), pytest.raises(Refused):
        actions.start_trial(walk.fresh(), by=walk.user_on_lead)
    _assert_database_refuses_trial(plan_of(walk))
    walk.sign("vertegenwoordiger")
    assert walk.start_trial().fresh().state == "PROEFPERIODE"


def test_r4_who_turns_18_before_signing_signs_alone(team: Team, vacancy, light_pdf: None) -> None:
    walk = make_walk(team, birth_date=date(2008, 1, 20), stream=1)
    LegalRepresentative.objects.create(
        candidate=walk.candidate, name="Ans", relation="ouder", email="ans@post.example", phone="+31643000001"
    )
    walk_to(walk, vacancy, "STARTPLAN").draft_plan().send_plan()
    with clock.at(walk.day, 12):
        run_outbox()
    assert walk.day < date(2008, 1, 20).replace(year=2026)
    walk.day = date(2026, 1, 20)
    walk.sign("jongere", "werkgever", "jobcoach").permit()
    assert plan_of(walk).status == StartPlan.Status.SIGNED
    assert walk.start_trial().fresh().state == "PROEFPERIODE"


def test_r4_the_last_signature_on_the_start_date_is_in_time(sent: Walk) -> None:
    sent.sign("jongere", "werkgever").permit()
    sent.day = START
    PartyLink.objects.filter(used_at=None).update(expires_at=clock.now() + timedelta(days=9999))
    assert sent.sign("jobcoach").start_trial().fresh().state == "PROEFPERIODE"


def test_r4_after_the_start_date_no_link_is_sent(client: Client, sent: Walk, token: str) -> None:
    client.force_login(sent.team.regisseur)
    page = reverse("trajectories:plan", args=[sent.trajectory.pk])
    with clock.at(START, 12):
        assert "Nieuwe link sturen" in client.get(page).content.decode()
    with clock.at(START + timedelta(days=1), 12):
        text = client.get(page).content.decode()
        assert "niemand kan dit plan nog tekenen" in text
        assert "Nieuwe link sturen" not in text and "Op papier getekend" not in text
        with pytest.raises(Refused, match="startdatum van dit plan is voorbij"):
            actions.resend_link(link_of(token), by=sent.user_on_lead)
        assert "vraag een nieuwe link" not in client.get(address(token)).content.decode()


def test_r4_after_the_start_date_nobody_signs_and_a_new_version_gets_a_new_date(
    sent: Walk, client: Client, token: str
) -> None:
    PartyLink.objects.filter(used_at=None).update(expires_at=clock.now() + timedelta(days=9999))
    with clock.at(START + timedelta(days=1)):
        page = client.post(address(token), TICKED)
        assert page.status_code == 410
        assert "startdatum van dit plan is voorbij" in page.content.decode()
        draft = actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
        assert draft.trial_starts_on == clock.today()
        assert all(talk.on >= draft.trial_starts_on for talk in draft.evaluation_dates.all())


def test_r4_the_database_refuses_a_trial_before_the_last_signature(sent: Walk) -> None:
    sent.sign()
    _assert_database_refuses_trial(plan_of(sent), starts_on=sent.day - timedelta(days=1))


def test_r14_a_signature_never_changes_or_goes(sent: Walk) -> None:
    sent.sign("jongere")
    for statement in (
        "UPDATE trajectories_signature SET typed_name = 'Ander'",
        "DELETE FROM trajectories_signature",
        "TRUNCATE trajectories_signature CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Signature.objects.get().typed_name == "Sem Bakker"


@pytest.mark.parametrize("verb", ["sign", "decline_to_sign", "resend_link"])
def test_signing_is_all_or_nothing(
    client: Client, sent: Walk, token: str, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    link = link_of(token)
    with clock.at(sent.day, 15):
        code = ask_code(client, token)
    monkeypatch.setattr("trajectories.signing.links.log", fails)
    calls = {
        "sign": lambda: actions.sign(link, code=code, ip_address=None, user_agent=""),
        "decline_to_sign": lambda: actions.decline_to_sign(link, reason="Nee"),
        "resend_link": lambda: actions.resend_link(link, by=sent.user_on_lead),
    }
    with clock.at(sent.day, 15), pytest.raises(RuntimeError):
        calls[verb]()
    with clock.at(sent.day, 15):
        assert link_of(token).is_usable
    assert not Signature.objects.exists()
    assert PartyLink.objects.count() == 3
