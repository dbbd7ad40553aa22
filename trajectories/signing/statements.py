"""What each party confirms, one by one, before it signs: few, in plain Dutch, and with the facts that matter most to it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from topjob.dates import nl_date
from topjob.errors import promised
from topjob.money import euro
from topjob.text import NAME_PREFIXES, clean, fold, name_words, unshortened
from trajectories.models import Paper, StartPlan
from trajectories.models.placeholders import sentence
from trajectories.models.plan import PlanParty
from trajectories.process.choices import Party


def statements_for(party: PlanParty) -> list[str]:
    """What this party confirms by signing, word for word and in order: on the phone, and printed for whoever signs on paper."""
    if party.plan_id is not None:
        return _PLAN[Party(party.party)](promised(party.plan))
    return _for_paper(Party(party.party), promised(party.paper))


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
    if plan.has_trial_contract:
        contract = _("Ik krijg vanaf de eerste dag een contract bij MaatwerQ.")
        wage = _("Ik verdien %(wage)s bruto per uur.") % {"wage": euro(plan.hourly_wage)} if plan.hourly_wage else ""
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


# Prefixes that are first names too: at the beginning of a name they are one.
_GIVEN = frozenset(("ben", "al", "el", "la", "le", "bin"))


def is_name_of(typed: str, party: PlanParty) -> bool:
    """Whether this party's own name was typed: first and last name, and nobody else's.

    Accents, capitals and prefixes such as "van der" or "v.d." make no difference. An initial stands for a first name when the
    last name is whole. A family shares its last name: that alone, or with another first name, is no name of this party; but
    whoever has one name signs with it.
    """
    wanted = _own_words(party.name)
    if not wanted:
        return bool(party.name) and clean(typed) == clean(party.name)
    left, rest = _without(wanted, unshortened(fold(typed)))
    in_full = [word for word in wanted if word not in left]
    for word in rest:
        stands_for = next((own for own in left if _is_initial(word, own)), None)
        if stands_for is not None:
            left.remove(stands_for)
        elif word not in NAME_PREFIXES:
            return False
    is_enough = len(wanted) - len(left) >= min(2, len(wanted))
    return is_enough and _last_of(wanted) in in_full


def _without(wanted: list[str], typed: list[str]) -> tuple[list[str], list[str]]:
    """What is left of the name, and of what was typed, when equal words are taken away in pairs."""
    left, rest = list(wanted), []
    for word in typed:
        if word in left:
            left.remove(word)
        else:
            rest.append(word)
    return left, rest


def _is_initial(word: str, own: str) -> bool:
    """One letter for a whole word: typed for the name, or in the name for what was typed."""
    return 1 in (len(word), len(own)) and word[0] == own[0]


def _last_of(wanted: list[str]) -> str:
    """The last name: the last word that is more than an initial."""
    return next((word for word in reversed(wanted) if len(word) > 1), wanted[-1])


def _own_words(name: str) -> list[str]:
    """The words of this party's name, folded, without prefixes; "Ben" of Ben de Vries is a first name."""
    words, first = name_words(name), fold(name).split()[:1]
    return first + words if first and first[0] in _GIVEN and first[0] not in words else words
