"""What goes when the retention date of a closed file has passed (DECISIONS 11)."""

from __future__ import annotations

from django.db import transaction

from matching.models import MatchDecision, ProfileSkill, SearchProfile, Shortlisted, Tip


@transaction.atomic
def destroy(candidate_id: int) -> dict[str, int]:
    """Remove everything matching holds of one person; answers how many rows of each kind, for the destruction record.

    Decisions hold the data they were made on, so they go too. Only the destroyer's database role can do this: a trigger
    refuses everybody else. What was counted over many people (runs, the check on equal chances) stays.
    """
    mine = {"candidate_id": candidate_id}
    removed = {
        "besluiten over matches": MatchDecision.objects.filter(**mine).delete(),
        "tips": Tip.objects.filter(**mine).delete(),
        "shortlist": Shortlisted.objects.filter(**mine).delete(),
        "aangeboden competenties": ProfileSkill.objects.filter(profile__candidate_id=candidate_id).delete(),
        "zoekprofielen": SearchProfile.objects.filter(**mine).delete(),
    }
    return {kind: count for kind, (count, _by_model) in removed.items()}
