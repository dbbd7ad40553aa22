"""`make bench-pages`: what pages cost with a thousand cases and with a hundred thousand, beside a page that does nothing.

Every figure is a ratio within one run, whose rounds take a page and an empty page of the same stack (logged in, with the menu,
without work) in turn: what the machine does meanwhile counts for both. One JSON line per page:
`cpu_ratio` the middle of the CPU time of the web process and of PostgreSQL together, `wall_ratio` of the time on the clock;
`queries_1` with pages of one row, `queries_50` as people get them; `rows` the rows shown; `html_kb` plain and `first_load_kb`
packed with stylesheets, scripts and the fonts that are asked for at once; `p95_ms_4_users` from four who ask that page one after
the other of a gunicorn with two processes; `growth_1k_100k` how many times the CPU of the smallest world.

Filling takes minutes, and longer for the large one, so the server and its databases stay in this checkout's folder of services
for the next time. ARGS="--sizes 1000 100000 --rounds 7 --asked 15 --only uwv --server HOME".
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import logging
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from topjob import embedded  # noqa: E402

EMPTY = "/gebruik/leeg/"
USERS = 4
ROW = re.compile(r"<(?:tr|li|article|div)\b[^>]*\bdata-row\b")
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"')
# The menu of every role, and what people open from it: who looks, a name, and the address.
MORE = (
    ("regisseur", "trajecten op naam", "/trajecten/?volgorde=naam"),
    ("regisseur", "bord", "/trajecten/?weergave=bord"),
    ("regisseur", "zoek ja", "/zoeken/?q=ja"),
    ("regisseur", "traject", "/trajecten/{case}/"),
    ("regisseur", "persoon", "/personen/{person}/"),
    ("werkmakelaar", "passende vacatures", "/personen/{seeker}/passende-vacatures/"),
    ("werkmakelaar", "passende kandidaten", "/vacatures/{vacancy}/passende-kandidaten/"),
    ("opdrachtgever", "csv", "/opdrachtgever/deelnemers.csv"),
    ("uwv", "csv", "/opdrachtgever/deelnemers.csv"),
    ("beheerder", "logboek", "/beheer/logboek/"),
    ("beheerder", "logboek per soort", "/beheer/logboek/?verb=stop"),
    ("beheerder", "werk dat volgt", "/beheer/werk/"),
    ("beheerder", "bewaren", "/beheer/bewaren/"),
    ("beheerder", "inzage", "/beheer/inzage/"),
    ("beheerder", "gebruikers", "/beheer/gebruikers/"),
)
PEOPLE = (
    *("frontoffice", "regisseur", "loopbaanadviseur", "werkmakelaar", "jobcoach", "personeelsdiensten", "backoffice"),
    *("beheerder", "kandidaat", "werkgever", "opdrachtgever", "uwv"),
)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--asked", type=int, default=15, help="how often each of the four asks a page")
    parser.add_argument("--only", default="", help="which pages, as an expression")
    parser.add_argument("--server", type=Path, default=embedded.home_for(ROOT, "bench"))
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.size:
        return measure(options)
    with embedded.attached(options.server, {"postgres": True}):
        server = embedded.Postgres(options.server)
        found = [of_size(server, size) for size in sorted(options.sizes)]
    for name, line in found[-1].items():
        small = found[0].get(name)
        growth = round(line["cpu_ratio"] / small["cpu_ratio"], 2) if small else None
        tell({"name": name, **line, "growth_1k_100k": growth})
    return 0


def tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


# --- A world of each size -----------------------------------------------------------------------------------------------
def of_size(server: embedded.Postgres, size: int) -> dict[str, Any]:
    """The figures of a world of this size, from a process of its own whose settings name its database."""
    name = f"schaal_{size}"
    variables = {
        f"DATABASE_{role}URL": server.url(f"topjob_{user}", name)
        for role, user in (("", "app"), ("OWNER_", "owner"), ("DESTROYER_", "destroyer"))
    }
    quiet = {"TOPJOB_ENV_FILE": os.devnull, "REDIS_URL": "redis://127.0.0.1:1/0", "TOPJOB_COLLECTED_STATIC": "1"}
    files = {"TOPJOB_VAR": str(server.home.parent / name), "DJANGO_SETTINGS_MODULE": "topjob.settings"}
    environment = {**os.environ, **variables, **quiet, **files}
    fill(server, name, size, environment)
    manage(environment, "collectstatic", "--noinput")
    program = [sys.executable, *sys.argv, "--size", str(size)]
    done = subprocess.run(program, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return {line.pop("name"): line for line in map(json.loads, done.stdout.splitlines())}


def fill(server: embedded.Postgres, name: str, size: int, environment: dict[str, str]) -> None:
    import psycopg

    with psycopg.connect(server.dsn(embedded.SUPERUSER), autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        admin.execute(f"DROP DATABASE IF EXISTS {name}_half")  # of a run that was stopped
        admin.execute(f"CREATE DATABASE {name}_half OWNER {embedded.OWNER}")
        half = {key: value.replace(name, f"{name}_half") for key, value in environment.items() if "URL" in key}
        began = time.monotonic()
        for command in (("migrate",), ("grant_roles",), ("demo_data", "--scale", str(size))):
            manage({**environment, **half}, *command)
        admin.execute(f"ALTER DATABASE {name}_half RENAME TO {name}")
    sys.stderr.write(f"{size}: {time.monotonic() - began:.0f} s\n")


def manage(environment: dict[str, str], *command: str) -> None:
    program = [sys.executable, str(ROOT / "manage.py"), *command]
    subprocess.run(program, env=environment, check=True, stdout=sys.stderr)


# --- Pages of one world -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """A page, and who opens it."""

    name: str
    browser: Any
    address: str


def measure(options: argparse.Namespace) -> int:
    """Print a line for each page of this process's database."""
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    with the_empty_page():
        pages = [page for page in asked() if re.search(options.only, page.name)]
        with gunicorn() as port:
            for page in pages:
                line = {"name": page.name, **in_turn(page, options.rounds), **asked_once(page)}
                tell({**line, "p95_ms_4_users": p95(page, port, options.asked)})
    return 0


