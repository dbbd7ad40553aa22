"""Who reads which part of a person's file: one table of role × part (decision 28).

`visible_to` answers whose file somebody may open; this answers what they read in it. Each page says by `access(…, shows=…)` which
kind of page it is, and a kind of page belongs to a part here. The table is what the person and the beheerder are shown.

The guides of the case see everything they work with; others what their own work needs: the steps and the work that
`trajectories/process/workflow.py` gives to their role. A test holds the two beside each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.reading import Page
from accounts.models.roles import CASE_ROLES, GUIDE_ROLES, Role


class Part(models.TextChoices):
    """A part of what is known of a person, in the order in which the table is read."""

    BASICS = "basis", _("Naam, contactgegevens en waar het traject staat")
    BSN = "bsn", _("BSN")
    REGISTRATION = "aanmelding", _("Aanmelding, doelgroep en uitkering")
    REASONS = "redenen", _("Waarom een stap is gezet of iets anders is besloten")
    PAYER = "akkoord", _("Akkoord van de opdrachtgever")
    TALKS = "gesprekken", _("Gesprekken: wanneer en met wie")
    NOTES = "notities", _("Notities: wat er in gesprekken is gezegd")
    FOTO = "foto", _("Foto")
    SUPPORT = "ondersteuning", _("Ondersteuningsvragen")
    FINANCE = "financien", _("Financiën")
    QFIT = "qfit", _("Q-fit")
    CV = "cv", _("CV en portfolio")
    CONSENT = "toestemming", _("Wat met welke werkgever gedeeld mag worden")
    PROFILE = "zoekprofiel", _("Zoekprofiel")
    MATCHES = "passend", _("Passende vacatures en besluiten daarover")
    PLACE = "plek", _("Plek bij een werkgever")
    PLAN = "startplan", _("Startplan")
    PAPERS = "documenten", _("Welke documenten er zijn, wie tekende en scans")
    CONTRACT = "contract", _("Contract en plaatsing")
    TRIAL = "proefperiode", _("Verlenging en onderbreking van de proefperiode")
    EVALUATION = "evaluatie", _("Evaluatie")
    WAGE = "loonwaarde", _("Loonwaarde")
    MONEY = "regelingen", _("Regelingen voor de werkgever")
    COACHING = "jobcoach", _("Jobcoachgesprekken")
    QUICKSCAN = "quickscan", _("Quick-scan")
    ADVICE = "advies", _("Advies")
    AFTERCARE = "nazorg", _("Nazorg")
    EXIT = "exitgesprek", _("Exitgesprek")
    COMPLETION = "afronding", _("Administratieve afronding")


Parts = frozenset[Part]
EVERYTHING: Parts = frozenset(Part)
# What everybody needs who works here: who it is, how to reach them, where they stand, who pays, where they (will) work.
_ALL: Parts = frozenset({Part.BASICS, Part.PAYER, Part.PLACE})

# What the work of a role needs, of everybody in the region.
NEEDS: dict[Role, Parts] = {
    Role.FRONTOFFICE: _ALL | {Part.BSN, Part.REGISTRATION, Part.TALKS, Part.CV, Part.PROFILE},
    # Runs trajectories and takes them over: every step and nearly all work is a regisseur's.
    Role.REGISSEUR: EVERYTHING,
    # Settles the intake, the pool and the advice. Outside MaatwerQ they act as regisseur (decision 5).
    Role.LOOPBAANADVISEUR: EVERYTHING - {Part.TRIAL, Part.MONEY, Part.COACHING, Part.EXIT, Part.COMPLETION},
    Role.WERKMAKELAAR: _ALL
    | {
        Part.REASONS,
        Part.REGISTRATION,
        Part.TALKS,
        Part.QFIT,
        Part.CV,
        Part.CONSENT,
        Part.PROFILE,
        Part.MATCHES,
        Part.PLAN,
    }
    | {Part.PAPERS, Part.CONTRACT, Part.MONEY, Part.ADVICE, Part.AFTERCARE},
    Role.PERSONEEL: _ALL
    | {Part.REGISTRATION, Part.PLAN, Part.PAPERS, Part.CONTRACT, Part.TRIAL, Part.EVALUATION, Part.WAGE, Part.MONEY}
    | {Part.REASONS, Part.ADVICE},
    Role.BACKOFFICE: _ALL
    | {Part.REASONS, Part.REGISTRATION, Part.PLAN, Part.PAPERS, Part.CONTRACT, Part.EXIT, Part.COMPLETION},
    # Only of whom they coach, or whose jobcoach they cover for. They may be of the company: no money of the person, no benefit.
    Role.JOBCOACH: EVERYTHING - {Part.BSN, Part.REGISTRATION, Part.FINANCE, Part.MATCHES},
}
# Regisseur, loopbaanadviseur or werkmakelaar who is named on the case or covers for who is. The BSN is for who fills it in.
GUIDES_SEE: Parts = EVERYTHING - {Part.BSN}

# The kinds of page that belong to a part; the others name people in a list, or are nobody's but the beheerder's or the person's.
PART_OF_PAGE: dict[str, Part] = {
    Page.ADVICE: Part.ADVICE,
    Page.AFTERCARE: Part.AFTERCARE,
    Page.APPLICATION: Part.PLACE,
    Page.CASE: Part.BASICS,
    Page.COACHING: Part.COACHING,
    Page.COMPLETION: Part.COMPLETION,
    Page.CONSENT: Part.CONSENT,
    Page.CONTACT: Part.TALKS,
    Page.CONTRACT: Part.CONTRACT,
    Page.CV: Part.CV,
    Page.DOCUMENT: Part.CV,
    Page.EVALUATION: Part.EVALUATION,
    Page.EXIT: Part.EXIT,
    Page.FILE: Part.BASICS,
    Page.FINANCE: Part.FINANCE,
    Page.FOTO: Part.FOTO,
    Page.MATCH: Part.MATCHES,
    Page.MONEY: Part.MONEY,
    Page.PAPER: Part.PAPERS,
    Page.PERMISSION: Part.PAYER,
    Page.PERSONAL: Part.BASICS,
    Page.PLAN: Part.PLAN,
    Page.PORTFOLIO: Part.CV,
    Page.QFIT: Part.QFIT,
    Page.QUICKSCAN: Part.QUICKSCAN,
    Page.REGISTRATION: Part.REGISTRATION,
    Page.SEARCH_PROFILE: Part.PROFILE,
    Page.SUPPORT: Part.SUPPORT,
    Page.TRIAL: Part.TRIAL,
    Page.WAGE: Part.WAGE,
}


def roles_with(part: Part) -> list[Role]:
    """Whose work needs this part of everybody in their region; the jobcoach, who has no region-wide work, apart."""
    return [role for role in NEEDS if part in NEEDS[role] and role != Role.JOBCOACH]


def needed_by(held: Iterable[str]) -> Parts:
    """What these roles, held in the region of the person, need to read."""
    return frozenset().union(*(NEEDS[Role(role)] for role in held if role in CASE_ROLES and role != Role.JOBCOACH))


def roles_here(user: User, region_id: int | None) -> set[str]:
    """What somebody is in this region. A role elsewhere is no role here."""
    return {held.role for held in user.membership_list if held.region_id is not None and held.region_id == region_id}


def gains_as_guide(held: set[str]) -> bool:
    """Whether guiding this person would show more than these roles do anyhow: else it needn't be asked."""
    return bool(held & set(GUIDE_ROLES) - {Role.JOBCOACH}) and not needed_by(held) >= GUIDES_SEE


def seen(held: set[str], *, guides: bool, coaches: bool) -> Parts:
    """What somebody reads of one person: what their roles need, more for who guides, and what the jobcoach needs who coaches."""
    found = needed_by(held)
    if guides:
        found |= GUIDES_SEE
    return found | NEEDS[Role.JOBCOACH] if coaches else found


def part_of(view: Any) -> Part | None:
    """The part of the file that a view shows, if it shows one."""
    return PART_OF_PAGE.get(getattr(view, "shows", ""))


def part_at(path: str) -> Part | None:
    """The same for an address of ours."""
    try:
        return part_of(resolve(path.partition("?")[0]).func)
    except Resolver404:
        return None
