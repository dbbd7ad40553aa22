"""A role counts where somebody holds it: being allowed to look in a region, and a role in another, is no role here (issue 10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Region, Role, User
from candidates.models import Candidate
from matching import actions
from matching.models import MatchDecision, SearchProfile, Shortlisted
from tests import factories
from topjob.errors import Refused

pytestmark = pytest.mark.django_db
LOOKING = Role.PERSONEEL


@pytest.fixture
def elsewhere() -> Region:
    return Region.objects.exclude(pk=factories.region().pk).first()


@pytest.fixture
def person() -> Candidate:
    profile = factories.ConfirmedProfileFactory()
    actions.create_basic_profile(
        factories.RegistrationFactory(candidate=profile.candidate), by=factories.staff(Role.FRONTOFFICE)
    )
    usable = {"kind_ids": [1], "hours_min": 16, "hours_max": 32, "max_distance_km": 20}
    actions.refine_profile(profile.candidate, usable, by=factories.staff(Role.REGISSEUR))
    return profile.candidate


def two_regions(role: str, elsewhere: Region) -> User:
    """Holds a role elsewhere, and may look here as personeelsdiensten."""
    user = factories.staff(LOOKING)
    Membership.objects.create(user=user, role=role, region=elsewhere)
    return User.objects.get(pk=user.pk)


def steps(person: Candidate) -> dict[str, Callable[[User], object]]:
    vacancy = factories.VacancyFactory()
    concept = SearchProfile.objects.concepts().get(candidate=person)
    return {
        "refine": lambda user: actions.refine_profile(person, {"hours_max": 20, "hours_min": 10}, by=user),
        "confirm": lambda user: actions.confirm_profile(concept, by=user),
        "shortlist": lambda user: actions.shortlist(person, vacancy, by=user),
        "unshortlist": lambda user: actions.unshortlist(person, vacancy, by=user),
        "decide": lambda user: actions.decide(person, vacancy, "besproken", by=user, reason="Omdat."),
    }


@pytest.mark.parametrize("name", ["refine", "confirm", "shortlist", "unshortlist", "decide"])
def test_a_role_elsewhere_is_no_role_here(person: Candidate, elsewhere: Region, name: str) -> None:
    for role in (Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.WERKMAKELAAR, Role.FRONTOFFICE):
        with pytest.raises(Refused, match="in deze regio"):
            steps(person)[name](two_regions(role, elsewhere))
    with pytest.raises(Refused, match="in deze regio"):
        steps(person)[name](factories.staff(LOOKING))
    assert not Shortlisted.objects.exists() and not MatchDecision.objects.exists()
    steps(person)[name](factories.staff(Role.REGISSEUR))


def test_the_pages_offer_and_take_nothing_of_it(client: Client, person: Candidate, elsewhere: Region) -> None:
    vacancy = factories.VacancyFactory()
    concept = SearchProfile.objects.concepts().get(candidate=person)
    both = [person.pk, vacancy.pk]
    sent = {
        reverse("matching:refine", args=[person.pk]): {"hours_max": 20},
        reverse("matching:confirm", args=[person.pk]): {"version": concept.version},
        reverse("matching:shortlist", args=both): {},
    }
    client.force_login(two_regions(Role.REGISSEUR, elsewhere))
    # Personeelsdiensten don't read the zoekprofiel or the matches here (decision 28).
    pages = [reverse(f"matching:{name}", args=[person.pk]) for name in ("profile", "refine", "for_candidate")]
    assert [client.get(url).status_code for url in [*pages, reverse("matching:why", args=both)]] == [404] * 4
    assert [client.post(url, data).status_code for url, data in sent.items()] == [404] * 3
    answer = client.post(reverse("matching:decide", args=both), {"decision": "besproken", "reason": "Omdat."})
    assert answer.status_code == 404 and not MatchDecision.objects.exists()
    client.force_login(factories.staff(Role.REGISSEUR))
    assert client.get(reverse("matching:profile", args=[person.pk])).context["may_confirm"]
    assert client.post(reverse("matching:shortlist", args=both)).status_code == 302
