"""Work that follows a change: documents, links and mails, once each, whatever is delivered twice (I2, faults 14 and 18)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from demo.walk import Walk
from tests.trajectories.conftest import walk_to
from tests.trajectories.personal import run_outbox, sign_by_page, token_in
from tests.trajectories.standing import World, standing
from topjob import clock, outbox
from topjob.dates import nl_date
from topjob.models import OutboxMessage
from trajectories import actions, handlers, tasks
from trajectories.documents import making
from trajectories.models import Deadline, GeneratedDocument, PartyLink, StartPlan
from trajectories.signing import links, messages

pytestmark = pytest.mark.usefixtures("db")


@standing
def off(world: World) -> None:
    """The plan was sent; the worker hasn't run yet."""
    walk = walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()
    with clock.at(walk.day, 11):
        actions.send_plan(walk.fresh().current_plan, by=walk.user_on_lead)


@standing
def typeset(world: World) -> None:
    """The worker made the document, as people get it."""
    off.make(world)
    with clock.at(world.walk.day, 12):
        handlers.render_plan(plan=plan_of(world.walk).pk)


@pytest.fixture
def waiting(off: Walk, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """From here the real document."""
    monkeypatch.setitem(outbox.HANDLERS, "render_plan", handlers.render_plan)
    return off


@pytest.fixture
def rendered(typeset: Walk, monkeypatch: pytest.MonkeyPatch) -> Walk:
    monkeypatch.setitem(outbox.HANDLERS, "render_plan", handlers.render_plan)
    return typeset


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def stored_files() -> set[str]:
    return {path.name for path in (Path(settings.MEDIA_ROOT) / "documenten").glob("*")}


# --- render_plan -----------------------------------------------------------------------------------------------------
def test_the_pdf_comes_before_the_links(waiting: Walk) -> None:
    """Decision 16."""
    assert not PartyLink.objects.exists()
    with clock.at(waiting.day, 12):
        run_outbox()
    plan = plan_of(waiting)
    assert plan.document.kind == GeneratedDocument.Kind.PLAN
    assert plan.links.count() == 3
    assert len(mail.outbox) == 3
    assert AuditEntry.objects.filter(verb="plan_rendered", party="systeem").count() == 1


def test_rendering_again_changes_nothing(rendered: Walk) -> None:
    before = stored_files()
    for _again in range(4):
        handlers.render_plan(plan=plan_of(rendered).pk)
    assert GeneratedDocument.objects.count() == 1
    assert PartyLink.objects.count() == 3
    assert stored_files() == before


def test_a_version_withdrawn_meanwhile_gets_no_document(waiting: Walk) -> None:
    plan = plan_of(waiting)
    with clock.at(waiting.day, 12):
        actions.draft_plan(waiting.fresh(), by=waiting.user_on_lead)
        handlers.render_plan(plan=plan.pk)
        run_outbox()
    assert not GeneratedDocument.objects.exists()
    assert not mail.outbox


def test_no_file_stays_behind_when_the_links_fail(waiting: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored_files()

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("no links today")

    monkeypatch.setattr("trajectories.signing.links.make_link", fails)
    message = OutboxMessage.objects.get(handler="render_plan")
    assert not outbox.run(message.pk)
    message.refresh_from_db()
    assert "no links today" in message.error
    assert stored_files() == before
    assert not GeneratedDocument.objects.exists()
    assert plan_of(waiting).document is None


def test_fault_18_a_full_disk_leaves_nothing_and_is_tried_again(waiting: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    message = OutboxMessage.objects.get(handler="render_plan")
    with monkeypatch.context() as patch:
        patch.setattr("django.core.files.storage.FileSystemStorage._save", full)
        assert not outbox.run(message.pk)
    assert not GeneratedDocument.objects.exists()
    with clock.at(waiting.day + timedelta(days=1)):
        run_outbox()
    assert plan_of(waiting).document is not None


# --- send_link -------------------------------------------------------------------------------------------------------
def test_a_link_is_mailed_to_its_party_in_plain_dutch(rendered: Walk) -> None:
    with clock.at(rendered.day, 13):
        run_outbox()
    youth = next(message for message in mail.outbox if message.to == ["sem@post.example"])
    assert youth.subject == "Je startplan: lees en teken"
    assert "Beste Sem,\n" in youth.body
    assert "Je proefperiode begint op ma 2 feb 2026" in youth.body
    employer = next(message for message in mail.outbox if "Startplan van Sem Bakker" in message.subject)
    assert re.search(r"https?://[^/]+/tekenen/[\w-]{43}/", employer.body)
    assert " je " not in employer.body
    assert str(rendered.trajectory.target_group) not in employer.body


@pytest.mark.parametrize("how", ["voided", "used", "declined", "expired"])
def test_a_link_closed_meanwhile_is_not_sent(rendered: Walk, how: str) -> None:
    link = PartyLink.objects.first()
    column = {"voided": "voided_at", "used": "used_at", "declined": "declined_at", "expired": "expires_at"}[how]
    with clock.at(rendered.day, 13):
        PartyLink.objects.filter(pk=link.pk).update(**{column: clock.now() - timedelta(hours=1)})
        messages.send_link(link=link.pk)
    link.refresh_from_db()
    assert not mail.outbox
    assert link.token_hash is None


def test_fault_14_a_message_delivered_five_times_sends_one_mail(rendered: Walk) -> None:
    message = OutboxMessage.objects.filter(handler="send_link").first()
    with clock.at(rendered.day, 13):
        assert [outbox.run(message.pk) for _again in range(5)] == [True, False, False, False, False]
    assert len(mail.outbox) == 1


def test_a_mail_that_fails_leaves_the_link_unsent(rendered: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = OutboxMessage.objects.filter(handler="send_link").first()

    def fails(*args: object, **options: object) -> None:
        raise ConnectionRefusedError("SMTP is down")

    monkeypatch.setattr("trajectories.signing.messages.mail.post", fails)
    with clock.at(rendered.day, 13):
        assert not outbox.run(message.pk)
    link = PartyLink.objects.get(pk=message.payload["link"])
    assert (link.sent_at, link.token_hash) == (None, None)


def test_fault_25_a_link_that_came_back_is_a_task_until_a_new_one_goes(
    rendered: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = OutboxMessage.objects.filter(handler="send_link").first()

    def refused(*args: object, **options: object) -> None:
        raise outbox.Undeliverable("550 no such user")

    tasks_of = rendered.trajectory.deadlines.open().filter(kind=Deadline.Kind.UNDELIVERED)
    with clock.at(rendered.day, 13):
        with monkeypatch.context() as patch:
            patch.setattr("trajectories.signing.messages.mail.post", refused)
            assert not outbox.run(message.pk)
        task = tasks_of.get()
        link = PartyLink.objects.get(pk=message.payload["link"])
        assert (task.due_on, task.owner, task.subject_id) == (rendered.day, rendered.team.regisseur, link.pk)
        assert link.party.name in task.reason
        actions.resend_link(link, by=rendered.user_on_lead)
    assert not tasks_of.exists()


# --- render_signed_plan ----------------------------------------------------------------------------------------------
def test_all_hear_that_the_plan_is_signed_and_find_it_behind_their_link(rendered: Walk, client: Client) -> None:
    with clock.at(rendered.day, 13):
        run_outbox()
        plan = plan_of(rendered)
        tokens = {party.email: token_in(mail.outbox, party.email) for party in plan.parties.all()}
        for token in tokens.values():
            assert sign_by_page(client, token).status_code == 302
        mail.outbox.clear()
        run_outbox()
        for token in tokens.values():
            response = client.get(reverse("trajectories:sign_document", args=[token]))
            content = response.getvalue()
            assert making.fingerprint(content) == plan_of(rendered).signed_document.sha256
    assert sorted(message.to[0] for message in mail.outbox) == sorted(tokens)
    assert all(message.subject == "Iedereen heeft getekend: startplan van Sem Bakker" for message in mail.outbox)


def test_rendering_the_signed_plan_again_changes_nothing(rendered: Walk) -> None:
    rendered.sign()
    plan = plan_of(rendered)
    with clock.at(rendered.day, 16):
        for _again in range(3):
            handlers.render_signed_plan(plan=plan.pk)
        run_outbox()
    assert GeneratedDocument.objects.filter(kind=GeneratedDocument.Kind.PLAN_SIGNED).count() == 1
    assert AuditEntry.objects.filter(verb="signed_plan_rendered").count() == 1
    assert OutboxMessage.objects.filter(handler="mail_signed").count() == 3


def test_a_plan_that_waits_for_signatures_gets_no_second_document(rendered: Walk) -> None:
    rendered.sign("jongere")
    handlers.render_signed_plan(plan=plan_of(rendered).pk)
    assert plan_of(rendered).signed_document is None


def test_i6_a_damaged_original_stops_the_second_document(rendered: Walk) -> None:
    rendered.sign()
    Path(plan_of(rendered).document.file.path).write_bytes(b"%PDF-1.7 anders")
    message = OutboxMessage.objects.get(handler="render_signed_plan")
    with clock.at(rendered.day, 16):
        assert not outbox.run(message.pk)
    message.refresh_from_db()
    assert "DocumentDamaged" in message.error
    assert plan_of(rendered).signed_document is None


# --- mail_deadlines --------------------------------------------------------------------------------------------------
def test_one_mail_lists_what_came_due_with_links_and_nothing_about_health(rendered: Walk) -> None:
    with clock.at(rendered.day + timedelta(days=15)):
        tasks.notify_owners()
        run_outbox()
    mails = [message for message in mail.outbox if message.to == [rendered.team.regisseur.email]]
    assert len(mails) == 1
    body = mails[0].body
    assert "startplan nog niet door iedereen getekend – Sem Bakker" in body
    assert f"/trajecten/{rendered.trajectory.pk}/" in body
    assert str(rendered.trajectory.target_group) not in body


def test_deadlines_that_closed_meanwhile_are_not_mailed(rendered: Walk) -> None:
    with clock.at(rendered.day + timedelta(days=15)):
        tasks.notify_owners()
        Deadline.objects.update(closed_at=clock.now())
        run_outbox()
    assert not [message for message in mail.outbox if "aandacht" in message.subject]


def test_one_deadline_is_spoken_of_as_one(rendered: Walk) -> None:
    rows = list(Deadline.objects.open().filter(owner=rendered.team.regisseur).values_list("pk", flat=True))
    assert len(rows) > 1
    mail.outbox.clear()
    for some in (rows[:1], rows):
        handlers.mail_deadlines(owner=rendered.team.regisseur.pk, deadlines=some)
        handlers.mail_escalated(owner=rendered.team.regisseur.pk, deadlines=some)
    assert [message.subject for message in mail.outbox] == [
        "Eén termijn vraagt aandacht",
        "Eén termijn blijft liggen",
        f"{len(rows)} termijnen vragen aandacht",
        f"{len(rows)} termijnen blijven liggen",
    ]


def test_somebody_who_left_gets_no_mail(rendered: Walk) -> None:
    owner = rendered.team.regisseur
    rows = list(Deadline.objects.open().filter(owner=owner).values_list("pk", flat=True))
    owner.is_active = False
    owner.save()
    mail.outbox.clear()
    handlers.mail_deadlines(owner=owner.pk, deadlines=rows)
    assert rows
    assert not mail.outbox


# --- The signed document for everybody -------------------------------------------------------------------------------
def signed_late(walk: Walk, client: Client) -> str:
    """The youth signs, its link ends; the last signature comes a week after that. The youth's address."""
    with clock.at(walk.day, 13):
        run_outbox()
        youth = plan_of(walk).parties.get(party="jongere")
        others = plan_of(walk).parties.exclude(pk=youth.pk)
        PartyLink.objects.filter(party=youth).update(expires_at=clock.now() + timedelta(minutes=30))
        sign_by_page(client, token_in(mail.outbox, youth.email))
    with clock.at(walk.day, 14):
        for party in others:
            sign_by_page(client, token_in(mail.outbox, party.email))
        mail.outbox.clear()
        run_outbox()
    return youth.email


def test_whoever_signed_early_gets_the_final_document_after_its_own_link_ended(rendered: Walk, client: Client) -> None:
    address = signed_late(rendered, client)
    (message,) = (message for message in mail.outbox if message.to == [address])
    link = PartyLink.objects.get(purpose=PartyLink.Purpose.READ, party__party="jongere")
    assert f"tot en met {nl_date(link.expires_at)}" in " ".join(message.body.split())
    token = token_in(mail.outbox, address)
    assert link.token_hash == links.token_hash(token)
    with clock.at(rendered.day + timedelta(days=7)):
        page = client.get(reverse("trajectories:signed_copy", args=[token]))
        assert page["Cache-Control"] == "no-store"
        assert "Downloaden (pdf)" in page.content.decode()
        pdf = client.get(reverse("trajectories:signed_copy_pdf", args=[token]))
        assert making.fingerprint(pdf.getvalue()) == plan_of(rendered).signed_document.sha256
        assert (pdf["Cache-Control"], pdf["Referrer-Policy"]) == ("no-store", "no-referrer")
        for name in ("sign", "sign_document", "evaluate"):
            assert client.get(reverse(f"trajectories:{name}", args=[token])).status_code == 404


def test_the_link_to_the_final_document_counts_from_the_last_signature_and_ends(rendered: Walk, client: Client) -> None:
    token = token_in(mail.outbox, signed_late(rendered, client))
    link = PartyLink.objects.get(purpose=PartyLink.Purpose.READ, party__party="jongere")
    assert link.expires_at - link.created_at >= timedelta(days=7)
    with clock.at(clock.local(link.expires_at) + timedelta(days=1)):
        assert client.get(reverse("trajectories:signed_copy", args=[token])).status_code == 410
        pdf = client.get(reverse("trajectories:signed_copy_pdf", args=[token]), follow=True)
        assert pdf.status_code == 410
        tasks.remind_parties()
        assert not OutboxMessage.objects.waiting().filter(handler="send_link").exists()


def test_staff_send_the_final_document_again_and_the_earlier_link_is_void(rendered: Walk, client: Client) -> None:
    old = token_in(mail.outbox, address := signed_late(rendered, client))
    link = PartyLink.objects.get(purpose=PartyLink.Purpose.READ, party__party="jongere")
    later = clock.local(link.expires_at) + timedelta(days=1)
    with clock.at(later):
        client.force_login(rendered.team.regisseur)
        url = reverse("trajectories:link_resend", args=[rendered.trajectory.pk, link.pk])
        assert url in client.get(reverse("trajectories:plan", args=[rendered.trajectory.pk])).content.decode()
        assert client.post(url).status_code == 302
        run_outbox("mail_signed")
        fresh = token_in(mail.outbox, address)
        assert client.get(reverse("trajectories:signed_copy", args=[fresh])).status_code == 200
        assert client.get(reverse("trajectories:signed_copy", args=[old])).status_code == 410
