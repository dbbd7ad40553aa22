"""Why a place was proposed, for the person: only the own proposals, in plain words, from what was kept."""

from __future__ import annotations

import random

import pytest
from django.urls import reverse

from accounts.models import Role
from benchmarks import world
from matching import actions, plain
from matching.models import MatchDecision, Skill
from matching.models.skill import tokens
from matching.sentences import Names
from tests import factories


@pytest.fixture
def me(db):
    """Somebody with a login, whose zoekprofiel is confirmed."""
    candidate = factories.CandidateFactory(with_login=True, postcode="8131 AB", city="Wijhe")
    skill = Skill.objects.get(name="Lassen")
    factories.ConfirmedProfileFactory(
        candidate=candidate, level=1, needs_jobcoach=True, limit_lifting=1, skill_tokens=tokens({skill.pk: 2})
    )
    return candidate


def page(client, me, vacancy):
    client.force_login(me.user)
    return client.get(reverse("matching:my_why", args=[vacancy.pk]))


def test_the_reasons_of_the_own_proposal(client, me) -> None:
    vacancy = factories.VacancyFactory(function__level=2, function__language_level=2)
    vacancy.function.skills.create(skill=Skill.objects.get(name="Lassen"), level=4)
    vacancy.function.loads.create(load="tillen", level=3)
    actions.decide(me, vacancy, "voorgesteld", by=factories.staff(Role.WERKMAKELAAR))
    said = page(client, me, vacancy)
    assert said.status_code == 200
    reasons = said.context["said"]
    assert "Het is een plek die je zoekt: Leerwerkplek BBL." in reasons.fits
    assert "Het is vlak bij je huis." in reasons.fits
    assert "Je spreekt genoeg Nederlands voor dit werk." in reasons.fits
    assert reasons.fits_less == [
        "Wat ze vragen, kun je nog niet goed genoeg. Misschien kun je het leren.",
        "Het werk vraagt een hoger niveau dan je nu hebt.",
        "Dit kan zwaar voor je zijn: tillen en dragen.",
        "Dit is er nog niet voor je: jobcoach.",
    ]
    assert str(MatchDecision.objects.get().total) in said.text


def test_what_was_kept_counts_not_what_changed_since(client, me) -> None:
    vacancy = factories.VacancyFactory(function__level=1)
    actions.decide(me, vacancy, "voorgesteld", by=factories.staff(Role.WERKMAKELAAR))
    vacancy.function.level = 5
    vacancy.function.save()
    assert "Het werk past bij je niveau." in page(client, me, vacancy).context["said"].fits


@pytest.mark.parametrize("decision", ["besproken", "afgewezen"])
def test_only_proposals_are_explained(client, me, decision: str) -> None:
    vacancy = factories.VacancyFactory()
    actions.decide(me, vacancy, decision, by=factories.staff(Role.WERKMAKELAAR), reason="Niet aan de orde")
    assert page(client, me, vacancy).status_code == 404


def test_nobody_else_sees_it(client, me) -> None:
    vacancy, other = factories.VacancyFactory(), factories.CandidateFactory(with_login=True)
    actions.decide(me, vacancy, "voorgesteld", by=factories.staff(Role.WERKMAKELAAR))
    assert page(client, other, vacancy).status_code == 404
    client.force_login(factories.representative(vacancy.employer.organisation))
    assert client.get(reverse("matching:my_why", args=[vacancy.pk])).status_code == 404


def test_anything_can_be_said_in_plain_words() -> None:
    random_, today = random.Random(7), {"today": world.TODAY}
    for _ in range(300):
        inputs = {"person": world.person(random_), "vacancy": world.vacancy(random_), "query": today}
        said = plain.reasons(MatchDecision(inputs=inputs), Names())
        for text in (*said.fits, *said.fits_less):
            assert text.endswith(".")
            assert "%(" not in text
