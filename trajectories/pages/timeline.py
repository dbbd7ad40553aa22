"""The timeline of a case: the log in words, with what was written in the contacts it speaks of (R14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import verbs
from accounts.models import AuditEntry, AuditText, User
from accounts.need_to_know import Part
from candidates.knowing import talks_for
from candidates.models import Candidate, ContactMoment
from topjob import clock
from trajectories.journey.need_to_know import log_not_for, parts_of
from trajectories.models import Deadline, SupportStep, Trajectory, TrialInterruption
from trajectories.process.choices import Party
from trajectories.process.workflow import State

CONTACT = "candidates.contactmoment"


class Wanted(models.TextChoices):
    """What of the timeline is asked for: what people wrote of their talks, what was done with the case, or both."""

    NOTES = "notities", gettext_lazy("Notities")
    ALL = "alles", gettext_lazy("Alles")
    SYSTEM = "systeem", gettext_lazy("Systeem")


ICON_OF_SUBJECT = {CONTACT: "note", "candidates.consent": "lock", "candidates.candidatedocument": "upload"}


def entries_of(trajectory: Trajectory, reader: User) -> QuerySet[AuditEntry]:
    """What happened in the case and in the file of the person, as far as this reader needs to know, newest first."""
    parts = parts_of(trajectory, reader)
    here = Q(trajectory_id=trajectory.pk) | Q(trajectory_id=None)
    files = Candidate.objects.numbers_of(trajectory.candidate_id).order_by().values("pk")
    rows = AuditEntry.objects.about_candidates(files).filter(here)
    rows = rows.exclude(log_not_for(parts))
    if Part.TALKS not in parts:
        rows = rows.exclude(~Q(actor=reader), subject_type=CONTACT)
    return rows.select_related("text") if Part.REASONS in parts else rows


def narrowed(entries: QuerySet[AuditEntry], wanted: str) -> QuerySet[AuditEntry]:
    """Of what happened only what is asked for (`Wanted`)."""
    of_people = Q(subject_type=CONTACT)
    if wanted == Wanted.NOTES:
        return entries.filter(of_people)
    return entries.exclude(of_people) if wanted == Wanted.SYSTEM else entries


def latest_notes(trajectory: Trajectory, reader: User, most: int) -> list[dict[str, Any]]:
    """The last notes and talks that were held, and messages, as entries of the timeline; what was said only for who may know."""
    written = Q(status=ContactMoment.Status.HELD) | Q(kind=ContactMoment.Kind.MESSAGE)
    rows = ContactMoment.objects.filter(written, candidate=trajectory.candidate_id)
    found = talks_for(rows.order_by("-at", "-pk"), reader, parts_of(trajectory, reader), most)
    return [
        {
            "at": row.at,
            "title": row.get_kind_display(),
            "actor": row.by.name,
            "text": row.in_full,
            "icon": "note",
            "url": "",
        }
        for row in found
    ]


def timeline(trajectory: Trajectory, reader: User, entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """One page of the log in words; the contacts it speaks of are read in one query, what was said only for who may know."""
    rows = list(entries)
    ids = [row.subject_id for row in rows if row.subject_type == CONTACT]
    found = talks_for(ContactMoment.objects.filter(pk__in=ids), reader, parts_of(trajectory, reader)) if ids else []
    contacts = {row.pk: row for row in found}
    texts = _texts(trajectory, reader, rows)
    said = {row.pk: contacts.get(row.subject_id) if row.subject_type == CONTACT else None for row in rows}
    return _gathered(_entry(row, said[row.pk], texts.get(row.text_id or 0, "")) for row in rows)


def _texts(trajectory: Trajectory, reader: User, rows: list[AuditEntry]) -> dict[int, str]:
    """Why things were done, as far as this reader needs to know; what they wrote themself they may always read again."""
    if Part.REASONS in parts_of(trajectory, reader):
        return {row.text.pk: row.text.text for row in rows if row.text is not None}
    own = [row.text_id for row in rows if row.text_id and row.actor_id == reader.pk]
    return dict(AuditText.objects.filter(pk__in=own).values_list("pk", "text")) if own else {}


def _gathered(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same thing by the same person on the same day, one after another, is told once with how often."""
    told: list[dict[str, Any]] = []
    for entry in entries:
        last = told[-1] if told else None
        if last and not entry["text"] and all(entry[part] == last[part] for part in ("title", "actor", "day", "text")):
            last["times"] += 1
        else:
            told.append(entry | {"times": 1})
    for entry in told:
        if entry["times"] > 1:
            entry["title"] = _("%(what)s (%(n)s keer)") % {"what": entry["title"], "n": entry["times"]}
    return told


def _entry(row: AuditEntry, contact: ContactMoment | None, text: str) -> dict[str, Any]:
    return {
        "at": row.at,
        "day": clock.local(row.at),
        "title": _title(row, contact),
        "actor": row.actor.name if row.actor else row.get_party_display(),
        "text": contact.in_full if contact else text,
        "icon": verbs.icon(row.verb) or ICON_OF_SUBJECT.get(row.subject_type) or ("flag" if row.state_to else "check"),
        "url": "",
    }


def _title(row: AuditEntry, contact: ContactMoment | None) -> str:
    title = row.what
    if contact is not None and contact.is_note:
        kind = str(contact.get_kind_display())
        return kind if contact.is_held else _("%(message)s (niet aangekomen, of dat is niet zeker)") % {"message": kind}
    if contact is not None:
        return f"{title}: {contact.get_kind_display()} ({contact.get_status_display()})"
    if row.state_from and row.state_to != row.state_from:
        return f"{title}: {_state(row.state_from)} → {_state(row.state_to)}"
    if row.verb == verbs.RECORD_SUPPORT_STEP and row.details.get("kind") in SupportStep.Kind.values:
        outcome = row.details.get("outcome")
        known = SupportStep.Outcome(outcome).label if outcome in SupportStep.Outcome.values else _("nog te doen")
        return f"{SupportStep.Kind(row.details['kind']).label}: {known}"
    if row.verb == verbs.RECORD_INTERRUPTION and row.details.get("kind") in TrialInterruption.Kind.values:
        return f"{title}: {TrialInterruption.Kind(row.details['kind']).label}"
    if row.verb in (verbs.RECORD_VIEW, verbs.RECORD_NO_SHOW) and row.details.get("party") in Party.values:
        return f"{title}: {Party(row.details['party']).label}"
    if row.verb == verbs.GIVE_VIEW:
        party = Party(row.party).label if row.party in Party.values else row.get_party_display()
        outcome = _("positief") if row.details.get("positive") else _("niet positief")
        return f"{title}: {party}, {outcome}"
    if row.verb in (verbs.TICK_OFF, verbs.ESCALATE) and row.details.get("kind") in Deadline.Kind.values:
        return f"{title}: {Deadline.Kind(row.details['kind']).label}"
    return title


def _state(value: str) -> str:
    return str(State(value).label) if value in State.values else value
