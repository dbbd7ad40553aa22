"""Guards of matching: nothing, or a reason in Dutch with the page where it is put right."""

from __future__ import annotations

from django.utils.translation import gettext as _

from candidates.models import Candidate
from matching.models import MatchDecision, SearchProfile
from topjob.errors import Reason, rule_words

# Whoever is chosen from below these places, leaving better ones undecided, says why.
TOP_OF_THE_RANKING = 3


def profile_confirmed(candidate: Candidate) -> Reason | None:
    """R3: no placement without a confirmed zoekprofiel."""
    if SearchProfile.objects.confirmed().filter(candidate=candidate).exists():
        return None
    return Reason(_("Het zoekprofiel is nog niet bevestigd."), "matching:profile", candidate.pk)


def is_concept(profile: SearchProfile) -> Reason | None:
    """Only a concept can be confirmed; what was confirmed stays as it is."""
    if profile.is_concept:
        return None
    return Reason(
        _("Versie %(version)s van het zoekprofiel is al bevestigd.") % {"version": profile.version},
        "matching:profile",
        profile.candidate_id,
    )


def profile_usable(profile: SearchProfile) -> list[Reason]:
    """What a zoekprofiel needs before it can be confirmed: otherwise every vacancy would fit."""
    missing = []
    if not profile.kind_ids:
        missing.append(_("Kies ten minste één soort plek."))
    if not profile.hours_max:
        missing.append(_("Vul het aantal uren per week in."))
    if not profile.max_distance_km:
        missing.append(_("Vul de reisafstand in."))
    return [Reason(text, "matching:refine", profile.candidate_id) for text in missing]


def reason_given(decision: str, reason: str, *, rank: int | None) -> Reason | None:
    """A rejection and a choice against the ranking are fine, with a reason."""
    if reason.strip():
        return None
    if decision == MatchDecision.Decision.REJECTED:
        return Reason(rule_words(MatchDecision, "decision_rejection_has_reason"))
    if rank is None:
        return Reason(_("Volgens de criteria past dit niet. Dat mag, maar geef er een reden bij."))
    if rank > TOP_OF_THE_RANKING:
        text = _("Er staan %(n)s betere keuzes hoger in de ranglijst. Dat mag, maar geef er een reden bij.")
        return Reason(text % {"n": rank - 1})
    return None
