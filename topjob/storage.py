"""Files that are there whole or not at all, also when the disk is full or the machine stops (fault 18, I6)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

UNFINISHED = ".deel"


class WholeFiles(FileSystemStorage):
    """Writes beside the final place first, asks the disk to keep it, and only then gives it its name."""

    def _save(self, name: str, content: File) -> str:
        final = Path(self.path(name))
        # The finished file gets the permissions and folders that Django gives; names are random and never taken twice.
        with _removed_when_it_fails(final.with_name(final.name + UNFINISHED)):
            unfinished = super()._save(name + UNFINISHED, content)
            written = Path(self.path(unfinished))
            _keep(written)
            written.rename(final)
            _keep(final.parent)
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
