"""Is everything still as it should be? Checks that look at the whole, with one clear line for each thing that isn't.

Every app registers its checks in a module `verify`; `manage.py verify` runs them all and so does the worker every night. Lines
name ids and numbers, never people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import sealing
from accounts.models import AuditLink, ReadingSeal, VerifyFinding, VerifyRun
from topjob import clock
from topjob.finding import all_findable, search_texts
from topjob.management.commands import grant_roles
from topjob.models import OutboxMessage
from topjob.storage import file_fields, is_older, stored_names

Look = Callable[[], Iterator[str]]
# A file is written just before its row: younger ones are left alone.
FILE_REST_SECONDS = 3600
BATCH = 5000


@dataclass(frozen=True)
class Check:
    """One question to the whole. A `live` one reads outside a snapshot, because files have none."""

    name: str
    label: Any
    look: Look
    live: bool = False


@dataclass(frozen=True)
class Finding:
    check: Check
    text: str


CHECKS: dict[str, Check] = {}


def check(name: str, label: Any, *, live: bool = False) -> Callable[[Look], Look]:
    """Register a function that yields a Dutch line for each thing that isn't as it should be."""

    def register(look: Look) -> Look:
        CHECKS[name] = Check(name, label, look, live)
        return look

    return register


def all_checks() -> list[Check]:
    """Every check of every app, in the order of the apps."""
    autodiscover_modules("verify")
    return list(CHECKS.values())


def look_at(checks: list[Check]) -> Iterator[Finding]:
    """Run these checks, each on one moment of the database."""
    for item in checks:
        with _one_moment(live=item.live):
            for text in item.look():
                yield Finding(item, text)


@contextmanager
def _one_moment(*, live: bool) -> Iterator[None]:
    """One snapshot for all queries of a check, without the time limit of a page."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not live and not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def verify() -> VerifyRun:
    """Seal what was logged, run every check and keep what was found, for the beheerder and for the next check."""
    started = clock.now()
    sealing.seal()
    findings = list(look_at(all_checks()))
    return _store(started, findings)


@transaction.atomic
def _store(started: datetime, findings: list[Finding]) -> VerifyRun:
    length, head = chain_head()
    last = ReadingSeal.objects.order_by("-position").first()
    run = VerifyRun.objects.create(
        started_at=started,
        ended_at=clock.now(),
        finding_count=len(findings),
        chain_length=length,
        chain_head=head,
        readings_length=last.position if last else 0,
        readings_head=last.hash if last else "",
        unsealed=sealing.waiting().rows,
    )
    VerifyFinding.objects.bulk_create(
        [VerifyFinding(run=run, check_name=finding.check.name, text=finding.text) for finding in findings],
        batch_size=BATCH,
    )
    return run


def label_of(name: str) -> str:
    """The words for a check, also for one that no longer exists."""
    all_checks()
    return str(CHECKS[name].label) if name in CHECKS else name


# --- The log ---------------------------------------------------------------------------------------------------------
# What a link covers. The same as in sql/topjob_audit_seal.sql, fingerprinted here by Python: a changed function shows.
CONTENT = """
SELECT l.position, l.previous, l.hash, l.text_hash, e.id, jsonb_build_array(
         e.id, extract(epoch FROM e.at), e.actor_id, e.party, e.verb, e.subject_type, e.subject_id, e.candidate_id,
         e.trajectory_id, e.state_from, e.state_to, e.details, e.text_id, l.text_hash)::text,
       t.id IS NOT NULL, encode(sha256(convert_to(t.salt::text || t.text, 'UTF8')), 'hex'), l.entry_id
  FROM accounts_auditlink l
  LEFT JOIN accounts_auditentry e ON e.id = l.entry_id
  LEFT JOIN accounts_audittext t ON t.id = e.text_id
  ORDER BY l.position
