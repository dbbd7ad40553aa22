"""The timeline of a case: the log in words, with what was written in the contacts it speaks of (R14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry, AuditText, User
from accounts.need_to_know import Part
from candidates.knowing import talks_for
from candidates.models import Candidate, ContactMoment
from topjob import clock
from trajectories.journey.need_to_know import log_not_for, parts_of
from trajectories.models import Deadline, SupportStep, Trajectory, TrialInterruption
from trajectories.models.plan import Party
from trajectories.process.workflow import State, step_named, step_names

CONTACT = "candidates.contactmoment"

VERBS = {
    "admit": gettext_lazy("Toch toegelaten"),
    "add_check_in": gettext_lazy("Nazorgcontact gepland"),
    "assign": gettext_lazy("Toegewezen aan een afdeling"),
    "choose_vacancy": gettext_lazy("Vacature gekozen"),
    "codes_guessed": gettext_lazy("Te vaak een verkeerde code om te tekenen"),
    "decide_wage_value": gettext_lazy("Besloten of loonwaarde nodig is"),
    "decline_to_sign": gettext_lazy("Startplan niet getekend"),
    "draft_advice": gettext_lazy("Advies voorbereid"),
    "draft_plan": gettext_lazy("Startplan opgesteld"),
    "escalate": gettext_lazy("Termijn doorgegeven aan de coördinator"),
    "extend_trial": gettext_lazy("Proefperiode verlengd"),
    "give_view": gettext_lazy("Oordeel gegeven"),
    "hand_over": gettext_lazy("Begeleider gewijzigd: overgedragen"),
    "invite_candidate": gettext_lazy("Uitgenodigd voor de eigen pagina"),
    "make_paper": gettext_lazy("Document gemaakt"),
    "paper_rendered": gettext_lazy("Document als PDF vastgelegd"),
    "plan_rendered": gettext_lazy("Startplan als PDF vastgelegd"),
    "record_check_in": gettext_lazy("Nazorgcontact vastgelegd"),
    "record_coaching": gettext_lazy("Jobcoachgesprek vastgelegd"),
    "record_completion": gettext_lazy("Administratieve afronding bijgewerkt"),
    "record_exit_talk": gettext_lazy("Exitgesprek vastgelegd"),
    "end_interruption": gettext_lazy("Onderbreking afgelopen"),
    "record_hourly_wage": gettext_lazy("Uurloon van een contract vastgelegd"),
    "record_interruption": gettext_lazy("Proefperiode onderbroken"),
    "record_no_show": gettext_lazy("Niet gekomen bij de evaluatie"),
    "record_permission": gettext_lazy("Besluit van de opdrachtgever vastgelegd"),
    "record_qualification": gettext_lazy("Kwalificatie vastgelegd"),
    "record_quick_scan": gettext_lazy("Quick-scan gedaan"),
    "record_support": gettext_lazy("Regelingen voor de werkgever bijgewerkt"),
    "record_support_step": gettext_lazy("Stap voor een regeling vastgelegd"),
    "record_talk": gettext_lazy("Sollicitatiegesprek vastgelegd"),
    "record_view": gettext_lazy("Oordeel vastgelegd namens een partij"),
    "record_wage_value": gettext_lazy("Loonwaarde vastgelegd"),
    "refuse_scan": gettext_lazy("Scan van een handtekening afgekeurd"),
    "remind": gettext_lazy("Herinnering verstuurd"),
    "request_code": gettext_lazy("Code om te tekenen gevraagd"),
    "request_link": gettext_lazy("Nieuwe persoonlijke link gevraagd"),
    "ask_mailbox": gettext_lazy("Nog eens gevraagd of het e-mailadres klopt"),
    "resend_link": gettext_lazy("Persoonlijke link opnieuw verstuurd"),
    "save_plan": gettext_lazy("Startplan bewerkt"),
    "send_plan": gettext_lazy("Startplan verstuurd"),
    "send_paper": gettext_lazy("Document verstuurd"),
    "set_guides": gettext_lazy("Begeleiders gewijzigd"),
    "set_party": gettext_lazy("Ondertekenaar gewijzigd"),
    "set_signer": gettext_lazy("Ondertekenaar gewijzigd"),
    "sign": gettext_lazy("Startplan getekend"),
    "signed_paper_rendered": gettext_lazy("Document met handtekeningen als PDF vastgelegd"),
    "signed_plan_rendered": gettext_lazy("Startplan met handtekeningen als PDF vastgelegd"),
    "upload_scan": gettext_lazy("Scan van een handtekening geüpload"),
    "withdraw_paper": gettext_lazy("Document ingetrokken"),
    "start_assessment": gettext_lazy("Loonwaardemeting begonnen"),
    "tick_off": gettext_lazy("Termijn afgevinkt"),
}
ICONS = {
    "assign": "inbox",
    "choose_vacancy": "building",
    "introduce": "building",
    "sign": "pen",
    "decline_to_sign": "warn",
    "codes_guessed": "warn",
    "draft_plan": "file",
    "save_plan": "file",
    "plan_rendered": "file",
    "send_plan": "mail",
    "ask_mailbox": "mail",
    "resend_link": "mail",
    "remind": "mail",
    "tick_off": "check",
    "set_guides": "people",
    "hand_over": "people",
    "record_qualification": "star",
    "stop": "stop",
    "break_off_trial": "stop",
    "close": "lock",
    "give_view": "note",
    "record_view": "note",
    "record_no_show": "warn",
    "record_coaching": "note",
}
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
        "text": (contact.notes or contact.subject) if contact else text,
        "icon": ICONS.get(row.verb) or ICON_OF_SUBJECT.get(row.subject_type) or ("flag" if row.state_to else "check"),
        "url": "",
    }


def _title(row: AuditEntry, contact: ContactMoment | None) -> str:
    title = verb_in_words(row.verb)
    if contact is not None and contact.kind == ContactMoment.Kind.NOTE:
        return str(contact.get_kind_display())
    if contact is not None:
        return f"{title}: {contact.get_kind_display()} ({contact.get_status_display()})"
    if row.state_from and row.state_to != row.state_from:
        return f"{title}: {_state(row.state_from)} → {_state(row.state_to)}"
    if row.verb == "record_support_step" and row.details.get("kind") in SupportStep.Kind.values:
        outcome = row.details.get("outcome")
        known = SupportStep.Outcome(outcome).label if outcome in SupportStep.Outcome.values else _("nog te doen")
        return f"{SupportStep.Kind(row.details['kind']).label}: {known}"
    if row.verb == "record_interruption" and row.details.get("kind") in TrialInterruption.Kind.values:
        return f"{title}: {TrialInterruption.Kind(row.details['kind']).label}"
    if row.verb in ("record_view", "record_no_show") and row.details.get("party") in Party.values:
        return f"{title}: {Party(row.details['party']).label}"
    if row.verb == "sign" and "paper" in row.details:
        return _("Document getekend")
    if row.verb == "give_view":
        party = Party(row.party).label if row.party in Party.values else row.get_party_display()
        outcome = _("positief") if row.details.get("positive") else _("niet positief")
        return f"{title}: {party}, {outcome}"
    if row.verb in ("tick_off", "escalate") and row.details.get("kind") in Deadline.Kind.values:
        return f"{title}: {Deadline.Kind(row.details['kind']).label}"
    return title


def _state(value: str) -> str:
    return str(State(value).label) if value in State.values else value


def verb_in_words(verb: str) -> str:
    """A verb of the log as people read it: the step's own label, or its words here; other apps log in Dutch."""
    if verb in step_names():
        return str(step_named(verb).label)
    words = str(VERBS.get(verb, verb))
    return words[:1].upper() + words[1:]
