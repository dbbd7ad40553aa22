"""DECISIONS 11: after the retention date the destroyer's role, and nobody else, removes what matching holds of a person."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from accounts.models import Role
from candidates.models import Candidate
from matching import actions, fairness, retention, tips
from matching.models import AuditFigure, MatchDecision, MatchRun, SearchProfile, Shortlisted, Skill, Tip
from tests import factories
from topjob import clock


@pytest.fixture
def profile(own_database):
    """Somebody with everything that matching can hold of a person."""
    broker = factories.staff(Role.WERKMAKELAAR)
    profile, other = factories.ConfirmedProfileFactory(), factories.ConfirmedProfileFactory()
    vacancy = factories.VacancyFactory()
    for person in (profile, other):
        actions.shortlist(person.candidate, vacancy, by=broker)
        actions.decide(person.candidate, vacancy, MatchDecision.Decision.REJECTED, by=broker, reason="Te ver")
    actions.refine_profile(profile.candidate, {"skills": [(Skill.objects.get(name="Lassen").pk, 3)]}, by=broker)
    tips.nightly()
    fairness.run(clock.today())
    return profile


def test_the_product_itself_cannot_destroy(profile) -> None:
    with pytest.raises(Error), transaction.atomic():
        retention.destroy(profile.candidate_id)
    assert MatchDecision.objects.filter(candidate=profile.candidate_id).exists()
    assert SearchProfile.objects.filter(candidate=profile.candidate_id).count() == 2


def test_the_destroyer_removes_one_person_and_what_was_counted_stays(cluster, own_database, profile) -> None:
    code = f"from matching.retention import destroy; print(sorted(destroy({profile.candidate_id}).values()))"
    figures, runs = AuditFigure.objects.count(), MatchRun.objects.count()
    said = cluster.manage(own_database, "shell", "--no-imports", "-c", code, TOPJOB_DB_ROLE="destroyer")
    assert said.strip() == "[1, 1, 1, 1, 2]"
    for model in (MatchDecision, Tip, Shortlisted, SearchProfile):
        assert not model.objects.filter(candidate=profile.candidate_id).exists()
        assert model.objects.count() == 1
    assert (AuditFigure.objects.count(), MatchRun.objects.count()) == (figures, runs)
    Candidate.objects.get(pk=profile.candidate_id).delete()