"""


def chain_head() -> tuple[int, str]:
    """How long the chain is and its last fingerprint: note it elsewhere, and nothing before it can be changed unseen."""
    last = AuditLink.objects.order_by("-position").values_list("position", "hash").first()
    return last or (0, "")


@check("logboek", gettext_lazy("De ketting van het logboek is heel"))
def audit_chain() -> Iterator[str]:
    """R14: no row of the log was changed, removed or slipped in, and none stands outside the chain."""
    yield from _links()
    yield from _outside_the_chain()
    yield from _earlier_heads()


def _links() -> Iterator[str]:
    before, place = "", 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(CONTENT)
        while rows := cursor.fetchmany(BATCH):
            for position, previous, stored, text_hash, entry, content, has_text, words, entry_id in rows:
                if position != place + 1:
                    yield _("Logboek: schakel %(n)s ontbreekt.") % {"n": place + 1}
                if previous != before:
                    yield _("Logboek: schakel %(n)s sluit niet aan op de vorige.") % {"n": position}
                if entry is None:
                    yield _("Logboek: regel %(id)s is verdwenen.") % {"id": entry_id}
                elif hashlib.sha256((previous + content).encode()).hexdigest() != stored:
                    yield _("Logboek: regel %(id)s is veranderd.") % {"id": entry_id}
                if has_text and words != text_hash:
                    yield _("Logboek: de toelichting bij regel %(id)s is veranderd.") % {"id": entry_id}
                before, place = stored, position


def _outside_the_chain() -> Iterator[str]:
    """Rows that no link has: those that wait for their seal only when they wait too long."""
    loose = """
        SELECT e.id, q.entry_id IS NULL FROM accounts_auditentry e
        LEFT JOIN accounts_auditlink l ON l.entry_id = e.id LEFT JOIN accounts_auditunsealed q ON q.entry_id = e.id
        WHERE l.id IS NULL AND (q.entry_id IS NULL OR q.since < clock_timestamp() - %s) ORDER BY e.id"""
    for entry, is_lost in _rows(loose, sealing.TOO_LONG):
        if is_lost:
            yield _("Logboek: regel %(id)s staat buiten de ketting.") % {"id": entry}
        else:
            yield _("Logboek: regel %(id)s wacht al te lang op een plaats in de ketting.") % {"id": entry}
    for (entry,) in _rows(
        "SELECT q.entry_id FROM accounts_auditunsealed q LEFT JOIN accounts_auditentry e ON e.id = q.entry_id"
        " WHERE e.id IS NULL ORDER BY q.entry_id"
    ):
        yield _("Logboek: regel %(id)s is verdwenen voordat hij in de ketting stond.") % {"id": entry}


def _earlier_heads() -> Iterator[str]:
    """What an earlier check saw is still there: the end of the chain wasn't cut off or written anew."""
    gone = """
        SELECT DISTINCT r.chain_length FROM accounts_verifyrun r LEFT JOIN accounts_auditlink l ON l.position = r.chain_length
        WHERE r.chain_length > 0 AND l.hash IS DISTINCT FROM r.chain_head ORDER BY 1"""
    for (length,) in _rows(gone):
        text = _(
            "Logboek: schakel %(n)s is niet meer wat een eerdere controle zag; er is iets weggehaald of herschreven."
        )
        yield text % {"n": length}


