"""From a registration to the trajectory and the zoekprofiel; from a file to the other files of the same person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.models.roles import REGION_ROLES
from accounts.need_to_know import Part
from candidates import rules
from candidates.knowing import parts_of
from candidates.links import FileLink
from candidates.models import Candidate
from trajectories.models import Trajectory


def case_links(candidate: Candidate, user: User) -> list[FileLink]:
    """The latest trajectory, and the zoekprofiel for staff of the region."""
    links = []
    case = (
        Trajectory.objects.visible_to(user)
        .filter(candidate=candidate)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if case is not None:
        links.append(FileLink(_("Traject"), reverse("trajectories:detail", args=[case]), key="t"))
        if Part.PROFILE in parts_of(candidate, user) and user.has_role_in(candidate.region_id, *REGION_ROLES):
            links.append(FileLink(_("Zoekprofiel"), reverse("matching:profile", args=[candidate.pk]), key="z"))
    return [*links, *other_files(candidate, user)]


def other_files(candidate: Candidate, user: User) -> list[FileLink]:
    """To the files of this same person: joining them, and what stayed at those that were joined."""
    if not user.has_role_in(candidate.region_id, *REGION_ROLES):
        return []
    links = [
        FileLink(_("Oud dossier %(number)s") % {"number": pk}, reverse("trajectories:old_file", args=[pk]))
        for pk in candidate.joined_files.order_by("pk").values_list("pk", flat=True)[:3]
    ]
    if rules.may_join(user, candidate):
        links.append(FileLink(_("Samenvoegen"), reverse("trajectories:join_start", args=[candidate.pk])))
    return links
