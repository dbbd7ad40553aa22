"""A file whose row never came goes too: at once when the transaction is rolled back, at night when the process was killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.signals import request_finished
from django.db import transaction

from topjob import storage

WRITES_AND_DIES = """
import os, django; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
with transaction.atomic():
    default_storage.save("proef/half.pdf", ContentFile(b"%PDF"))
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def files(own_database, tmp_path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and path.name != storage.OWNER]


def test_a_rolled_back_transaction_leaves_no_file(files):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        # Whoever wrote it is done without an error; what comes later in the same transaction fails.
        with transaction.atomic():
            default_storage.save("proef/half.pdf", ContentFile(b"%PDF"))
        assert kept(files) == ["half.pdf"]
        raise ZeroDivisionError
    request_finished.send(None)
    assert kept(files) == []


def test_a_file_that_a_row_names_stays_whatever_was_heard_of_its_transaction(files, monkeypatch):
    monkeypatch.setattr(storage, "is_named", lambda name: True)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        default_storage.save("proef/heel.pdf", ContentFile(b"%PDF"))
        raise ZeroDivisionError
    request_finished.send(None)
    assert kept(files) == ["heel.pdf"]


def test_a_committed_transaction_keeps_its_file(files):
    with transaction.atomic():
        default_storage.save("proef/heel.pdf", ContentFile(b"%PDF"))
    request_finished.send(None)
    assert kept(files) == ["heel.pdf"]


def test_a_folder_of_another_database_is_not_swept(own_database, files):
    """Its files look lost, and are somebody's: `DATABASE_URL` was given for one start, or is left out for one."""
    (files / "kandidaten").mkdir(parents=True)
    (files / "kandidaten" / "cv").write_bytes(b"%PDF")
    assert storage.sweep(0) == [] and storage.sweep(-1) == []
    (files / storage.OWNER).write_text("een andere databank")
    assert storage.sweep(-1) == []
    assert (files / "kandidaten" / "cv").exists()


def test_what_a_killed_process_left_is_swept_after_a_day_and_all_is_well(cluster, own_database, files, capsys):
    assert storage.sweep() == []  # the folder is this database's from now on
    environment = {**os.environ, **cluster.environment(own_database), "TOPJOB_VAR": str(files.parent)}
    environment |= {"TOPJOB_MODE": "test", "TOPJOB_ENV_FILE": os.devnull}
    died = subprocess.run([sys.executable, "-c", WRITES_AND_DIES], cwd=settings.BASE_DIR, env=environment)
    assert died.returncode == -9
    assert kept(files) == ["half.pdf"]
    assert storage.sweep() == []
    yesterday = time.time() - storage.SWEPT_AFTER_SECONDS - 60
    os.utime(files / "proef" / "half.pdf", (yesterday, yesterday))
    with pytest.raises(SystemExit):
        call_command("verify")
    assert storage.sweep() == ["proef/half.pdf"]
    capsys.readouterr()
    call_command("verify")
    assert "Alles klopt" in capsys.readouterr().out
