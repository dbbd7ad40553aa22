"""Several cases at once: a message that is shown before it goes, and undoing what was done a moment ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Role, User
from candidates.models import Candidate, ContactMoment, SupportNeed
from tests import factories
from tests.mails_first import shown_on, shows
from tests.screens import form_with
from tests.trajectories.conftest import Reach, Walk
from tests.trajectories.personal import run_outbox
from tests.trajectories.staff.test_lists import confirmed, together, undo
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.models import Received, Trajectory

WORDS = {"subject": "Voorlichting", "text": "Kom je donderdag om 10 uur?\nNeem je rooster mee."}
DO = {"bevestigd": "1"}


def sent(client: Client, *walks: Walk) -> Any:
    return confirmed(client, together("bericht", *walks), WORDS, follow=True)


# --- a message -----------------------------------------------------------------------------------------------------------
@shows("trajectories:together")
def test_each_message_is_shown_as_it_arrives(client, regisseur, reach: Reach) -> None:
    first, second = reach("INTAKE"), reach("BANENPOOL")
    run_outbox("mail_message")
    page = client.post(together("bericht", first, second), WORDS).content.decode()
    assert not OutboxMessage.objects.filter(handler="mail_message").exists()
    assert not ContactMoment.objects.filter(kind="bericht").exists()
    shown = shown_on(page)
    mail.outbox.clear()
    sent(client, first, second)
    run_outbox("mail_message")
    assert shown == sorted(message.body.strip() for message in mail.outbox)
    assert {message.to[0] for message in mail.outbox} == {first.candidate.email, second.candidate.email}
    body = next(message.body for message in mail.outbox if message.to == [first.candidate.email])
    assert body.startswith(f"Beste {first.candidate.call_name},\n\nKom je donderdag om 10 uur?\nNeem je rooster mee.\n")
    assert regisseur.name in body and mail.outbox[0].subject == "Voorlichting"


def test_a_message_is_kept_as_it_was_sent_and_goes_once(client, regisseur, reach: Reach) -> None:
    walk = reach("INTAKE")
    address = together("bericht", walk)
    fields = form_with(client.post(address, WORDS), "subject") | DO
    for _time in range(2):
        client.post(address, fields)
    moment = ContactMoment.objects.get(candidate=walk.candidate, kind="bericht")
    assert (moment.subject, moment.by, moment.is_held) == ("Voorlichting", regisseur, True)
    mail.outbox.clear()
    run_outbox("mail_message")
    assert len(mail.outbox) == 1
    timeline = client.get(reverse("trajectories:timeline", args=[walk.trajectory.pk])).content.decode()
    assert "Bericht" in timeline and "Neem je rooster mee." in timeline and "Voorlichting" in timeline
    talks = client.get(reverse("candidates:contacts", args=[walk.candidate.pk])).content.decode()
    assert "Neem je rooster mee." in talks and "gevoerd" not in talks.partition("Voorlichting")[2][:300]


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"email": ""}, "Er is geen e-mailadres bekend"), ({"email_unconfirmed": True}, "nog niet bevestigd")],
)
def test_who_cannot_be_mailed_is_named_and_left_out(client, regisseur, reach: Reach, facts, why: str) -> None:
    walk, other = reach("INTAKE"), reach("BANENPOOL")
    Candidate.objects.filter(pk=walk.candidate.pk).update(**facts)
    page = client.post(together("bericht", walk, other), WORDS).content.decode()
    assert page.count("Kan niet:") == 1 and why in page and len(shown_on(page)) == 1
    said = sent(client, walk, other).content.decode()
    assert "Bericht gemaild bij 1 traject" in said and "Niet gedaan bij" in said
    assert not ContactMoment.objects.filter(candidate=walk.candidate, kind="bericht").exists()


def test_who_may_not_write_a_note_sends_no_message(client, regisseur, reach: Reach, monkeypatch) -> None:
    walk = reach("INTAKE")
    monkeypatch.setattr("trajectories.pages.together.opens", lambda *args: False)
    assert "Kan niet:" in client.post(together("bericht", walk), WORDS).content.decode()
    sent(client, walk)
    assert not OutboxMessage.objects.filter(handler="mail_message").exists()


def test_a_message_that_did_not_arrive_is_told_in_the_file(client, regisseur, reach: Reach, monkeypatch) -> None:
    walk = reach("INTAKE")
    sent(client, walk)

    def refused(*args: Any) -> None:
        raise outbox.Undeliverable("550 no such mailbox")

    monkeypatch.setattr("topjob.mail.post", refused)
    assert not outbox.run(OutboxMessage.objects.get(handler="mail_message").pk)
    page = client.get(reverse("trajectories:timeline", args=[walk.trajectory.pk])).content.decode()
    assert "Bericht (niet aangekomen, of dat is niet zeker)" in page
    case = client.get(reverse("trajectories:detail", args=[walk.trajectory.pk])).content.decode()
    assert "Neem je rooster mee." in case, "it doesn't vanish from the latest notes"


def test_whoever_wrote_a_message_hears_that_it_did_not_arrive_and_it_may_arrive_after_all(
    client, regisseur, reach: Reach, monkeypatch
) -> None:
    walk = reach("INTAKE")
    sent(client, walk)
    message = OutboxMessage.objects.get(handler="mail_message")
    with monkeypatch.context() as patch:
        patch.setattr("topjob.mail.post", mock.Mock(side_effect=outbox.Undeliverable("550 no such mailbox")))
        assert not outbox.run(message.pk)
    mail.outbox.clear()
    run_outbox("mail_message_returned")
    (told,) = mail.outbox
    assert told.to == [regisseur.email] and walk.candidate.full_name in told.subject
    assert "Neem je rooster mee." not in told.body
    outbox.requeue(OutboxMessage.objects.get(pk=message.pk))
    run_outbox("mail_message")
    moment = ContactMoment.objects.get(candidate=walk.candidate, kind="bericht")
    assert moment.is_held and mail.outbox[-1].to == [walk.candidate.email]


def test_nobody_is_written_to_once_the_file_is_closed(client, regisseur, reach: Reach) -> None:
    walk = reach("AFGESLOTEN")
    page = client.post(together("bericht", walk), WORDS).content.decode()
    assert "Kan niet:" in page and "Het traject is afgesloten." in page
    with pytest.raises(Refused, match="afgesloten"):
        actions.send_message(walk.trajectory, by=regisseur, **WORDS)


def test_a_subject_is_one_line_and_a_text_is_asked(client, regisseur, reach: Reach) -> None:
    page = client.post(together("bericht", reach("INTAKE")), {"subject": "Voorlichting", "text": " "} | DO)
    assert 'aria-invalid="true"' in page.content.decode() and not ContactMoment.objects.filter(kind="bericht").exists()


def test_the_page_of_a_case_leads_to_a_message_and_back(client, regisseur, reach: Reach) -> None:
    walk = reach("INTAKE")
    here = reverse("trajectories:detail", args=[walk.trajectory.pk])
    assert f"?doen=bericht&amp;traject={walk.trajectory.pk}&amp;next={here}" in client.get(here).content.decode()
    done = confirmed(client, f"{together('bericht', walk)}&next={here}", WORDS)
    assert done.url == here


def test_a_jobcoach_of_every_region_can_take_over(client, regisseur, reach: Reach) -> None:
    coach = factories.staff(Role.JOBCOACH)
    coach.memberships.update(region=None)
    page = client.get(together("overdragen", reach("LEERWERK"))).content.decode()
    assert f'<option value="{coach.pk}">' in page


# --- undoing -------------------------------------------------------------------------------------------------------------
def handed_over(client: Client, to: User, *walks: Walk) -> Any:
    return confirmed(client, together("overdragen", *walks), {"role": "regisseur", "to": to.pk}, follow=True)


def test_a_handover_goes_back_with_what_went_along(client, regisseur, reach: Reach) -> None:
    walk, other, to = reach("INTAKE"), reach("BANENPOOL"), factories.staff(Role.REGISSEUR)
    at = clock.now() + timedelta(days=3)
    talk = ContactMoment.objects.create(candidate=walk.candidate, kind="intake", at=at, by=regisseur)
    theirs = ContactMoment.objects.create(candidate=other.candidate, kind="intake", at=at, by=to)
    needs = set(SupportNeed.objects.values_list("pk", "owner"))
    page = handed_over(client, to, walk, other)
    assert Received.objects.filter(user=to).count() == 2
    assert "Ongedaan gemaakt bij 2 trajecten." in undo(client, page)
    talk.refresh_from_db()
    theirs.refresh_from_db()
    assert Trajectory.objects.get(pk=walk.trajectory.pk).regisseur == talk.by == regisseur
    assert theirs.by == to, "what was already theirs stays theirs"
    assert set(SupportNeed.objects.values_list("pk", "owner")) == needs
    assert not Received.objects.filter(user=to).exists()
    assert AuditEntry.objects.filter(verb=verbs.HANDED_BACK).count() == 2


def test_where_something_happened_since_it_stays_and_is_named(client, regisseur, reach: Reach) -> None:
    walk, other, to = reach("INTAKE"), reach("BANENPOOL"), factories.staff(Role.REGISSEUR)
    page = handed_over(client, to, walk, other)
    client.post(reverse("trajectories:note", args=[walk.trajectory.pk]), {"kind": "notitie", "notes": "Al gebeld."})
    said = undo(client, page)
    assert "Ongedaan gemaakt bij 1 traject." in said and "daar is intussen iets veranderd" in said
    assert Trajectory.objects.get(pk=walk.trajectory.pk).regisseur == to
    assert Trajectory.objects.get(pk=other.trajectory.pk).regisseur == regisseur


def test_when_all_have_changed_nothing_is_undone(client, regisseur, reach: Reach) -> None:
    walk, to = reach("INTAKE"), factories.staff(Role.REGISSEUR)
    page = handed_over(client, to, walk)
    client.post(reverse("trajectories:note", args=[walk.trajectory.pk]), {"kind": "notitie", "notes": "Al gebeld."})
    assert "Dit kan niet meer ongedaan" in undo(client, page)
    assert Trajectory.objects.get(pk=walk.trajectory.pk).regisseur == to


@pytest.mark.parametrize("before", [None, 5])
def test_a_day_is_again_what_it_was(client, regisseur, reach: Reach, before: int | None) -> None:
    walk = reach("INTAKE")
    day = clock.today() + timedelta(days=before) if before else None
    if day:
        confirmed(client, together("termijn", walk), {"on": day})
    page = confirmed(client, together("termijn", walk), {"on": clock.today() + timedelta(days=20)}, follow=True)
    assert "Ongedaan gemaakt bij 1 traject." in undo(client, page)
    assert Trajectory.objects.get(pk=walk.trajectory.pk).follow_up_on == day
    assert AuditEntry.objects.filter(verb=verbs.FOLLOW_UP_TAKEN_BACK).count() == 1


def test_notes_with_each_are_taken_back(client, regisseur, reach: Reach) -> None:
    page = confirmed(client, together("notitie", reach("INTAKE"), reach("BANENPOOL")), {"notes": "Mis."}, follow=True)
    assert "Ongedaan gemaakt bij 2 trajecten." in undo(client, page)
    assert not ContactMoment.objects.filter(notes="Mis.").exists()


def test_a_mail_that_went_has_no_button_to_undo_it(client, regisseur, reach: Reach) -> None:
    assert "data-undo" not in sent(client, reach("INTAKE")).content.decode()
