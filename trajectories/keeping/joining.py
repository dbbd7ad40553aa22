"""Joining two files of one person (R13): what goes where, and why it can't be done or undone.

What moves is found by the foreign keys to the person, so a new table is covered from its first day. A row of which the kept file
has one already stays readable at the joined file; what would break a rule is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.need_to_know import Parts
from candidates import rules
from candidates.models import Candidate, DifferentPeople, FileJoin
from matching.models import SearchProfile
from topjob import clock
from topjob.conditions import no_row, whether
from topjob.dates import nl_date, nl_moment
from topjob.errors import Reason
from trajectories.journey.need_to_know import PART_OF_TABLE
from trajectories.keeping.retention import foreign_keys
from trajectories.models import LegalHold, Trajectory

Key = tuple[type[models.Model], models.ForeignKey]
UNDO_WITHIN = timedelta(days=1)
# What was decided about files stays with the numbers it was decided about.
ABOUT_FILES: tuple[type[models.Model], ...] = (FileJoin, DifferentPeople)
# A confirmed zoekprofiel never changes, its person included; the kept file has its own.
NEVER_MOVE: tuple[type[models.Model], ...] = (SearchProfile,)


# --- What goes where -------------------------------------------------------------------------------------------------
@dataclass
class Part:
    """The rows of one table: which go to the kept file, and which stay at the joined one because the kept file has its own."""

    model: type[models.Model]
    key: models.ForeignKey
    moves: list[int] = field(default_factory=list)
    stays: list[int] = field(default_factory=list)

    @property
    def label(self) -> str:
        if self.model is Candidate:
            return _("eerder samengevoegde dossiers")
        return label_of(self.model)

    @property
    def rows(self) -> list[int]:
        return self.moves + self.stays

    @property
    def may_stay(self) -> bool:
        """A part of a file may be there twice; what the work rests on may not."""
        return self.model is LegalHold or _is_fixed(self.model) or self.key.remote_field.on_delete is models.CASCADE


def label_of(model: type[models.Model]) -> str:
    """A table as people call it; where nobody gave a plural, the word itself."""
    has_plural = "verbose_name_plural" in model._meta.original_attrs
    text = str(model._meta.verbose_name_plural if has_plural else model._meta.verbose_name)
    return text[:1].upper() + text[1:]


def keys_to_person() -> Iterator[Key]:
    """Every column by which something hangs on a person's file."""
    for model, key in foreign_keys():
        if key.related_model is Candidate and model not in ABOUT_FILES:
            yield model, key


def parts_of(kept: Candidate, joined: Candidate) -> list[Part]:
    """Everything that hangs on the joined file, by table, in one question."""
    keys = list(keys_to_person())
    found = [Part(model, key) for model, key in keys]
    questions = [_rows_of(number, model, key, kept, joined) for number, (model, key) in enumerate(keys)]
    for number, pk, stays in questions[0].union(*questions[1:], all=True):
        (found[number].stays if stays else found[number].moves).append(pk)
    return [part for part in found if part.rows]


def _rows_of(
    number: int, model: type[models.Model], key: models.ForeignKey, kept: Candidate, joined: Candidate
) -> models.QuerySet[Any, Any]:
    stays = Value(True) if _is_fixed(model) else whether(_clash(model, key, kept))
    rows = model._base_manager.filter(**{key.name: joined}).order_by()
    return rows.annotate(of_table=Value(number, models.IntegerField()), stays=stays).values_list(
        "of_table", "pk", "stays"
    )


def _is_fixed(model: type[models.Model]) -> bool:
    return getattr(model, "protected_rows", False) or model in NEVER_MOVE


def _clash(model: type[models.Model], key: models.ForeignKey, kept: Candidate) -> Q:
    """Whether the kept file has a row beside which this one can't be, by the constraints of the table itself."""
    theirs = model._base_manager.filter(**{key.name: kept}).order_by()
    found = Q(Exists(theirs)) if key.unique else no_row()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and key.name in constraint.fields:
            same = {name: OuterRef(name) for name in constraint.fields if name != key.name}
            condition = constraint.condition or Q()
            found |= condition & Q(Exists(theirs.filter(condition, **same)))
        if isinstance(constraint, ExclusionConstraint) and (overlapping := _overlap(constraint, key)):
            found |= Q(Exists(theirs.filter(**overlapping)))
    return found


