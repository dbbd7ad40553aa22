"""Who looked at a person's data, told to that person in plain words (B1), and the same facts for whoever else asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry, AuditText, Membership, Page, Reading, Role, User
from accounts.models.roles import STAFF_ROLES
from topjob import clock

Party = AuditEntry.Party
# What was looked at, in the words of the person: "keek naar …".
PLAIN: dict[str, Any] = {
    Page.ADVICE: gettext_lazy("het advies over jou"),
    Page.AFTERCARE: gettext_lazy("hoe het na je traject gaat"),
    Page.AT_WORK: gettext_lazy("een lijst van mensen die bij dit bedrijf werken, met jou erop"),
    Page.APPLICATION: gettext_lazy("je sollicitatie"),
    Page.CALENDAR: gettext_lazy("een agenda met een datum van jouw traject"),
    Page.CASE: gettext_lazy("je traject"),
    Page.CASES: gettext_lazy("een lijst van trajecten, met jou erop"),
    Page.COACHING: gettext_lazy("de gesprekken met je jobcoach"),
    Page.COMPLETION: gettext_lazy("de laatste papieren van je traject"),
    Page.CONSENT: gettext_lazy("wat jij met bedrijven wilt delen"),
    Page.CONTACT: gettext_lazy("de gesprekken met jou"),
    Page.CONTRACT: gettext_lazy("wat je met je contract verdient"),
    Page.CV: gettext_lazy("je CV"),
    Page.DOCUMENT: gettext_lazy("een bestand uit je dossier"),
    Page.EVALUATION: gettext_lazy("hoe je proefperiode ging"),
    Page.EXIT: gettext_lazy("het laatste gesprek met jou"),
    Page.EXPORT: gettext_lazy("een lijst van deelnemers om te bewaren, met jou erop"),
    Page.FILE: gettext_lazy("je dossier"),
    Page.FINANCE: gettext_lazy("je geldzaken"),
    Page.FOTO: gettext_lazy("je Foto"),
    Page.JOINING: gettext_lazy("of jij twee keer in ons systeem staat"),
    Page.LOG: gettext_lazy("het logboek, met een regel over jou"),
    Page.MATCH: gettext_lazy("welke plek bij je past"),
    Page.MONEY: gettext_lazy("de regelingen voor je werkgever"),
    Page.PAPER: gettext_lazy("een document van jou"),
    Page.PARTICIPANT: gettext_lazy("hoe ver je bent"),
    Page.PARTICIPANTS: gettext_lazy("een lijst van deelnemers, met jou erop"),
    Page.PERMISSION: gettext_lazy("of je traject wordt betaald"),
    Page.PERSONAL: gettext_lazy("je gegevens"),
    Page.PLAN: gettext_lazy("je startplan"),
    Page.PORTFOLIO: gettext_lazy("je portfolio"),
    Page.PROJECT: gettext_lazy("de groep van je project"),
    Page.PROPOSAL: gettext_lazy("wat jij met dit bedrijf deelt"),
    Page.PROPOSALS: gettext_lazy("een lijst van kandidaten voor dit bedrijf, met jou erop"),
    Page.QFIT: gettext_lazy("je Q-fit"),
    Page.QUICKSCAN: gettext_lazy("de quick-scan van jou"),
    Page.REGISTRATION: gettext_lazy("je aanmelding"),
    Page.REGISTRATIONS: gettext_lazy("een lijst van aanmeldingen, met jou erop"),
    Page.RETENTION: gettext_lazy("hoe lang we je gegevens bewaren"),
    Page.SEARCH: gettext_lazy("een lijst met zoekresultaten, met jou erop"),
    Page.SEARCH_PROFILE: gettext_lazy("wat voor werk je zoekt"),
    Page.SUPPORT: gettext_lazy("welke hulp je krijgt"),
    Page.TODAY: gettext_lazy("de lijst met werk van vandaag, met jou erop"),
    Page.TRIAL: gettext_lazy("je proefperiode"),
    Page.USERS: gettext_lazy("het account waarmee jij inlogt"),
    Page.VIEWED: gettext_lazy("wie jouw gegevens heeft bekeken"),
    Page.WAGE: gettext_lazy("je loonwaarde"),
    Page.OTHER: gettext_lazy("een pagina over jou"),
}
# Who looked by a personal link, without an account.
BY_LINK: dict[str, Any] = {
    Party.YOUTH: gettext_lazy("Jijzelf, met je eigen link"),
    Party.REPRESENTATIVE: gettext_lazy("Je ouder of voogd"),
    Party.EMPLOYER: gettext_lazy("Iemand van je werkgever"),
    Party.JOBCOACH: gettext_lazy("Je jobcoach"),
    Party.MAATWERQ: gettext_lazy("Iemand van MaatwerQ"),
}


@dataclass
class Look:
    """One look, or several of one reader at one thing on one day."""

    at: datetime
    who: str
    function: str
    organisation: str
    what: str
    reason: str = ""
    times: int = 1


def looks_of(readings: Iterable[Reading]) -> list[Look]:
    """Readings in plain words, newest first; the same on one day is told once with how often."""
    rows = list(readings)
    capacities = capacities_of(row.actor for row in rows if row.actor is not None)
    reasons = reasons_of(rows)
    found: list[Look] = []
    for row in rows:
        look = _look(row, capacities)
        look.reason = reasons.get(row.reason_id or 0, "")
        last = found[-1] if found else None
        if last and _same(last, look):
            last.times += 1
        else:
            found.append(look)
    return found


def reasons_of(rows: list[Reading]) -> dict[int, str]:
    """Why somebody looked outside the own work, by the number of the log row that holds it."""
    numbers = {row.reason_id for row in rows if row.reason_id}
    found = AuditText.objects.filter(auditentry__pk__in=numbers).values_list("auditentry__pk", "text")
    return dict(found) if numbers else {}


def _same(one: Look, other: Look) -> bool:
    same_day = clock.local(one.at) == clock.local(other.at)
    return same_day and (one.who, one.what, one.reason) == (other.who, other.what, other.reason)


def _look(row: Reading, capacities: dict[int, list[Membership]]) -> Look:
    what = str(PLAIN.get(row.page, PLAIN[Page.OTHER]))
    if row.actor is None:
        return Look(row.at, str(BY_LINK.get(row.party, row.get_party_display())), "", "", what)
    function, organisation = function_of(capacities.get(row.actor.pk, []))
    return Look(row.at, row.actor.name, function, organisation, what)


def capacities_of(users: Iterable[User]) -> dict[int, list[Membership]]:
    """The roles of these people, in one query."""
    found: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(user__in={user.pk for user in users}).select_related("organisation", "region")
    for row in rows.order_by("pk"):
        found.setdefault(row.user_id, []).append(row)
    return found


def function_of(capacities: list[Membership]) -> tuple[str, str]:
    """What somebody does, and for whom; whoever works for no other organisation works for Top Job."""
    labels = list(dict.fromkeys(str(Role(row.role).label).lower() for row in capacities))
    organisations = list(dict.fromkeys(str(row.organisation) for row in capacities if row.organisation))
    works_here = any(row.role in STAFF_ROLES for row in capacities)
    return ", ".join(labels), ", ".join(organisations) or (_("Top Job") if works_here else "")
