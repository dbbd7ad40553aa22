"""What each party confirms, one by one, before it signs: few, in plain Dutch, and with the facts that matter most to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext as _

from topjob.templatetags.topjob import nl_date
from trajectories.models import Paper, StartPlan
from trajectories.models.plan import Party, PlanParty


def statements_for(party: PlanParty) -> list[str]:
    """The statements of this party for its document, in the order they are shown."""
    if party.plan_id is not None:
        return _PLAN[Party(party.party)](party.plan)
    return _for_paper(Party(party.party), party.paper)


def _for_paper(party: Party, paper: Paper) -> list[str]:
    """Read it, know what it comes down to, and what this party says with its signature."""
    read = _("Ik heb dit document gelezen.")
    if party == Party.YOUTH:
        read = _("Ik heb dit document gelezen, of iemand heeft het met mij doorgenomen.")
    return [read, paper.summary, *_capacity(party, paper), _consequence(party, paper)]


def _capacity(party: Party, paper: Paper) -> list[str]:
    """In whose name somebody signs."""
    if party == Party.EMPLOYER and paper.organisation is not None:
        return [_("Ik mag tekenen namens %(company)s.") % {"company": paper.organisation.name}]
    if party == Party.MAATWERQ:
        return [_("Ik mag tekenen namens MaatwerQ.")]
    if party == Party.REPRESENTATIVE:
        return [_("Ik ben de ouder of voogd van %(name)s.") % {"name": paper.trajectory.candidate.full_name}]
    return []


def _consequence(party: Party, paper: Paper) -> str:
    if paper.kind == Paper.Kind.WAGE_VALUE:
        return _("Ik heb dit gezien. Ben ik het er niet mee eens, dan kan ik dat laten weten.")
    if paper.kind == Paper.Kind.EVALUATION:
        return _("Wat hier staat is besproken. Mijn eigen oordeel staat er goed in.")
    return _("Ik houd me aan deze overeenkomst.") if party != Party.REPRESENTATIVE else _("Ik ben het ermee eens.")


def _youth(plan: StartPlan) -> list[str]:
    days = {"start": nl_date(plan.trial_starts_on), "end": nl_date(plan.trial_ends_on)}
    return [
        _("Ik heb het plan gelezen, of iemand heeft het met mij doorgenomen."),
        _("Mijn proefperiode duurt van %(start)s tot en met %(end)s.") % days,
        _pay(plan),
        _("Ik houd me aan de afspraken in dit plan."),
        _("Ik doe dit omdat ik het zelf wil."),
    ]


def _pay(plan: StartPlan) -> str:
    if plan.construction == "2":
        return _("Ik krijg vanaf de eerste dag een contract bij MaatwerQ.")
    if plan.keeps_benefit:
        return _("Ik werk op proef en krijg nog geen loon. Ik houd mijn uitkering.")
    return _("Ik werk op proef en krijg nog geen loon.")


def _employer(plan: StartPlan) -> list[str]:
    company = plan.application.organisation.name
    return [
        _("Ik heb het plan gelezen."),
        _("Ik mag tekenen namens %(company)s.") % {"company": company},
        _("Wij bieden het werk en de begeleiding uit dit plan. De leermeester is %(name)s.")
        % {"name": plan.mentor_name},
        _("Na de proefperiode geven wij een eerlijk oordeel. Is iedereen positief? Dan volgt een contract."),
    ]


def _jobcoach(plan: StartPlan) -> list[str]:
    return [
        _("Ik heb het plan gelezen."),
        _("Ik geef de begeleiding uit dit plan: %(n)s uur per week.") % {"n": plan.jobcoach_hours},
        _("Gaat het niet goed? Dan bespreek ik dat meteen met iedereen."),
    ]


def _representative(plan: StartPlan) -> list[str]:
    return [
        _("Ik heb het plan gelezen."),
        _("Ik ben de ouder of voogd van %(name)s.") % {"name": plan.trajectory.candidate.full_name},
        _("Ik ben het eens met dit plan."),
    ]


_PLAN: dict[Party, Callable[[StartPlan], list[str]]] = {
    Party.YOUTH: _youth,
    Party.EMPLOYER: _employer,
    Party.JOBCOACH: _jobcoach,
    Party.REPRESENTATIVE: _representative,
}


def is_name_of(typed: str, party: PlanParty) -> bool:
    """Whether somebody typed (part of) this party's name; nobody signs for another."""
    return bool(_words(typed) & _words(party.name))


def _words(name: str) -> set[str]:
    """The words of a name without accents and capitals; initials only where there is nothing longer."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalpha() else " " for letter in plain.casefold()).split()
    return {word for word in words if len(word) > 1} or set(words)
