"""R16: whoever takes the consent back is a number to the company: on every page of its own, in every file and every mail.

Except for what the contract needs that both signed, as long as somebody works there (`known_to_company`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from candidates import actions as candidate_actions
from candidates.models import Consent
from demo.walk import Walk
from employers.portal import tasks_for
from tests import factories
from tests.test_repository import allows, own_routes
from tests.trajectories.conftest import Reach
from tests.trajectories.personal import run_outbox, sign_by_page, sign_page, token_in
from tests.trajectories.portals import browser_of, on, page, status_of, youth_of
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import GeneratedDocument, PartyLink, PlanParty

PEOPLE = reverse("trajectories:portal_people")


def company_of(walk: Walk) -> User:
    organisation = walk.trajectory.applications.latest("pk").organisation
    return factories.representative(organisation)


def withdraw(walk: Walk) -> None:
    with on(walk.day):
        for consent in Consent.objects.valid().filter(candidate=walk.candidate):
            candidate_actions.withdraw_consent(consent, by=walk.team.job_broker)


def everything(walk: Walk, user: User) -> Iterator[tuple[str, str]]:
    """Every page of the product this person may open, with every number of this case in it, and what it says."""
    browser = browser_of(user)
    mine = {row.pk for rows in (walk.trajectory.applications, walk.trajectory.documents) for row in rows.all()}
    mine |= {walk.trajectory.pk, walk.candidate.pk}
    for route in own_routes():
        # The demo's own page shows every text message there is.
        if not allows(route, user) or "token" in route.pattern or "/demo/" in route.pattern:
            continue
        for number in sorted(mine) if "<int:" in route.pattern else [0]:
            path = re.sub(r"<int:\w+>", str(number), "/" + route.pattern.lstrip("/"))
            if "<" in path:
                continue
            answer = browser.get(path)
            if answer.status_code == 200:
                content = b"".join(answer) if answer.streaming else answer.content
                yield path, content.decode("utf-8", "replace")


def told(walk: Walk) -> list[str]:
    """What tells the company who somebody is."""
    person = walk.candidate
    return [person.full_name, person.last_name, person.email, person.phone.as_e164, person.phone.as_national]


def said(walk: Walk, user: User) -> dict[str, list[str]]:
    """On which pages, and in which tasks, something of that stands."""
    with on(walk.day):
        pages = dict(everything(walk, user)) | {"taken": " ".join(task.title for task in tasks_for(user))}
    assert len(pages) > 5
    found = {path: [word for word in told(walk) if word in text] for path, text in pages.items()}
    return {path: words for path, words in found.items() if words}


@pytest.mark.parametrize("state", ["SOLLICITATIE", "STARTPLAN"])
def test_before_anything_is_signed_no_page_names_the_person(reach: Reach, state: str) -> None:
    walk = reach(state)
    user = company_of(walk)
    assert said(walk, user), "with the consent the person is named"
    withdraw(walk)
    assert said(walk, user) == {}


def test_a_plan_that_waits_for_signatures_is_closed(sent: Walk, client: Client) -> None:
    """Pages, the task to sign, the PDF, the personal link and its file: all of the company's own signer."""
    user = company_of(sent)
    browser = browser_of(user)
    document = reverse("trajectories:document", args=[GeneratedDocument.objects.get().pk])
    signer = PlanParty.objects.get(party="werkgever")
    token = token_in(mail.outbox, signer.email)
    with on(sent.day):
        assert "Sem Bakker" in tasks_for(user)[0].title and status_of(browser, document) == 200
        assert "Sem Bakker" in page(client, sign_page(token))
    withdraw(sent)
    assert said(sent, user) == {}
    with on(sent.day):
        assert tasks_for(user)[0].title == f"Startplan van K-{sent.candidate.pk} tekenen"
        assert status_of(browser, document) == 404
        for name in ("sign", "sign_document"):
            closed = client.get(sign_page(token, name))
            assert closed.status_code == 410 and "Bakker" not in closed.content.decode()
        assert "deelt nu niets meer" in client.get(sign_page(token)).content.decode()
        with pytest.raises(Refused, match="deelt nu niets meer"):
            actions.decline_to_sign(actions.link_for(token), reason="Nee.")


def test_who_signed_for_the_company_reads_whom_it_waits_for_without_the_name(sent: Walk, client: Client) -> None:
    token = token_in(mail.outbox, PlanParty.objects.get(party="werkgever").email)
    with on(sent.day):
        sign_by_page(client, token)
        assert "Sem Bakker (jongere)" in page(client, sign_page(token))
    withdraw(sent)
    with on(sent.day):
        text = page(client, sign_page(token))
        assert "We wachten nog op:" in text and "jongere" in text and "Bakker" not in text


