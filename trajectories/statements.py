"""What each party confirms, one by one, before it signs: few, in plain Dutch, and with the facts that matter most to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext as _

from candidates.models.person import NAME_PREFIXES
from topjob.templatetags.topjob import nl_date
from trajectories.models import Paper, StartPlan
from trajectories.models.plan import Party, PlanParty
from trajectories.pay import in_euro
from trajectories.placeholders import sentence


def statements_for(party: PlanParty) -> list[str]:
    """The statements of this party for its document, in the order they are shown."""
    if party.plan_id is not None:
        return _PLAN[Party(party.party)](party.plan)
    return _for_paper(Party(party.party), party.paper)


def _for_paper(party: Party, paper: Paper) -> list[str]:
    """Read it, and in whose name this party signs; what it comes down to; what this party says with its signature."""
    return [_read(party, paper), paper.summary, _consequence(party, paper)]


def _read(party: Party, paper: Paper) -> str:
    if party == Party.YOUTH:
        return _("Ik heb dit document gelezen, of iemand heeft het met mij doorgenomen.")
    if party == Party.EMPLOYER and paper.organisation is not None:
        return _read_and_may_sign(paper.organisation.name)
    if party == Party.MAATWERQ:
        return _read_and_may_sign("MaatwerQ")
    if party == Party.REPRESENTATIVE:
        return _read_as_parent(paper.trajectory.candidate.full_name)
    return _("Ik heb dit document gelezen.")


def _read_and_may_sign(company: str) -> str:
    return sentence(_("Ik heb dit document gelezen. Ik mag tekenen namens %(company)s.") % {"company": company})


def _read_as_parent(name: str) -> str:
    return _("Ik heb dit document gelezen. Ik ben de ouder of voogd van %(name)s.") % {"name": name}


def _consequence(party: Party, paper: Paper) -> str:
    if paper.kind == Paper.Kind.WAGE_VALUE:
        return _("Ik heb dit gezien. Ben ik het er niet mee eens, dan kan ik dat laten weten.")
    if paper.kind == Paper.Kind.EVALUATION:
        return _("Wat hier staat is besproken. Mijn eigen oordeel staat er goed in.")
    return _("Ik houd me aan deze overeenkomst.") if party != Party.REPRESENTATIVE else _("Ik ben het ermee eens.")


def _youth(plan: StartPlan) -> list[str]:
    days = {"start": nl_date(plan.trial_starts_on), "end": nl_date(plan.trial_ends_on)}
    period = _("Mijn proefperiode duurt van %(start)s tot en met %(end)s.") % days
    return [
        _("Ik heb het plan gelezen, of iemand heeft het met mij doorgenomen."),
        f"{period} {_pay(plan)}",
        _("Ik houd me aan de afspraken in dit plan. Ik doe dit omdat ik het zelf wil."),
    ]


def _pay(plan: StartPlan) -> str:
    if plan.construction == "2":
        contract = _("Ik krijg vanaf de eerste dag een contract bij MaatwerQ.")
        wage = plan.hourly_wage and _("Ik verdien %(wage)s bruto per uur.") % {"wage": in_euro(plan.hourly_wage)}
        return " ".join(filter(None, (contract, wage)))
    if plan.keeps_benefit:
        return _("Ik werk op proef en krijg nog geen loon. Ik houd mijn uitkering.")
    return _("Ik werk op proef en krijg nog geen loon.")


def _employer(plan: StartPlan) -> list[str]:
    work = _("Wij bieden het werk en de begeleiding uit dit plan. De leermeester is %(name)s.")
    return [
        _read_and_may_sign(plan.application.organisation.name),
        sentence(work % {"name": plan.mentor_name}),
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
    """Whether this party's own name was typed: first and last name, or an initial for one of them, and nobody else's.

    A family shares its last name: that alone, or with another first name, is no name of this party. Prefixes such as "van der"
    may be left out, and count for nothing.
    """
    words, wanted = _words(typed), _words(party.name)
    is_known = all(_fits(word, wanted) for word in words)
    in_full = [word for word in words if word in wanted and (len(word) > 1 or wanted == _initials(wanted))]
    return is_known and bool(in_full) and len(words) >= min(2, len(wanted))


def _fits(word: str, wanted: set[str]) -> bool:
    """A word of the name, its initial, or what the name has the initial of."""
    return word in wanted or word in _initials(wanted) if len(word) == 1 else {word, word[0]} & wanted != set()


def _initials(words: set[str]) -> set[str]:
    return {word[0] for word in words}


def _words(name: str) -> set[str]:
    """The words of a name without accents, capitals and prefixes; the prefixes where there is nothing else."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    kept = " ".join(word for word in plain.casefold().replace("’", "'").split() if word not in NAME_PREFIXES) or plain
    return set("".join(letter if letter.isalpha() else " " for letter in kept.casefold()).split())