@contextmanager
def the_empty_page() -> Iterator[None]:
    """A page of staff and of portals with their frame and menu, and nothing else."""
    from django.conf import settings
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render
    from django.test import override_settings
    from django.urls import include, path

    from accounts.access import LOGGED_IN, NOBODY, access

    @access(LOGGED_IN, shows=NOBODY)
    def empty(request: HttpRequest) -> HttpResponse:
        return render(request, "base.html")

    urls = type(sys)("benchmarks_urls")
    urls.urlpatterns = [path(EMPTY[1:], empty), path("", include(settings.ROOT_URLCONF))]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=urls, ALLOWED_HOSTS=["localhost", "127.0.0.1"]):
        yield


def asked() -> Iterator[Asked]:
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User
    from accounts.navigation import MENU

    numbers = example_numbers()
    for who in PEOPLE:
        user = User.objects.get(email=f"{who}@demo.example")
        browser = Client(HTTP_HOST="localhost")
        browser.force_login(user)
        menu = [(str(label), reverse(name)) for label, name, allowed in MENU if user.has_role(*allowed)]
        more = [(name, address.format(**numbers)) for person, name, address in MORE if person == who]
        for name, address in (*menu, *more):
            yield Asked(f"{who}: {name}", browser, address)


def example_numbers() -> dict[str, int]:
    """A case in its trial, its person, somebody who looks for a place, and a place that is open: of the first world."""
    from matching.models import SearchProfile
    from trajectories.models import Trajectory

    case = Trajectory.objects.filter(state="PROEFPERIODE").earliest("pk")
    seeker = Trajectory.objects.filter(state="MATCHING").order_by("pk").first() or case
    profile = SearchProfile.objects.filter(candidate=seeker.candidate_id).first()
    vacancy = case.applications.earliest("pk").vacancy_id
    person = profile.candidate_id if profile else case.candidate_id
    return {"case": case.pk, "person": case.candidate_id, "seeker": person, "vacancy": vacancy}