def _overlap(constraint: ExclusionConstraint, key: models.ForeignKey) -> dict[str, Any]:
    """The ranges that may not overlap for one person."""
    columns = {name: operator for name, operator in constraint.expressions if isinstance(name, str)}
    if columns.get(key.name) != RangeOperators.EQUAL:
        return {}
    ranges = [name for name, operator in columns.items() if operator == RangeOperators.OVERLAPS]
    return {f"{name}__overlap": OuterRef(name) for name in ranges}


@dataclass(frozen=True)
class Stayed:
    """What a joined file still has of one table, to be read."""

    label: str
    rows: list[list[tuple[str, str]]]


def stayed(joined: Candidate, parts: Parts) -> list[Stayed]:
    """What still hangs on a joined file and is for this reader to know, in the words of the tables themselves."""
    found = []
    for model, key in _with_rows_of(joined, parts):
        one = [column.name for column in _readable(model, key) if column.is_relation]
        rows = list(model._base_manager.filter(**{key.name: joined}).select_related(*one).order_by("pk"))
        told = [[_pair(row, column) for column in _readable(model, key)] for row in rows]
        found.append(Stayed(label_of(model), [[pair for pair in row if pair[1]] for row in told]))
    return found


def _with_rows_of(joined: Candidate, parts: Parts) -> list[Key]:
    """The tables that have rows of this file, as far as this reader may know; most rows went along to the other file."""
    keys = [row for row in keys_to_person() if PART_OF_TABLE.get(row[0]._meta.label_lower) in parts]
    keys = [(model, key) for model, key in keys if model is not Candidate]
    each = [
        model._base_manager.filter(**{key.name: joined}).order_by().values_list(Value(place), flat=True)
        for place, (model, key) in enumerate(keys)
    ]
    return [keys[place] for place in sorted(each[0].union(*each[1:]))] if each else []


def _readable(model: type[models.Model], key: models.ForeignKey) -> list[models.Field]:
    """Columns that say something to people: no keys of our own, nothing that was only stored for matching."""
    hidden = (models.JSONField, ArrayField, models.BooleanField)
    columns = [column for column in model._meta.concrete_fields if column not in (key, model._meta.pk)]
    return [column for column in columns if not isinstance(column, hidden) and _has_words(column)]


def _has_words(column: models.Field) -> bool:
    """Whether somebody gave it a label of its own."""
    return str(column.verbose_name) != column.name.replace("_", " ")


def _pair(row: models.Model, column: models.Field) -> tuple[str, str]:
    label = str(column.verbose_name)
    show = getattr(row, f"get_{column.name}_display", None)
    value = show() if show else getattr(row, column.name)
    if isinstance(value, datetime):
        value = nl_moment(value)
    elif isinstance(value, date):
        value = nl_date(value)
    return label[:1].upper() + label[1:], "" if value is None else str(value)


# --- Why not ---------------------------------------------------------------------------------------------------------
def refusals(kept: Candidate, joined: Candidate, parts: list[Part], user: User) -> list[Reason]:
    """Why these files can't be joined in this direction, each with what to do first."""
    if kept.pk == joined.pk:
        return [Reason(_("Kies een ander dossier dan dit zelf."))]
    if not rules.may_join(user, kept, joined):
        return [Reason(_("Samenvoegen doet de frontoffice van de regio van beide dossiers."))]
    if kept.joined_into_id or joined.joined_into_id:
        return [Reason(_("Een van deze dossiers is al samengevoegd met een ander dossier."))]
    return [*_two_people(kept, joined), *_two_logins(kept, joined), *_running(kept, joined), *_in_the_way(parts)]


def _two_people(kept: Candidate, joined: Candidate) -> list[Reason]:
    if not (kept.bsn and joined.bsn and kept.bsn != joined.bsn):
        return []
    text = _("De dossiers hebben een verschillend BSN: dit zijn twee personen, of een van de nummers klopt niet.")
    return [Reason(text, "candidates:person_data", joined.pk)]