def test_mails_to_the_company_name_nobody_after_that(sent: Walk) -> None:
    withdraw(sent)
    mail.outbox.clear()
    with on(sent.day):
        for link in PartyLink.objects.filter(used_at=None, voided_at=None):
            actions.resend_link(link, by=sent.team.regisseur)
        run_outbox()
        actions.withdraw_plan(sent.fresh(), reason="Toch niet.", by=sent.team.regisseur)
        run_outbox()
    company = [m for m in mail.outbox if not set(m.to) & {sent.candidate.email, sent.team.regisseur.email}]
    assert len(company) >= 4, [m.to for m in mail.outbox]
    signers = PlanParty.objects.filter(party__in=("werkgever", "jobcoach"), is_stand_in=False)
    parties = set(signers.values_list("email", flat=True))
    for message in company:
        if set(message.to) & parties:
            text = message.subject + message.body
            assert "Bakker" not in text and f"K-{sent.candidate.pk}" in text, text


@pytest.mark.parametrize("state", ["PROEFPERIODE", "LEERWERK", "NAZORG"])
def test_a_contract_partner_keeps_what_the_contract_needs_and_no_more(reach: Reach, state: str) -> None:
    walk = reach(state)
    user = company_of(walk)
    withdraw(walk)
    words = {word for found in said(walk, user).values() for word in found}
    assert words == {walk.candidate.full_name, walk.candidate.last_name}
    with on(walk.day):
        assert "regelingen" not in page(browser_of(user), PEOPLE)


def test_the_person_isnt_promised_more_than_that(reach: Reach) -> None:
    """The company they work for keeps their name: "ziet niets meer" was said to them, and isn't true."""
    walk = reach("PROEFPERIODE")
    youth = browser_of(youth_of(walk.trajectory))
    with on(walk.day):
        consent = Consent.objects.valid().get(candidate=walk.candidate)
        gone = youth.post(reverse("candidates:my_consent_withdraw", args=[consent.pk]), follow=True).content.decode()
    assert "Ingetrokken. Het bedrijf ziet niet meer wat je had laten zien." in gone
    assert "Dan houdt dat bedrijf je naam en wat je tekende, zolang je er werkt." in gone
    assert "ziet niets meer" not in gone and "Nu ziet nog geen enkel bedrijf" not in gone


def test_when_the_work_is_over_the_name_is_gone_as_well(reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    user = company_of(walk)
    document = reverse("trajectories:document", args=[GeneratedDocument.objects.latest("pk").pk])
    with on(walk.day):
        assert status_of(browser_of(user), document) == 200
        actions.stop(walk.fresh(), reason="Verhuisd.", by=walk.team.regisseur)
    withdraw(walk)
    assert said(walk, user) == {}
    with on(walk.day):
        assert status_of(browser_of(user), document) == 404


# --- Arrangements ----------------------------------------------------------------------------------------------------
def share(walk: Walk, **shares: bool) -> None:
    with on(walk.day):
        organisation = walk.trajectory.applications.latest("pk").organisation
        candidate_actions.give_consent(
            walk.candidate, organisation, channel="gesprek", by=walk.team.job_broker, share_cv=True, **shares
        )


def test_arrangements_are_shown_once_the_person_agreed_to_that(learning: Walk) -> None:
    """That a no-riskpolis is possible tells of a handicap: contact and CV are no yes to that."""
    money = reverse("trajectories:portal_money", args=[learning.trajectory.pk])
    browser = browser_of(company_of(learning))
    for agreed in (False, True):
        share(learning, share_arrangements=agreed)
        with on(learning.day):
            assert browser.get(money).status_code == (200 if agreed else 404)
            assert (money in page(browser, PEOPLE)) == agreed
    withdraw(learning)
    with on(learning.day):
        assert browser.get(money).status_code == 404


def test_somebody_of_two_companies_sees_it_of_the_one_that_was_told(learning: Walk) -> None:
    share(learning)
    user, other = company_of(learning), factories.EmployerFactory().organisation
    Membership.objects.create(user=user, role=Role.WERKGEVER, organisation=other)
    candidate_actions.give_consent(
        learning.candidate, other, channel="gesprek", by=learning.team.job_broker, share_arrangements=True
    )
    money = reverse("trajectories:portal_money", args=[learning.trajectory.pk])
    with on(learning.day):
        assert browser_of(User.objects.get(pk=user.pk)).get(money).status_code == 404


def test_the_person_is_told_what_it_says(learning: Walk) -> None:
    text = page(browser_of(youth_of(learning.trajectory)), reverse("candidates:my_consents"))
    assert "Of het bedrijf geld of hulp krijgt als ik er werk" in text
    assert "beperking hebt" in text and "Je hoeft dit niet te doen." in text
