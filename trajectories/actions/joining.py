"""Joining two files of one person, and undoing that within a day (R13, R14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import record
from accounts.models import User
from candidates import likeness
from candidates.models import Candidate, FileJoin, MovedRow, Registration, TakenField
from candidates.models.person import lookup_hash
from topjob import clock
from topjob.errors import Refused
from trajectories.journey.core import lock, touch
from trajectories.keeping.joining import Part, has_login, moved_rows, parts_of, refusals, undo_refusals
from trajectories.models import Trajectory

# Besides what people choose: these are taken over when the kept file has none.
SILENT = ("gender", "bsn")


@transaction.atomic
def join_files(kept: Candidate, joined: Candidate, *, take: Iterable[str] = (), by: User) -> FileJoin:
    """Make two files of one person one. `take` names what the kept file takes over of the other's own data.

    Everything of both stays: what hangs on the joined file moves, what the kept file has already stays readable there, and its
    number leads to the kept file from now on.
    """
    kept, joined = _locked(kept, joined)
    parts = parts_of(kept, joined)
    if reasons := refusals(kept, joined, parts, by):
        raise Refused(*reasons, title=_("Dossiers samenvoegen"))
    join = FileJoin.objects.create(kept=kept, joined=joined, at=clock.now(), by=by)
    for part in parts:
        _move(part, join)
    _take_over(join, take)
    Candidate.objects.filter(pk=joined.pk).update(joined_into=kept)
    _refresh_case(kept)
    moved = sum(len(part.moves) for part in parts)
    record(verbs.FILES_JOINED, kept, by=by, candidate_id=kept.pk, joined=joined.pk, join=join.pk, rows=moved)
    return join


def _locked(*people: Candidate) -> list[Candidate]:
    """These files as they are now, held; their registrations first, as whoever assigns one does."""
    numbers = [person.pk for person in people]
    list(Registration.objects.select_for_update().filter(candidate__in=numbers).order_by("pk"))
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("region", "user").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=numbers)}
    return [found[pk] for pk in numbers]


def _move(part: Part, join: FileJoin) -> None:
    table, column = part.model._meta.label, part.key.name
    part.model._base_manager.filter(pk__in=part.moves).update(**{column: join.kept})
    MovedRow.objects.bulk_create(MovedRow(join=join, table=table, column=column, row_id=pk) for pk in part.moves)


def _take_over(join: FileJoin, take: Iterable[str]) -> None:
    """The person's own data in the kept file, with what was there before."""
    kept, joined = join.kept, join.joined
    names = [name for _label, group in likeness.GROUPS.values() for name in group]
    before = {name: _as_text(kept, name) for name in (*names, *SILENT)}
    changed = likeness.take_over(kept, joined, take)
    for name in SILENT:
        if getattr(kept, name) in ("", None, Candidate.Gender.UNKNOWN) and getattr(joined, name):
            setattr(kept, name, getattr(joined, name))
            changed.append(name)
    if changed:
        _save(kept)
    taken = [TakenField(join=join, name=name, before=before[name], after=_as_text(kept, name)) for name in changed]
    TakenField.objects.bulk_create(row for row in taken if row.before != row.after)
    _take_login(join)


def _save(person: Candidate) -> None:
    person.bsn_hmac = lookup_hash(person.bsn or "")
    person.save()


def _take_login(join: FileJoin) -> None:
    """The login that works goes along; one that was put out changes places with it."""
    kept, joined = join.kept, join.joined
    if has_login(joined) and not has_login(kept):
        TakenField.objects.create(join=join, name="user", before=str(kept.user_id or ""), after=str(joined.user_id))
        _exchange_logins(kept, joined)


def _exchange_logins(kept: Candidate, joined: Candidate) -> None:
    ours, theirs = kept.user, joined.user
    for person, user in ((joined, None), (kept, theirs), (joined, ours)):
        person.user = user
        person.save(update_fields=["user"])


def _as_text(person: Candidate, name: str) -> str:
    value = getattr(person, name)
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def _refresh_case(kept: Candidate) -> None:
    """The guards and deadlines of the running case see what the file holds now."""
    running = Trajectory.objects.open().filter(candidate=kept).first()
    if running is not None:
        touch(lock(running))


@transaction.atomic
def undo_join(join: FileJoin, *, by: User) -> FileJoin:
    """Within a day: put back exactly what moved. What was added since stays with the kept file."""
    join = FileJoin.objects.select_for_update(of=("self",)).get(pk=join.pk)
    join.kept, join.joined = _locked(join.kept, join.joined)
    if reasons := undo_refusals(join, by):
        raise Refused(*reasons, title=_("Samenvoegen ongedaan maken"))
    join.undone_at, join.undone_by = clock.now(), by
    join.save(update_fields=["undone_at", "undone_by"])
    Candidate.objects.filter(pk=join.joined_id).update(joined_into=None)
    join.joined.joined_into = None
    for (model, key), ids in moved_rows(join).items():
        _move_back(model, key, ids, join)
    _give_back(join)
    _refresh_case(join.kept)
    record(
        verbs.JOIN_UNDONE,
        join.kept,
        by=by,
        candidate_id=join.kept_id,
        joined=join.joined_id,
        join=join.pk,
    )
    return join


def _move_back(model: type[models.Model], key: models.ForeignKey, ids: list[int], join: FileJoin) -> None:
    rows: Any = model._base_manager.filter(pk__in=ids, **{key.name: join.kept_id})
    rows.update(**{key.name: join.joined_id})


def _give_back(join: FileJoin) -> None:
    """The kept file's own data as they were, except what somebody changed since."""
    kept, changed = join.kept, False
    for row in join.taken.exclude(name="user"):
        if _as_text(kept, row.name) == (row.after or ""):
            field = Candidate._meta.get_field(row.name)
            setattr(kept, row.name, field.to_python(row.before or ""))  # type: ignore[union-attr]
            changed = True
    if changed:
        _save(kept)
    login = join.taken.filter(name="user").first()
    if login is not None and str(kept.user_id or "") == login.after:
        _exchange_logins(kept, join.joined)
