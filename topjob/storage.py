"""Files that are there whole or not at all, also when the disk is full or the machine stops (fault 18, I6).

A file is written before its row. When the row doesn't come (the transaction is rolled back, the process is killed) the file
goes as well: at the end of the request or the task, and what a killed process left in the nightly sweep.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from topjob.processes import UNFINISHED

# In the folder of files: which database it belongs to.
OWNER = ".database"
# No transaction lives as long as this, so no row can still be coming; and what a backup brought back can be looked at first.
SWEPT_AFTER_SECONDS = 24 * 60 * 60


class _Waiting(threading.local):
    """Files that were written within a transaction which hasn't ended well (yet), with the database it is in."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], WholeFiles] = {}


_waiting = _Waiting()


class WholeFiles(FileSystemStorage):
    """Writes beside the final place first, asks the disk to keep it, and only then gives it its name."""

    def _save(self, name: str, content: File) -> str:
        final = Path(self.path(name))
        # The finished file gets the permissions and folders that Django gives; names are random and never taken twice.
        with _removed_when_it_fails(final.with_name(final.name + UNFINISHED)):
            unfinished = super()._save(name + UNFINISHED, content)  # type: ignore[misc]
            written = Path(self.path(unfinished))
            _keep(written)
            written.rename(final)
            _keep(final.parent)
        if connection.in_atomic_block:
            key = (connection.settings_dict["NAME"], name)
            _waiting.files[key] = self
            transaction.on_commit(lambda: _waiting.files.pop(key, None))
        return name


@contextmanager
def _removed_when_it_fails(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _keep(path: Path) -> None:
    """Ask the disk to keep a file, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- Files whose row never came ---------------------------------------------------------------------------------------
def remove_rolled_back(**_signal: Any) -> None:
    """The transaction is over: files that were written in it and that no row names have no place."""
    if not connection.in_atomic_block:
        for key, storage in list(_waiting.files.items()):
            database, name = key
            # Without an answer of the database nobody knows; then the sweep finds it.
            with suppress(DatabaseError):
                if database == connection.settings_dict["NAME"] and not is_named(name):
                    storage.delete(name)
            del _waiting.files[key]


def sweep(older_than: float = SWEPT_AFTER_SECONDS) -> list[str]:
    """Remove what a killed process left: files that no row names and that were last written so long ago.

    Never in a folder of another database, such as that of a server that was named for one start: there every file looks lost.
    """
    if not belongs_here():
        return []
    old = [(path, name) for path, name in stored_names() if is_older(path, older_than)]
    named = named_files() if old else set()
    gone = []
    for path, name in old:
        # Asked once more of the few that are left: these go for good.
        if name not in named and not is_named(name):
            path.unlink(missing_ok=True)
            gone.append(name)
    return gone


def belongs_here() -> bool:
    """Whether this folder is that of the database of now: it says so, or it is new, or this database names files in it."""
    mark, identity = _mark(), _identity()
    if mark.exists():
        return mark.read_text() == identity
    known = {name for _path, name in stored_names()}
    if known and not known & named_files():
        return False
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(identity)
    return True


def remove_all() -> None:
    """Remove every file of the database of now, which is thrown away itself; a folder that doesn't say it is its own stays.

    The mark goes last: interrupted, this can be done again.
    """
    if _mark().exists() and _mark().read_text() == _identity():
        for path, _name in stored_names():
            path.unlink(missing_ok=True)
        _mark().unlink()


def _mark() -> Path:
    return Path(default_storage.location) / OWNER  # type: ignore[attr-defined]


def _identity() -> str:
    """What tells one database from another, also after it was put back from a backup: the moment at which it began."""
    began = MigrationRecorder.Migration.objects.order_by("applied").values_list("applied", flat=True).first()
    return began.isoformat() if began else ""


def named_files() -> set[str]:
    """Every file that a row has, in one question a table."""
    rows = (field.model._default_manager.order_by().values_list(field.name, flat=True) for field in file_fields())
    return {str(name) for names in rows for name in names.iterator()}


def is_named(name: str) -> bool:
    """Whether a row has this file."""
    return any(field.model._default_manager.filter(**{field.name: name}).exists() for field in file_fields())


def file_fields() -> list[models.FileField]:
    """Every column that names a file in our storage."""
    columns = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    return [field for field in columns if isinstance(field, models.FileField) and field.storage is default_storage]


def stored_names() -> Iterator[tuple[Path, str]]:
    """Every file in the storage with its name."""
    assert isinstance(default_storage, FileSystemStorage)
    root = Path(default_storage.location)
    for path in _files_in(root) if root.exists() else ():
        if path.name != OWNER:
            yield path, path.relative_to(root).as_posix()


def _files_in(folder: Path) -> Iterator[Path]:
    """One after another as the folder gives them: there may be a hundred thousand."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files_in(Path(entry.path))
            elif entry.is_file():
                yield Path(entry.path)


def is_older(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False
