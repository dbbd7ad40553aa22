"""Starting a process loads what every process needs, and no more: people wait for it, and each web worker keeps it in memory."""

import subprocess
import sys

from django.conf import settings

# Together they took half of the time that a start took; only who makes or reads a PDF loads them.
HEAVY = {"weasyprint", "pyhanko", "pypdf", "fontTools", "asn1crypto"}
STARTED = """
import sys, django
django.setup()
import topjob.urls
print(*sys.modules)
"""
WORKER = STARTED.replace(
    "import topjob.urls", "from celery.signals import worker_init; import trajectories.tasks; worker_init.send(None)"
)


def loaded(code: str) -> set[str]:
    started = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    return set(started.stdout.split())


def test_a_web_process_loads_nothing_that_makes_documents() -> None:
    found = loaded(STARTED)
    assert "trajectories.documents.making" in found
    assert not found & HEAVY


def test_a_worker_loads_it_before_it_splits() -> None:
    assert loaded(WORKER) >= HEAVY - {"fontTools"} | {"trajectories.documents.typesetting"}