def _two_logins(kept: Candidate, joined: Candidate) -> list[Reason]:
    if not (has_login(kept) and has_login(joined)):
        return []
    text = _(
        "Beide dossiers hebben een inlog. Laat de beheerder eerst de inlog uitzetten die niet meer wordt gebruikt."
    )
    return [Reason(text)]


def has_login(person: Candidate) -> bool:
    return person.user is not None and person.user.is_active


def _running(kept: Candidate, joined: Candidate) -> list[Reason]:
    """R13: one open trajectory; the file that has it is the one that is kept, so that the work goes on where it is."""
    running = {row.candidate_id: row.pk for row in Trajectory.objects.open().filter(candidate__in=[kept, joined])}
    if len(running) == 2:
        text = _("Beide dossiers hebben een lopend traject. Rond dit traject eerst af: stop het en sluit het dossier.")
        return [Reason(text, "trajectories:detail", running[joined.pk])]
    if joined.pk in running:
        text = _("In het andere dossier loopt een traject. Houd dat dossier aan: draai de richting om.")
        return [Reason(text, "trajectories:join", joined.pk, (kept.pk,))]
    return []


def _in_the_way(parts: list[Part]) -> list[Reason]:
    blocked = [part for part in parts if part.stays and not part.may_stay and part.model is not Trajectory]
    text = _("%(what)s: beide dossiers hebben er een op hetzelfde moment. Eén ervan klopt niet; verbeter dat eerst.")
    return [Reason(text % {"what": part.label}) for part in blocked]


def told_apart(kept: Candidate, joined: Candidate) -> bool:
    """Whether somebody decided before that these are two people."""
    pair = Q(one=kept, other=joined) | Q(one=joined, other=kept)
    return DifferentPeople.objects.filter(pair).exists()


# --- Undoing ---------------------------------------------------------------------------------------------------------
def undo_until(join: FileJoin) -> Any:
    return join.at + UNDO_WITHIN


def undo_refusals(join: FileJoin, user: User) -> list[Reason]:
    """Why a joining can't be undone, or not any more."""
    if not rules.may_join(user, join.kept, join.joined):
        return [Reason(_("Ongedaan maken doet de frontoffice van de regio van beide dossiers."))]
    if join.undone_at is not None:
        return [Reason(_("Dit is al ongedaan gemaakt."))]
    if clock.now() > undo_until(join):
        return [Reason(_("Ongedaan maken kan tot een dag na het samenvoegen."))]
    if join.kept.joined_into_id is not None or join.joined.joined_into_id != join.kept_id:
        text = _("Dit dossier is daarna zelf samengevoegd met een ander. Maak dat eerst ongedaan.")
        return [Reason(text, "candidates:person", join.joined.joined_into_id)]
    return [Reason(text, "candidates:person", join.kept_id) for text in _worked_on(join)]


def moved_rows(join: FileJoin) -> dict[Key, list[int]]:
    """What went along, by table and column."""
    found: dict[Key, list[int]] = {}
    for label, column, pk in join.moved.values_list("table", "column", "row_id"):
        model = apps.get_model(label)
        found.setdefault((model, model._meta.get_field(column)), []).append(pk)
    return found


def _worked_on(join: FileJoin) -> list[str]:
    """Work of the kept file since then that rests on a row of the other: it can't be taken from under it."""
    moved: dict[Any, list[int]] = {model: ids for (model, _key), ids in moved_rows(join).items()}
    text = _("Met iets uit het andere dossier is intussen verder gewerkt (%(what)s). Terugzetten kan daarom niet meer.")
    found = []
    for model, key in foreign_keys():
        owner = _owner_of(model)
        if not owner or key.related_model not in moved:
            continue
        rows = model._base_manager.filter(**{f"{key.name}__in": moved[key.related_model], owner: join.kept_id})
        own = Q(pk__in=moved.get(model, ())) if owner == "candidate" else Q(trajectory__in=moved.get(Trajectory, ()))
        if rows.exclude(own).exists():
            found.append(text % {"what": str(model._meta.verbose_name)})
    return found


def _owner_of(model: type[models.Model]) -> str:
    names = {column.name for column in model._meta.concrete_fields}
    return "candidate" if "candidate" in names else "trajectory__candidate" if "trajectory" in names else ""
