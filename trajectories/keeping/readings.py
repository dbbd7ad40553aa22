"""Who looked at whose data, for the beheerder: searching, what is unusual, and handing it over (decision 28, NEN 7513)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from accounts.models import Reading, Role, User
from accounts.models.absence import covered
from accounts.models.reading import LISTS
from candidates.models import Candidate
from candidates.viewed import capacities_of, reasons_of
from topjob import clock, keys
from trajectories.models import Trajectory
from trajectories.models.guides import GUIDES

# A day on which somebody opened so many people's data, or so many of people they don't work for, is worth a question.
MANY = 40
MANY_OUTSIDE = 10
# Roles whose work is everybody in the region.
FOR_ALL = (Role.FRONTOFFICE, Role.PERSONEEL, Role.BACKOFFICE)

UNUSUAL = """
WITH looked AS (
  SELECT DISTINCT r.actor_id, (r.at AT TIME ZONE 'Europe/Amsterdam')::date AS day, person
  FROM accounts_reading r CROSS JOIN LATERAL unnest(r.people) AS person
  WHERE r.at >= %(since)s AND r.at < %(until)s AND r.party = 'medewerker' AND r.page <> ALL (%(lists)s)
), judged AS (
  SELECT l.actor_id, l.day, l.person,
    EXISTS (
      SELECT 1 FROM trajectories_trajectory t
      WHERE t.candidate_id = l.person AND (
        l.actor_id IN (t.regisseur_id, t.career_adviser_id, t.job_broker_id, t.jobcoach_id)
        OR EXISTS (
          SELECT 1 FROM accounts_absence a
          WHERE a.cover_id = l.actor_id AND l.day BETWEEN a.starts_on AND a.ends_on
            AND a.person_id IN (t.regisseur_id, t.career_adviser_id, t.job_broker_id, t.jobcoach_id)))
    ) OR EXISTS (
      SELECT 1 FROM accounts_membership m JOIN candidates_candidate c ON c.region_id = m.region_id
      WHERE m.user_id = l.actor_id AND m.role = ANY (%(for_all)s) AND c.id = l.person
    ) AS is_own
  FROM looked l
)
SELECT actor_id, day, count(*) AS people, count(*) FILTER (WHERE NOT is_own) AS outside
FROM judged GROUP BY actor_id, day
HAVING count(*) >= %(many)s OR count(*) FILTER (WHERE NOT is_own) >= %(many_outside)s
ORDER BY outside DESC, people DESC, day DESC, actor_id LIMIT %(most)s
"""
MOST_UNUSUAL = 100


@dataclass(frozen=True)
class Unusual:
    """A day on which one colleague looked at many people, or at many outside the own cases."""

    reader: User
    day: date
    people: int
    outside: int


def unusual(first: date, last: date) -> list[Unusual]:
    """Days in this stretch that ask for a question, the furthest outside the own cases first. Two queries."""
    values: dict[str, Any] = {
        "since": clock.start_of(first),
        "until": clock.start_of(last + timedelta(days=1)),
        "lists": [str(page) for page in LISTS],
        "for_all": [str(role) for role in FOR_ALL],
        "many": MANY,
        "many_outside": MANY_OUTSIDE,
        "most": MOST_UNUSUAL,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNUSUAL, values)
        rows = cursor.fetchall()
    readers = User.objects.in_bulk({row[0] for row in rows})
    return [Unusual(readers[actor], day, people, outside) for actor, day, people, outside in rows if actor in readers]


def is_own_work(user: User, person: int) -> bool:
    """Whether somebody works for this person: a guide of one of their cases, whoever covers, or a role for the whole region."""
    named = Q()
    for role, guide in GUIDES.items():
        named |= Q(**{guide: user}) | covered(user, guide, role)
    if Trajectory.objects.filter(named, candidate_id=person).exists():
        return True
    return Candidate.objects.filter(pk=person, region__in=user.regions_as(*FOR_ALL)).exists()


# --- Handing it over -------------------------------------------------------------------------------------------------
# The shape of the Logboek Dataverwerkingen (LDV) with the fields of its extension for NEN 7513.
RESOURCE = {
    "nen7513.AuditEnterpriseSiteID": settings.SITE_URL,
    "nen7513.AuditSourceId": "topjob",
    "nen7513.AuditSourceTypeCode": "web",
}
SUBJECT_TYPE = f"{settings.SITE_URL}/register/versleuteld-kandidaatnummer"
CHUNK = 1000
TRACE = re.compile(r"(?!0{32})[0-9a-f]{32}", re.ASCII)


def exported(readings: Iterable[Reading], only: set[int]) -> Iterator[dict[str, Any]]:
    """A line for each person that each reading showed; `only` these people, when some were asked for."""
    chunk: list[Reading] = []
    for row in readings:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _lines(chunk, only)
            chunk = []
    yield from _lines(chunk, only)


def _lines(rows: list[Reading], only: set[int]) -> Iterator[dict[str, Any]]:
    roles = {
        pk: sorted({row.role for row in held}) for pk, held in capacities_of(r.actor for r in rows if r.actor).items()
    }
    reasons = reasons_of(rows)
    for row in rows:
        for person in row.people:
            if not only or person in only:
                yield _line(row, person, roles.get(row.actor_id or 0, []), reasons.get(row.reason_id or 0, ""))


def subject_id_of(person: int) -> str:
    """A person's number as the LDV wants it: encrypted, by this organisation's own key."""
    return keys.encrypted_number("ldv", settings.SALT_KEY[0], person)


def _line(row: Reading, person: int, roles: list[str], reason: str) -> dict[str, Any]:
    moment = row.at.isoformat(timespec="milliseconds")
    subject_id = subject_id_of(person)
    user = {
        "userID": str(row.actor_id or ""),
        "userName": row.actor.name if row.actor else "",
        "userIsRequestor": True,
        "roleIDCode": roles or [row.party],
        "purposeOfUse": reason,
    }
    subject = {
        "participantObjectTypeCode": "1",
        "participantObjectTypeCodeRole": "1",
        "participantObjectIDTypeCode": SUBJECT_TYPE,
        "participantObjectID": subject_id,
        "participantObjectDataLifeCycle": "access",
    }
    return {
        "trace_id": _trace_of(row),
        "span_id": _hex(f"inzage-{row.pk}-{person}", 16),
        "status_code": "STATUS_CODE_OK",
        "name": f"lezen: {row.page_label}",
        "start_time": moment,
        "end_time": moment,
        "resource": {"attributes": RESOURCE},
        "attributes": {
            "dpl.core.processing_activity_id": f"{settings.SITE_URL}/register/verwerkingen/{row.page}",
            "dpl.core.data_subject_id": subject_id,
            "dpl.core.data_subject_id_type": SUBJECT_TYPE,
            "dpl.nen7513.eventTypeCode": "R",
            "dpl.nen7513.users": [user],
            "dpl.nen7513.participants": [subject],
            "dpl.nen7513.participantSegments": [
                {"participantObjectName": row.page, "participantObjectDetail": row.route}
            ],
        },
    }


def _trace_of(row: Reading) -> str:
    """Sixteen bytes, as the LDV asks; a browser may send any name for its request."""
    named = row.trace.replace("-", "").lower()
    return named if TRACE.fullmatch(named) else _hex(f"inzage-{row.pk}", 32)


def _hex(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
