"""Links and signatures: expiry while the page is open (21), replay (22), a later edit (23), a mail scanner (24). R4, R5."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import connections

from accounts.models import AuditEntry
from tests.faults.signing import sent, signers
from tests.faults.stack import FaultStack
from tests.faults.together import at_once
from tests.faults.world import World
from tests.trajectories.personal import run_outbox
from topjob import clock
from trajectories import actions
from trajectories.models import PartyLink, Signature, StartPlan

YOUTH, EMPLOYER = "jongere", "werkgever"

NO_EVIDENCE_ASKED = "ALTER TABLE trajectories_signature DISABLE TRIGGER USER"


def signatures(plan: int) -> Counter:
    return Counter(Signature.objects.filter(plan=plan).values_list("role", flat=True))


def plan_of(world: World) -> StartPlan:
    return StartPlan.objects.filter(trajectory=world.draft).order_by("-number").first()


def naively_signed(link: PartyLink) -> Signature:
    """A signature by somebody who trusts that the page has looked."""
    return Signature.objects.create(
        plan_id=link.plan_id,
        party=link.party,
        link=link,
        role=link.party.party,
        typed_name=link.party.name,
        signed_at=clock.now(),
        signed_on=clock.today(),
        document_sha256=link.plan.document.sha256,
        user_agent="",
    )


def as_owner(stack: FaultStack, *statements: str) -> None:
    """Take a protection of the database away; this copy of it is thrown away afterwards."""
    connections.close_all()
    with psycopg.connect(stack.postgres.dsn(database=stack.database), autocommit=True) as owner:
        for statement in statements:
            owner.execute(statement)


# --- 21 The link expires while the page is open ----------------------------------------------------------------------
@pytest.mark.fault(21)
def test_a_link_that_expires_while_the_page_is_open_signs_nothing(stack: FaultStack, world: World) -> None:
    youth = sent(stack, world)[YOUTH]
    assert youth.look().status == 200
    open_page = youth.ready()
    PartyLink.objects.filter(plan=plan_of(world)).update(expires_at=clock.now() + timedelta(hours=1))
    stack.later(hours=1, seconds=1)
    answer = youth.press(open_page)
    assert answer.status == 410 and "verlopen" in answer.text
    assert signatures(plan_of(world).pk) == {}
    assert youth.look().status == 410


@pytest.mark.control(21)
def test_who_looks_only_when_the_page_opens_takes_a_late_signature(stack: FaultStack, world: World) -> None:
    link = actions.link_for(sent(stack, world)[YOUTH].token)
    assert not actions.why_link_is_closed(link)
    PartyLink.objects.filter(pk=link.pk).update(expires_at=clock.now() + timedelta(hours=1))
    as_owner(stack, NO_EVIDENCE_ASKED)
    stack.later(hours=2)
    signature = naively_signed(link)
    link.refresh_from_db()
    assert signature.signed_at > link.expires_at


# --- 22 Replayed and parallel signatures -----------------------------------------------------------------------------
@pytest.mark.fault(22)
def test_twenty_signatures_at_once_and_a_replay_are_one(stack: FaultStack, world: World, dice: random.Random) -> None:
    people = sent(stack, world)
    youth = people[YOUTH]
    last = youth.ready()
    answers = at_once(*[lambda: youth.press(last)] * 20)
    assert Counter(answer.status for answer in answers) == {200: 20}, "who was second is told that it is signed"
    assert youth.press(last).status == 200
    assert signatures(plan_of(world).pk) == {YOUTH: 1}
    assert AuditEntry.objects.filter(verb="sign", trajectory_id=world.draft).count() == 1
    # All of them at the same moment: the last one makes it a contract, once.
    rest = [person for party, person in people.items() if party != YOUTH]
    last_of = {person.party: person.ready() for person in rest}
    steps = [lambda person=person: person.press(last_of[person.party]) for person in rest for _press in range(3)]
    dice.shuffle(steps)
    at_once(*steps)
    assert set(signatures(plan_of(world).pk).values()) == {1}
    assert plan_of(world).status == StartPlan.Status.SIGNED


@pytest.mark.control(22)
def test_without_lock_and_constraint_one_party_signs_several_times(stack: FaultStack, world: World) -> None:
    link = actions.link_for(sent(stack, world)[YOUTH].token)
    unique = "SELECT conname FROM pg_constraint WHERE conrelid = 'trajectories_signature'::regclass AND contype = 'u'"
    with psycopg.connect(stack.postgres.dsn(database=stack.database)) as owner:
        names = [name for (name,) in owner.execute(unique)]
    drop = [f'ALTER TABLE trajectories_signature DROP CONSTRAINT "{name}"' for name in names]
    as_owner(stack, NO_EVIDENCE_ASKED, *drop)
    looked = Barrier(5)

    def naive() -> None:
        is_open = not link.plan.signatures.filter(role=YOUTH).exists()
        looked.wait(30)
        if is_open:
            naively_signed(link)

    at_once(*[naive] * 5)
    assert signatures(link.plan_id)[YOUTH] > 1


# --- 23 The plan changes after the first signature -------------------------------------------------------------------
@pytest.mark.fault(23)
def test_after_an_edit_old_links_are_void_and_everybody_signs_anew(stack: FaultStack, world: World) -> None:
    people = sent(stack, world)
    first = plan_of(world)
    open_page = people[EMPLOYER].ready()
    assert people[YOUTH].sign().status == 200
    draft = actions.draft_plan(world.case("draft"), by=world.user("regisseur"))
    assert people[EMPLOYER].press(open_page).status == 410
    assert people[EMPLOYER].look().status == 410
    assert signatures(first.pk) == {YOUTH: 1} and signatures(draft.pk) == {}
    actions.save_plan(draft, by=world.user("regisseur"), mentor_name="Nieuwe Leermeester", goals=GOALS)
    actions.send_plan(StartPlan.objects.get(pk=draft.pk), by=world.user("regisseur"))
    run_outbox()
    renewed = signers(stack, plan_of(world))
    assert not {person.token for person in renewed.values()} & {person.token for person in people.values()}
    for person in renewed.values():
        assert person.sign().status == 200
    assert set(signatures(draft.pk).values()) == {1} and len(signatures(draft.pk)) == len(renewed)
    assert plan_of(world).document.sha256 != first.document.sha256


GOALS = [{"field": "vakmanschap", "goal": "Ik leer iets anders.", "how": "Oefenen."}]


@pytest.mark.control(23)
def test_without_the_fixed_version_people_sign_different_things(stack: FaultStack, world: World) -> None:
    people = sent(stack, world)
    assert people[YOUTH].sign().status == 200
    was = plan_of(world).hours_per_week
    as_owner(stack, "ALTER TABLE trajectories_startplan DISABLE TRIGGER USER")
    StartPlan.objects.filter(pk=plan_of(world).pk).update(hours_per_week=40)
    assert people[EMPLOYER].sign().status == 200
    assert signatures(plan_of(world).pk) == {YOUTH: 1, EMPLOYER: 1}
    assert plan_of(world).hours_per_week == 40 != was


# --- 24 A mail scanner -----------------------------------------------------------------------------------------------
@pytest.mark.fault(24)
def test_a_scanner_that_opens_everything_uses_nothing_up(stack: FaultStack, world: World) -> None:
    people = sent(stack, world)
    for _visit in range(2):
        for person in people.values():
            for suffix in ("", "weigeren/", "plan.pdf"):
                for method in ("GET", "HEAD"):
                    assert person.look(suffix, method).status == 200
                for method in ("OPTIONS", "PUT", "DELETE", "PATCH"):
                    assert person.look(suffix, method).status in (405, 403)
    assert signatures(plan_of(world).pk) == {}
    assert PartyLink.objects.usable().filter(plan=plan_of(world)).count() == len(people)
    answer = people[YOUTH].look()
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Referrer-Policy"] == "no-referrer"
    for person in people.values():
        assert person.sign().status == 200
    log = (stack.folder / "web.log").read_text()
    assert not [person.party for person in people.values() if person.token in log], "a token in the log"


@pytest.mark.control(24)
def test_a_link_that_a_get_uses_up_is_gone_after_the_scanner(stack: FaultStack, world: World) -> None:
    youth = sent(stack, world)[YOUTH]
    assert stack.visitor().get(f"/naive/link/{youth.token}/").status == 200
    youth.sign()
    assert signatures(plan_of(world).pk) == {}