def in_turn(page: Asked, rounds: int) -> dict[str, float]:
    """CPU and time of the page as a multiple of the empty page of the same person, taken in turn."""
    costs: dict[str, list[tuple[float, float]]] = {EMPTY: [], page.address: []}
    for number in range(rounds + 1):
        for address, taken in costs.items():
            cost = cost_of(lambda address=address: fetched(page.browser, address))  # type: ignore[misc]
            taken += [cost] if number else []  # the first time, templates are read
    (cpu, wall), (own_cpu, own_wall) = (
        [statistics.median(figures) for figures in zip(*costs[address], strict=True)]
        for address in (EMPTY, page.address)
    )
    figures = {"cpu_ratio": own_cpu / cpu, "wall_ratio": own_wall / wall, "cpu_ms": own_cpu * 1000}
    return {name: round(figure, 1) for name, figure in figures.items()}


def fetched(browser: Any, address: str) -> bytes:
    answer = browser.get(address, follow=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def cost_of(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU, ours and of our connection's process in PostgreSQL, and seconds on the clock."""
    before, began = time.process_time() + of_database(), time.perf_counter()
    work()
    wall = time.perf_counter() - began
    return time.process_time() + of_database() - before, wall


def of_database() -> float:
    """CPU seconds that the process of our connection has used."""
    from django.db import connection

    connection.ensure_connection()
    figures = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return int(figures.split()[0]) / 1e9


def asked_once(page: Asked) -> dict[str, Any]:
    """What one answer holds, and how many questions it took."""
    from django.core.paginator import Paginator

    html = fetched(page.browser, page.address)
    text = html.decode(errors="replace")
    many = questions(page)
    begin = Paginator.__init__

    def of_one(self: Any, rows: Any, _size: int, *more: Any, **named: Any) -> None:
        begin(self, rows, 1, *more, **named)

    with mock.patch.object(Paginator, "__init__", of_one):
        one = questions(page)
    sizes = {"html_kb": round(len(html) / 1000, 1), "first_load_kb": round(first_load(html, text) / 1000, 1)}
    return {"rows": len(ROW.findall(text)) or text.count("<tr"), "queries_1": one, "queries_50": many, **sizes}


def questions(page: Asked) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        fetched(page.browser, page.address)
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


def first_load(html: bytes, text: str) -> int:
    """Bytes that travel the first time, packed; a font is packed already."""
    from django.contrib.staticfiles import finders

    total = len(gzip.compress(html))
    for address in set(ASSET.findall(text)):
        name = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", address.removeprefix("/static/"))
        if found := finders.find(name):
            content = Path(found).read_bytes()
            total += len(content) if name.endswith(".woff2") else len(gzip.compress(content))
    return total


# --- Four at once -----------------------------------------------------------------------------------------------------
@contextmanager
def gunicorn() -> Iterator[int]:
    """The product as it is served, with two processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, "-m", "gunicorn", "topjob.wsgi", "-w", "2", "--threads", "2", "-b", f"127.0.0.1:{port}"]
    server = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def p95(page: Asked, port: int, times: int) -> float | None:
    """Milliseconds within which 95 of 100 answers came to four people who ask as fast as they are answered."""
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in page.browser.cookies.items())
    taken: list[float] = []

    def ask() -> None:
        for _time in range(times):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            began = time.perf_counter()
            line.request("GET", page.address, headers={"Cookie": cookie, "Host": "localhost"})
            line.getresponse().read()
            taken.append(1000 * (time.perf_counter() - began))
            line.close()

    threads = [threading.Thread(target=ask) for _user in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(statistics.quantiles(taken, n=20)[-1], 1) if len(taken) > 1 else None


if __name__ == "__main__":
    raise SystemExit(main())
