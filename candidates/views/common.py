"""What the pages of a file share: opening it (which is logged), who may fill it in, the tabs with their state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import roles
from accounts.models import Role
from accounts.models.roles import REGION_ROLES
from accounts.need_to_know import Part, Parts
from accounts.reading import shown
from candidates import rules
from candidates.frame import Here, frame_of, stand_in_frame
from candidates.knowing import for_reader, parts_of, require
from candidates.models import Candidate
from topjob import clock
from topjob.errors import Refused
from topjob.pages import Crumbs, render_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


IN_REGION = roles(*REGION_ROLES)
FRONTOFFICE = roles(Role.FRONTOFFICE)
FILLERS = (Role.REGISSEUR, Role.LOOPBAANADVISEUR)
PERSONAL_FILLERS = (*FILLERS, Role.FRONTOFFICE)
CONSENT_FILLERS = (*FILLERS, Role.WERKMAKELAAR)
FILLING = roles(*FILLERS)
PERSONAL = roles(*PERSONAL_FILLERS)
CONSENTING = roles(*CONSENT_FILLERS)

Guard = Callable[[Candidate, rules.FileFacts | None], Any]

# route name, label, guard that says whether it is done, what one must need to know
TABS: tuple[tuple[str, StrOrPromise, Guard, Part], ...] = (
    ("person_data", gettext_lazy("Gegevens"), rules.personal_complete, Part.BASICS),
    ("contacts", gettext_lazy("Gesprekken"), rules.intake_talk_held, Part.TALKS),
    ("foto", gettext_lazy("Foto"), rules.foto_complete, Part.FOTO),
    ("qfit", gettext_lazy("Q-fit"), rules.qfit_settled, Part.QFIT),
    ("support", gettext_lazy("Ondersteuning"), rules.support_settled, Part.SUPPORT),
    ("finance", gettext_lazy("Financiën"), rules.finance_checked, Part.FINANCE),
    ("cv", gettext_lazy("CV"), rules.cv_present, Part.CV),
    ("portfolio", gettext_lazy("Portfolio"), rules.portfolio_present, Part.CV),
    ("consents", gettext_lazy("Toestemming"), rules.consent_given, Part.CONSENT),
)


def open_file(request: HttpRequest, pk: int) -> Candidate:
    """The person whose file is opened, when this reader may and needs this part of it; the reading is logged."""
    visible = Candidate.objects.visible_to(request.user).select_related("region", "user")
    candidate = get_object_or_404(for_reader(visible, request.user), pk=pk)
    require(request, candidate)
    shown(request, candidate.pk)
    stand_in_frame(request, lambda: frame_of(candidate, request.user, Here.FILE))
    return candidate


def may_fill(request: HttpRequest, candidate: Candidate, *allowed: str) -> bool:
    """Whether this reader may also change this part: their role, in the region of the person."""
    return request.user.has_role_in(candidate.region_id, *allowed)


def for_change(request: HttpRequest, pk: int, *allowed: str) -> Candidate:
    """The person whose file is changed; whoever may only read gets an explanation."""
    candidate = open_file(request, pk)
    if not may_fill(request, candidate, *allowed):
        names = ", ".join(str(Role(role).label).lower() for role in allowed)
        raise Refused(_("Dit deel van het dossier mag alleen worden ingevuld door: %(roles)s.") % {"roles": names})
    return candidate


@dataclass(frozen=True)
class FilePage:
    """What every page of the file shows within the frame of the person: the parts of the file with their state."""

    candidate: Candidate
    facts: rules.FileFacts
    # What this reader may read, and whether that leaves tabs out.
    parts: Parts
    is_partial: bool
    tabs: list[dict[str, Any]]
    is_minor: bool
    crumbs: Crumbs


def file_page(request: HttpRequest, candidate: Candidate, tab: str, **part: Any) -> HttpResponse:
    """One page of the file, around what this part of it shows."""
    facts = part.pop("facts", None) or rules.file_facts(candidate)
    tabs = file_tabs(request, candidate, facts, tab)
    parts = parts_of(candidate, request.user)
    page = FilePage(
        candidate=candidate,
        facts=facts,
        parts=parts,
        is_partial=any(needed not in parts for _name, _label, _guard, needed in TABS),
        tabs=tabs,
        is_minor=candidate.is_minor_on(clock.today()),
        crumbs=_crumbs(candidate, tabs),
    )
    return render_page(request, f"candidates/{tab}.html", page, **part)


def _crumbs(candidate: Candidate, tabs: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The way back to the overview, from one of its parts."""
    here = next((tab["label"] for tab in tabs if tab["active"]), _("Vastleggen"))
    overview = {"label": candidate.full_name, "url": reverse("candidates:person", args=[candidate.pk])}
    return [] if tabs[0]["active"] else [overview, {"label": here, "url": ""}]


def file_tabs(request: HttpRequest, candidate: Candidate, facts: rules.FileFacts, current: str) -> list[dict[str, Any]]:
    """The parts of the file that this reader needs to know, each with what it still lacks."""
    parts = parts_of(candidate, request.user)
    tabs = [
        {
            "label": _("Overzicht"),
            "url": reverse("candidates:person", args=[candidate.pk]),
            "active": current == "person",
            "is_part": False,
        }
    ]
    for name, label, guard, part in TABS:
        if part not in parts:
            continue
        reason = guard(candidate, facts)
        url = reverse(f"candidates:{name}", args=[candidate.pk])
        tabs.append(
            {
                "label": label,
                "url": url,
                "active": current == name,
                "is_part": facts.asks(name),
                "done": reason is None,
                "reason": reason.text if reason else "",
            }
        )
    return tabs
