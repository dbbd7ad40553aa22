"""The list of trajecten: a note in its row, several cases at once with a preview, and what can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Role
from candidates.models import ContactMoment
from tests import factories
from tests.screens import form_with
from tests.trajectories.conftest import Reach, Walk
from topjob import clock
from trajectories import actions
from trajectories.models import Deadline, Trajectory

HTMX = {"hx-request": "true"}


def together(kind: str, *walks: Walk) -> str:
    ids = "&".join(f"traject={walk.trajectory.pk}" for walk in walks)
    return f"{reverse('trajectories:together')}?doen={kind}&{ids}"


def confirmed(client: Client, address: str, data: dict[str, Any], **options: Any) -> Any:
    """Answer what is asked, look at what will happen, and confirm just that."""
    seen = form_with(client.post(address, data), next(iter(data)))
    return client.post(address, seen | data | {"bevestigd": "1"}, **options)


def undo(client: Client, page: Any) -> str:
    """Press the button of the message; gives what the next page says."""
    fields = form_with(page, "token")
    return client.post(reverse("accounts:undo"), fields, follow=True).content.decode()


# --- a note in the row --------------------------------------------------------------------------------------------------
def test_the_composer_comes_in_the_row_and_what_was_written_is_said(client, regisseur, walk: Walk) -> None:
    url = f"{reverse('trajectories:note', args=[walk.trajectory.pk])}?rij=9"
    row = client.get(url, headers=HTMX)
    fields = form_with(row, "notes")
    assert row.content.decode().lstrip().startswith('<tr class="row-form">')
    done = client.post(url, fields | {"notes": "Belt morgen terug."}, headers=HTMX, follow=True)
    text = done.content.decode()
    assert 'hx-swap-oob="innerHTML:#meldingen"' in text and "data-back" in text
    assert f"Notitie bij {walk.candidate.full_name} opgeslagen." in text.replace("<bdi>", "").replace("</bdi>", "")
    moment = ContactMoment.objects.get(candidate=walk.candidate, kind="notitie")
    assert (moment.notes, moment.by, moment.is_held) == ("Belt morgen terug.", regisseur, True)
    client.post(url, fields | {"notes": "Belt morgen terug."}, headers=HTMX, follow=True)
    assert ContactMoment.objects.filter(candidate=walk.candidate, kind="notitie").count() == 1, "sent twice, done once"


def test_an_empty_note_in_the_row_is_said_there(client, regisseur, walk: Walk) -> None:
    url = f"{reverse('trajectories:note', args=[walk.trajectory.pk])}?rij=9"
    answer = client.post(url, {"kind": "notitie", "notes": " "}, headers=HTMX)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert "<html" in client.get(url).content.decode(), "without htmx it is the page it was"


def test_a_note_is_taken_back_by_who_wrote_it_and_the_log_keeps_that_it_was_there(
    client, regisseur, walk: Walk
) -> None:
    url = reverse("trajectories:note", args=[walk.trajectory.pk])
    page = client.post(url, {"kind": "notitie", "notes": "Bij de verkeerde."}, follow=True)
    assert "De notitie is teruggenomen." in undo(client, page)
    assert not ContactMoment.objects.filter(candidate=walk.candidate, kind="notitie").exists()
    said = AuditEntry.objects.filter(candidate_id=walk.candidate.pk).order_by("-pk").values_list("verb", flat=True)[:2]
    assert list(said) == [verbs.NOTE_TAKEN_BACK, verbs.CONTACT_RECORDED]
    assert "Het is één keer verwerkt." in undo(client, page)


# --- ticking off ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("chosen", [None, 5])
def test_ticking_off_is_undone_with_what_came_in_its_place(client, regisseur, reach: Reach, chosen: int | None) -> None:
    walk = reach("INTAKE")
    with clock.at(walk.day):
        if chosen:
            confirmed(client, together("termijn", walk), {"on": clock.today() + timedelta(days=chosen)}, follow=True)
        before = standing(walk)
        row = Deadline.objects.open().get(trajectory=walk.trajectory, kind="opvolgen")
        page = client.post(reverse("trajectories:tick_off", args=[row.pk]), follow=True)
        assert standing(walk) != before
        assert "staat weer open" in undo(client, page)
        assert standing(walk) == before
    assert AuditEntry.objects.filter(verb=verbs.TICKED_BACK, trajectory_id=walk.trajectory.pk).count() == 1


def test_a_note_on_which_a_step_rests_stays(client, regisseur, reach: Reach) -> None:
    """Whatever happened in the file since: it may have been because of what was written."""
    walk = reach("INTAKE")
    page = client.post(
        reverse("trajectories:note", args=[walk.trajectory.pk]), {"kind": "intake", "notes": "Gesproken."}, follow=True
    )
    actions.set_follow_up(walk.trajectory, on=clock.today() + timedelta(days=8), by=regisseur)
    assert "De notitie blijft staan" in undo(client, page)
    assert ContactMoment.objects.filter(candidate=walk.candidate, notes="Gesproken.").exists()


def test_a_deadline_stays_ticked_off_once_a_colleague_decided_something(client, regisseur, reach: Reach) -> None:
    walk = reach("INTAKE")
    with clock.at(walk.day):
        row = Deadline.objects.open().get(trajectory=walk.trajectory, kind="opvolgen")
        page = client.post(reverse("trajectories:tick_off", args=[row.pk]), follow=True)
        day = clock.today() + timedelta(days=8)
        actions.set_follow_up(walk.trajectory, on=day, by=regisseur)
        assert "De termijn blijft afgevinkt" in undo(client, page)
    assert Trajectory.objects.get(pk=walk.trajectory.pk).follow_up_on == day


def standing(walk: Walk) -> list[Any]:
    case = Trajectory.objects.get(pk=walk.trajectory.pk)
    rows = Deadline.objects.open().filter(trajectory=case).order_by("pk").values_list("pk", "kind", "due_on")
    return [case.due_on, case.follow_up_on, *rows]


# --- several at once -----------------------------------------------------------------------------------------------------
def test_a_preview_says_for_each_what_will_happen_and_why_not_and_does_nothing(client, regisseur, reach: Reach) -> None:
    able, unable = reach("INTAKE"), reach("AFGESLOTEN")
    day = clock.today() + timedelta(days=20)
    page = client.post(together("termijn", able, unable), {"on": day}).content.decode()
    assert page.count("Opvolgen op ") == 1
    assert page.count("Kan niet:") == 1 and "het traject staat op “Afgesloten”" in page
    assert "doe het voor dit 1 traject" in page
    assert Trajectory.objects.get(pk=able.trajectory.pk).follow_up_on is None


def test_one_post_does_it_for_each_that_can_and_tells_of_the_others(client, regisseur, reach: Reach) -> None:
    able, unable = reach("INTAKE"), reach("AFGESLOTEN")
    day = clock.today() + timedelta(days=20)
    address = together("termijn", able, unable)
    fields = form_with(client.post(address, {"on": day}), "on") | {"bevestigd": "1"}
    page = client.post(address, fields, follow=True).content.decode()
    assert "Dag van opvolgen gekozen bij 1 traject" in page and "Niet gedaan bij" in page
    assert Trajectory.objects.get(pk=able.trajectory.pk).follow_up_on == day
    assert Deadline.objects.open().get(trajectory=able.trajectory, kind="opvolgen").due_on == day
    client.post(address, fields)
    assert AuditEntry.objects.filter(verb=verbs.SET_FOLLOW_UP).count() == 1, "sent twice, done once"


def test_what_is_confirmed_is_what_was_shown(client, regisseur, reach: Reach) -> None:
    """Other words than the ones that were read are shown first, whichever button was pressed."""
    address, walk = together("notitie", reach("INTAKE")), reach("INTAKE")
    seen = form_with(client.post(address, {"notes": "Gelezen."}), "notes")
    page = client.post(address, seen | {"notes": "Nooit getoond.", "bevestigd": "1"})
    assert "er is nog niets gedaan" in page.content.decode()
    assert not ContactMoment.objects.filter(candidate=walk.candidate, kind="notitie").exists()
    client.post(address, form_with(page, "notes") | {"bevestigd": "1"})
    assert ContactMoment.objects.get(candidate=walk.candidate, kind="notitie").notes == "Nooit getoond."


def test_a_handover_in_which_somebody_was_first_is_shown_again(client, regisseur, reach: Reach) -> None:
    walk, to, other = reach("INTAKE"), factories.staff(Role.REGISSEUR), factories.staff(Role.REGISSEUR)
    address = together("overdragen", walk)
    seen = form_with(client.post(address, {"role": "regisseur", "to": to.pk}), "to")
    actions.hand_over_case(walk.trajectory, role=Role.REGISSEUR, to=other, by=other)
    page = client.post(address, seen | {"bevestigd": "1"}).content.decode()
    assert "er is nog niets gedaan" in page and other.name in page
    assert Trajectory.objects.get(pk=walk.trajectory.pk).regisseur == other


def test_handing_over_takes_the_promises_along(client, regisseur, reach: Reach) -> None:
    walk, to = reach("INTAKE"), factories.staff(Role.REGISSEUR)
    talk = ContactMoment.objects.create(
        candidate=walk.candidate, kind="intake", at=clock.now() + timedelta(days=3), by=regisseur
    )
    address = together("overdragen", walk)
    page = client.post(address, {"role": "regisseur", "to": to.pk}).content.decode()
    assert "Regisseur: van" in page
    confirmed(client, address, {"role": "regisseur", "to": to.pk})
    talk.refresh_from_db()
    assert (Trajectory.objects.get(pk=walk.trajectory.pk).regisseur, talk.by) == (to, to)
    entry = AuditEntry.objects.filter(verb=verbs.HAND_OVER).latest("pk")
    assert (entry.details["to"], entry.details["left"], entry.trajectory_id) == (
        to.pk,
        regisseur.pk,
        walk.trajectory.pk,
    )


@pytest.mark.parametrize(("role", "region"), [(Role.BACKOFFICE, "20"), (Role.REGISSEUR, "29")])
def test_nobody_takes_over_who_doesnt_do_this_work_here(
    client, regisseur, reach: Reach, role: Role, region: str
) -> None:
    walk, to = reach("INTAKE"), factories.staff(role, Role.LOOPBAANADVISEUR, region_code=region)
    page = confirmed(client, together("overdragen", walk), {"role": "regisseur", "to": to.pk}, follow=True)
    assert Trajectory.objects.get(pk=walk.trajectory.pk).regisseur == regisseur
    text = page.content.decode()
    assert "Kies iets uit de lijst" in text or "is geen regisseur in" in text


def test_a_note_goes_to_each_and_who_isnt_allowed_does_nothing(client, team, reach: Reach) -> None:
    first, second = reach("INTAKE"), reach("BANENPOOL")
    client.force_login(team.regisseur)
    confirmed(client, together("notitie", first, second), {"notes": "Voorlichting op 3 mei."})
    assert ContactMoment.objects.filter(notes="Voorlichting op 3 mei.").count() == 2
    client.force_login(team.backoffice)
    page = confirmed(client, together("termijn", first), {"on": clock.today() + timedelta(days=9)}, follow=True)
    assert "Niet gedaan bij" in page.content.decode()
    client.force_login(factories.staff(Role.REGISSEUR, region_code="29"))
    assert client.get(together("notitie", first)).status_code == 404
    client.force_login(team.regisseur)
    assert client.get(together("vernietigen", first)).status_code == 404
    nothing = client.get(f"{reverse('trajectories:together')}?doen=notitie", follow=True)
    assert "Kruis eerst aan" in nothing.content.decode()


# --- the board -----------------------------------------------------------------------------------------------------------
def test_a_card_goes_only_along_the_steps_there_are(client, regisseur, reach: Reach) -> None:
    walk = reach("AANGEMELD")
    url = reverse("trajectories:move", args=[walk.trajectory.pk])
    step = reverse("trajectories:step", args=[walk.trajectory.pk, "start_intake"])
    assert client.get(url, {"naar": "INTAKE"}).url == step
    assert client.get(url, {"naar": "INTAKE"}, headers=HTMX)["HX-Redirect"] == step
    far = client.get(url, {"naar": "LEERWERK"}, headers=HTMX).content.decode()
    assert "Van “Aangemeld” gaat niemand rechtstreeks naar “" in far and "<html" not in far
    whole = client.get(url).content.decode()
    assert f'href="{step}"' in whole and "<html" in whole


def test_a_card_that_cant_go_on_yet_says_what_is_missing_and_nothing_is_done(client, regisseur, reach: Reach) -> None:
    walk = reach("INTAKE")
    url = reverse("trajectories:move", args=[walk.trajectory.pk])
    text = client.get(url, {"naar": "BEMIDDELBAAR"}, headers=HTMX).content.decode()
    assert "kan nog niet" in text and reverse("matching:profile", args=[walk.candidate.pk]) in text
    assert Trajectory.objects.get(pk=walk.trajectory.pk).state == "INTAKE"


def test_the_board_asks_nothing_of_what_each_card_can_do(client, regisseur, world) -> None:
    """Which steps there are is asked of one card, when somebody wants to know."""
    page = client.get(reverse("trajectories:list"), {"weergave": "bord"}).content.decode()
    assert page.count("data-card=") == page.count('data-row-key="v"') > 5
    assert "kan nog niet" not in page