def _rows(query: str, *values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


# --- Who looked at whose data ------------------------------------------------------------------------------------------
READINGS = """
SELECT s.position, s.previous, s.hash, cardinality(s.readings), c.n, c.content FROM accounts_readingseal s CROSS JOIN LATERAL (
  SELECT count(*) AS n, coalesce(string_agg(jsonb_build_array(
      r.id, extract(epoch FROM r.at), r.actor_id, r.party, r.page, r.route, to_jsonb(r.people), r.trace,
      r.reason_id)::text, E'\\n' ORDER BY r.id), '') AS content
    FROM accounts_reading r WHERE r.id = ANY (s.readings)) c
  ORDER BY s.position
"""


@check("inzagen", gettext_lazy("De zegels onder wie wat heeft bekeken zijn heel"))
def readings_chain() -> Iterator[str]:
    """R14: no reading was changed, removed or slipped in, and none waits too long for its seal."""
    yield from _reading_seals()
    outside = """
        SELECT r.id, q.reading_id IS NULL FROM accounts_reading r
        LEFT JOIN (SELECT unnest(readings) AS id FROM accounts_readingseal) s ON s.id = r.id
        LEFT JOIN accounts_readingunsealed q ON q.reading_id = r.id
        WHERE s.id IS NULL AND (q.reading_id IS NULL OR q.since < clock_timestamp() - %s) ORDER BY r.id"""
    for reading, is_lost in _rows(outside, sealing.TOO_LONG):
        text = (
            _("Inzage %(id)s staat onder geen zegel.") if is_lost else _("Inzage %(id)s wacht al te lang op een zegel.")
        )
        yield text % {"id": reading}
    gone = """SELECT q.reading_id FROM accounts_readingunsealed q LEFT JOIN accounts_reading r ON r.id = q.reading_id
              WHERE r.id IS NULL ORDER BY 1"""
    for (reading,) in _rows(gone):
        yield _("Inzage %(id)s is verdwenen voordat zij verzegeld was.") % {"id": reading}
    cut = """
        SELECT DISTINCT v.readings_length FROM accounts_verifyrun v
        LEFT JOIN accounts_readingseal s ON s.position = v.readings_length
        WHERE v.readings_length > 0 AND s.hash IS DISTINCT FROM v.readings_head ORDER BY 1"""
    for (length,) in _rows(cut):
        yield _("Inzagen: zegel %(n)s is niet meer wat een eerdere controle zag.") % {"n": length}


def _reading_seals() -> Iterator[str]:
    before, place = "", 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(READINGS)
        for position, previous, stored, covered, present, content in cursor:
            if position != place + 1:
                yield _("Inzagen: zegel %(n)s ontbreekt.") % {"n": place + 1}
            if previous != before:
                yield _("Inzagen: zegel %(n)s sluit niet aan op het vorige.") % {"n": position}
            if present != covered:
                yield _("Inzagen: onder zegel %(n)s is een regel verdwenen.") % {"n": position}
            elif hashlib.sha256((previous + content).encode()).hexdigest() != stored:
                yield _("Inzagen: onder zegel %(n)s is een regel veranderd.") % {"n": position}
            before, place = stored, position


# --- Files -----------------------------------------------------------------------------------------------------------
@check(
    "bestanden",
    gettext_lazy("Elk bestand heeft zijn rij, elke rij haar bestand, met de juiste vingerafdruk"),
    live=True,
)
def stored_files() -> Iterator[str]:
    """I6: what is stored on disk is what was stored then; nothing is missing and nothing lies about."""
    for field in file_fields():
        yield from _files_of(field)
    yield from _strays()


def _files_of(field: models.FileField) -> Iterator[str]:
    model = field.model
    hashed = any(column.name == "sha256" for column in model._meta.concrete_fields)
    columns = ["pk", field.name, *(["sha256"] if hashed else [])]
    for pk, name, *expected in model._default_manager.values_list(*columns).iterator(chunk_size=BATCH):
        if not name:
            continue
        facts = {"what": model._meta.verbose_name, "id": pk}
        found = fingerprint_of(name)
        # Rows go before their files: one that was removed meanwhile is no loss.
        if found is None and model._default_manager.filter(pk=pk).exists():
            yield _("Bestand ontbreekt: %(what)s %(id)s.") % facts
        elif found is not None and expected and found != expected[0]:
            yield _("Bestand is veranderd: %(what)s %(id)s heeft een andere vingerafdruk.") % facts


def fingerprint_of(name: str) -> str | None:
    """SHA-256 of a stored file, read in pieces; nothing when it isn't there."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as stream:
            for chunk in stream.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def _strays() -> Iterator[str]:
    """Files that no row names; those just written are left alone, their row may still be coming."""
    old = (name for path, name in stored_names() if is_older(path, FILE_REST_SECONDS))
    while names := list(islice(old, BATCH)):
        for name in sorted(set(names) - _named_by_rows(names)):
            if not default_storage.exists(name):  # rows go before their files: it was removed meanwhile
                continue
            yield _("Bestand zonder rij: %(name)s.") % {"name": name}


def _named_by_rows(names: list[str]) -> set[str]:
    asked = ((field.model._default_manager, field.name) for field in file_fields())
    found = (rows.filter(**{f"{column}__in": names}).values_list(column, flat=True) for rows, column in asked)
    return {name for few in found for name in few}


# --- Rights ----------------------------------------------------------------------------------------------------------
@check("rechten", gettext_lazy("Niemand komt met een eigen tabel om de regels heen"))
def rights_are_shut() -> Iterator[str]:
    """DECISIONS 29: the application makes no tables, and every function finds its tables in one place."""
    yield from grant_roles.open_doors()


# --- Work that follows -----------------------------------------------------------------------------------------------
@check("adressen", gettext_lazy("Iedereen logt in met het adres van het eigen account"))
def addresses_are_one() -> Iterator[str]:
    """Identity has one source: what allauth logs in with is what the account says (DECISIONS 27)."""
    query = """SELECT u.id FROM accounts_user u FULL JOIN account_emailaddress a ON a.user_id = u.id
               WHERE a.id IS NULL OR lower(u.email) <> a.email OR NOT a.primary
                  OR a.verified <> (u.email_verified_at IS NOT NULL) ORDER BY u.id"""
    for (pk,) in _rows(query):
        yield _("Gebruiker %(pk)s: het inlogadres is niet dat van het account.") % {"pk": pk}


@check("werk", gettext_lazy("Geen werk is opgegeven of onzeker"))
def given_up_work() -> Iterator[str]:
    """Mails and PDFs that were given up, or of which nobody knows whether they arrived."""
    waiting = (OutboxMessage.Outcome.DEAD, OutboxMessage.Outcome.UNKNOWN)
    for message in OutboxMessage.objects.filter(outcome__in=waiting).order_by("pk").iterator(chunk_size=BATCH):
        facts = {"id": message.pk, "name": message.handler, "outcome": message.outcome}
        yield _("Werk %(id)s (%(name)s): %(outcome)s.") % facts


# --- Searching -------------------------------------------------------------------------------------------------------
@check("zoeken", gettext_lazy("Wat voor het zoeken bewaard is, klopt met de namen"))
def search_texts_follow() -> Iterator[str]:
    """Rows whose folded names aren't those of the names they have now: nobody would find them."""
    for model in all_findable():
        fields = search_texts(model)
        columns = {name for field in fields for name in (field.attname, *field.sources)}
        for row in model._default_manager.only(*columns).order_by("pk").iterator(chunk_size=BATCH):
            if any(getattr(row, field.attname) != field.of(row) for field in fields):
                facts = {"what": model._meta.verbose_name, "id": row.pk}
                yield _("Zoeken: %(what)s %(id)s wordt niet met de huidige naam gevonden.") % facts
