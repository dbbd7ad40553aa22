"""What holds for the whole repository: every page has a rule and keeps it, nothing is left over."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import models
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.access import NOBODY, rule_of
from accounts.models import Membership, Organisation, Page, Region, Role, User
from accounts.navigation import MENU
from topjob import failures
from topjob.incoming import TAKEN

ROOT = Path(settings.BASE_DIR)
APPS = ["topjob", "accounts", "candidates", "employers", "matching", "trajectories", "demo"]
METHODS = ["get", "head", "post"]  # the others no page takes: test_methods
NONEXISTENT = {"int": "987654321", "slug": "bestaat-niet", "str": "bestaat-niet", "path": "bestaat-niet"}
NONEXISTENT["uuid"] = "00000000-0000-4000-8000-000000000000"
# Pages of libraries, and the health pages, which ask the broker: they have their own tests. Logging out would end the walk.
LIBRARIES = re.compile(r"^/(beheer/django|account/(?!$|adres/|agenda/|weergave/)|inloggen|uitloggen|static|gezond)")


class Route(NamedTuple):
    """One address of the product: its pattern, an example without existing rows, and its view."""

    pattern: str
    path: str
    view: object


@cache
def routes() -> list[Route]:
    """Every address, from the resolver itself."""
    return list(_walk(get_resolver().url_patterns, "/"))


def _walk(patterns: list, prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        whole = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, whole)
        elif isinstance(pattern, URLPattern):
            yield Route(whole, example_of(whole), pattern.callback)


def example_of(pattern: str) -> str:
    """An address that fits the pattern and names nothing that exists."""

    def fill(part: re.Match[str]) -> str:
        kind, _, _name = part[1].rpartition(":")
        return NONEXISTENT.get(kind or "str", "bestaat-niet")

    return re.sub(r"<([^>]+)>", fill, pattern)


def own_routes() -> list[Route]:
    return [route for route in routes() if not LIBRARIES.match(route.path)]


def methods_of(view: object) -> set[str]:
    """By which methods a page can be asked: those it declares, or all that the house takes."""
    declared = set(TAKEN)
    while view is not None:
        around = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        declared &= set(around.get("request_method_list", TAKEN))
        view = getattr(view, "__wrapped__", None)
    return declared


@pytest.fixture
def somebody(db):
    """Makes a user of a role, with the region or organisation that belongs to it."""

    def make(role: str) -> User:
        user = User.objects.create_user(email=f"{role}@test.example", name=role)
        kind = {Role.WERKGEVER: "werkgever", Role.OPDRACHTGEVER: "opdrachtgever"}.get(Role(role))
        organisation = Organisation.objects.create(kind=kind, name="Een organisatie") if kind else None
        outside = {Role.WERKGEVER, Role.OPDRACHTGEVER, Role.KANDIDAAT, Role.BEHEERDER}
        region = None if role in outside else Region.objects.first()
        Membership.objects.create(user=user, role=role, region=region, organisation=organisation)
        return user

    return make


# --- access ---------------------------------------------------------------------------------------------------------


def test_every_address_has_an_access_rule():
    without = [route.pattern for route in routes() if rule_of(route.view) is None]
    assert without == []


def test_every_page_of_ours_says_whose_data_it_shows():
    """Decision 28: a kind of page, or that it shows nobody; what is shown is logged under that name."""
    known = {NOBODY, *Page.values} - {Page.OTHER}
    wrong = [route.pattern for route in own_routes() if getattr(route.view, "shows", None) not in known]
    assert wrong == []


def test_the_examples_reach_the_view_they_are_meant_for():
    missed = [route.pattern for route in own_routes() if "(?P" not in route.pattern and not _reaches(route)]
    assert missed == []


def _reaches(route: Route) -> bool:
    return resolve(route.path).func is route.view


@pytest.mark.parametrize("method", METHODS)
def test_a_visitor_sees_public_pages_only(db, method):
    """Whatever the method: the login page, "not found", or a page that says it is public."""
    client, wrong = Client(), []
    for route in own_routes():
        response = getattr(client, method)(route.path)
        rule = rule_of(route.view)
        to_login = response.status_code == 302 and response.url.startswith("/inloggen/")
        if response.status_code >= 500 or (rule.needs_login and not to_login and response.status_code != 404):
            wrong.append(f"{method} {route.pattern}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def allows(route: Route, user: User) -> bool:
    request = RequestFactory().get(route.path)
    request.user = user
    return rule_of(route.view).allows(request)


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_offers_only_what_opens(somebody, role):
    user = somebody(role)
    for _label, name, roles in MENU:
        if role in roles:
            path = reverse(name)
            assert allows(Route(path, path, resolve(path).func), user), f"{name} staat in het menu van {role}"


# --- nothing left over ----------------------------------------------------------------------------------------------


def test_every_export_goes_through_the_one_writer():
    """topjob/spreadsheet.py knows of the byte-order mark and of formulas; whoever writes a table by hand forgets them."""
    writers = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "csv.writer" in path.read_text("utf-8")]
    assert [path.relative_to(ROOT).as_posix() for path in writers] == ["topjob/spreadsheet.py"]


# Whom an export names is looked at in `test_access_matrix.py`, which fetches every page without a row of its own.
EXPORTS = {
    "accounts/views/log.py": "/beheer/logboek/export/",
    "matching/views/manage.py": "/beheer/matchen/gelijke-kansen/",
    "trajectories/views/client.py": "/opdrachtgever/deelnemers.csv",
    "trajectories/views/readings.py": "/beheer/inzage/export/",
}


def test_every_export_is_a_page_of_which_it_is_looked_at_whom_it_names():
    makers = re.compile(r"return (?:csv_response|StreamingHttpResponse)\(|= StreamingHttpResponse\(")
    views = [
        path for app in APPS for path in (ROOT / app).rglob("views/*.py") if makers.search(path.read_text("utf-8"))
    ]
    assert {path.relative_to(ROOT).as_posix() for path in views} == set(EXPORTS)
    assert set(EXPORTS.values()) <= {route.pattern for route in own_routes()}


# --- what isn't there -----------------------------------------------------------------------------------------------


def test_one_page_says_that_something_is_not_there():
    """Whatever raised it: no view has a page of its own for it, but for a personal link that never was."""
    own = re.compile(r"status=404|HttpResponseNotFound|page_not_found|404\.html")
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py") if own.search(path.read_text("utf-8"))]
    assert {path.relative_to(ROOT).as_posix() for path in files} == {
        "topjob/failures.py",
        "trajectories/views/personal.py",
    }
    assert get_resolver().resolve_error_handler(404) is failures.not_found


def test_that_page_knows_nothing_of_what_was_asked():
    """Who looks is on it, and what was said to them before; not the address, nor why it wasn't found."""
    text = "".join(made_of("404.html"))
    assert "Deze pagina is er niet" in text and "components/nav.html" in text
    assert set(re.findall(r"\brequest\b[\w.]*|\bexception\b|\brequest_path\b|\bresolver_match\b", text)) <= set()
    request = RequestFactory().get("/ergens/")
    request.user, request.session = AnonymousUser(), {}
    pages = [failures.not_found(request, Http404(why)).content for why in ("Trajectory matches", "geheim")]
    assert b"geheim" not in pages[1] and b"ergens" not in pages[1] and len(set(map(without_nonce, pages))) == 1


def without_nonce(page: bytes) -> bytes:
    return re.sub(rb'nonce="[^"]*"|value="[^"]*"|"X-CSRFToken": "[^"]*"', b"", page)


def made_of(name: str) -> Iterator[str]:
    """The source of a template and of all that it extends or takes in."""
    text = COMMENT.sub("", (ROOT / "templates" / name).read_text("utf-8"))
    yield text
    for part in re.findall(r'{% (?:extends|include) "([^"]+)"', text):
        yield from made_of(part)


NUMBER = re.compile(r"\b[RI]\d{1,2}\b|DECISIONS|\bADR\b")
TRANSLATORS = {"_", "_l", "_lazy", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


def test_nothing_on_screen_names_a_rule_by_its_number():
    """R4 is a name for whoever builds; whoever works here reads what the rule says."""
    wrong = [text for app in APPS for path in (ROOT / app).rglob("*.py") for text in translated(path)]
    wrong += [COMMENT.sub("", path.read_text("utf-8")) for path in (ROOT / "templates").rglob("*.*")]
    assert [text for text in wrong if NUMBER.search(text)] == []


# Where employers, opdrachtgevers and whoever signs or checks a document are spoken to.
TO_OUTSIDERS = re.compile(
    r"templates/(documents|mail|employers/portal|trajectories/(portal|plans|trials))/|templates/(trajectories/check|accounts/accessibility).html"
    r"|(employers|matching)/(views/portal|forms|criteria).py"
    r"|trajectories/(forms/(check|evaluating|plans|portal)|handlers|pages/(plain_words|portal)|signing/(links|messages)"
    r"|views/(check|employer|money)).py"
)
FORMAL = re.compile(r"\b[Uu]w?\b")


def test_staff_are_spoken_to_as_je():
    """Who comes from outside is "u", at the places that are theirs."""
    said = {path: "\n".join(translated(path)) for app in APPS for path in (ROOT / app).rglob("*.py")}
    said |= {path: COMMENT.sub("", path.read_text("utf-8")) for path in (ROOT / "templates").rglob("*.*")}
    wrong = [str(path.relative_to(ROOT)) for path, text in said.items() if FORMAL.search(text)]
    assert [path for path in wrong if not TO_OUTSIDERS.match(path)] == []


def translated(path: Path) -> Iterator[str]:
    """The words that a module hands over to be shown."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATORS:
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_the_security_page_names_tests_that_there_are():
    named = set(re.findall(r"`(?:tests/)?(test_\w+)(?:\.py)?`", (ROOT / "docs/security.md").read_text("utf-8")))
    assert named <= {path.stem for path in (ROOT / "tests").rglob("test_*.py")}


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_template_is_unused():
    used = references()
    unused = [name for name in own_templates() if not used_somewhere(name, used)]
    assert not unused, "\n".join(unused)


def own_templates() -> list[str]:
    return sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*"))


def used_somewhere(name: str, used: str) -> bool:
    """Named in code or in another template; error pages and overrides of libraries are found by their place."""
    if name.startswith(("account/", "mfa/", "allauth/", "admin/", "django/")) or re.fullmatch(
        r"\d{3}(_csrf)?\.html", name
    ):
        return True
    if name.startswith("mail/"):
        return f'"{name}"' in used or f'"{Path(name).stem}"' in used
    made_up = f'"{Path(name).parent.as_posix()}/{{'  # f"candidates/parts/{part}.html"
    return f'"{name}"' in used or f"'{name}'" in used or made_up in used


def references() -> str:
    """All code and templates that could name a template."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    files += list((ROOT / "templates").rglob("*.*"))
    return "\n".join(path.read_text() for path in files)


# --- words of the domain -----------------------------------------------------------------------------------------------
def test_a_value_that_says_nothing_by_itself_is_named_by_its_enum() -> None:
    """ "1" is a construction, "V" a certainty: whoever compares with it names what it is."""
    short = {value for choices in enums(models.TextChoices) for value in choices.values if len(value) == 1}
    code = {path: ast.parse(path.read_text("utf-8")) for app in APPS for path in (ROOT / app).rglob("*.py")}
    compared = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in code.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and side.value in short
    }
    assert {"1", "V"} <= short and compared == set()


def enums(kind: type[models.TextChoices]) -> Iterator[type[models.TextChoices]]:
    for found in kind.__subclasses__():
        yield found
        yield from enums(found)


# --- what a page is made of -------------------------------------------------------------------------------------------
A_HANDFUL = 6


def test_what_a_view_gives_its_template_is_a_dataclass_once_it_is_more_than_a_handful() -> None:
    """A name that is misspelt or forgotten is then seen by mypy, and not by a blank spot on the page (`render_page`)."""
    views = [path for app in APPS for path in (ROOT / app).rglob("views/*.py")]
    too_many = {f"{path.relative_to(ROOT)}:{line}" for path in views for line in large_dicts(path.read_text("utf-8"))}
    assert len(views) > 60 and too_many == set()


def large_dicts(source: str) -> Iterator[int]:
    """The lines of a view where a dict of names is larger than that, written at once or put together for `render`."""
    for function in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if _names_of(node, function) > A_HANDFUL:
                yield node.lineno


def _names_of(node: ast.AST, function: ast.FunctionDef) -> int:
    match node:
        case ast.Dict(keys=keys) if any(isinstance(getattr(key, "value", None), str) for key in keys):
            return len(keys)
        case ast.Call(func=ast.Name(id="render"), args=[_, _, context]):
            return names_in(context, function)
    return 0


def names_in(given: ast.expr, function: ast.FunctionDef | None = None) -> int:
    """How many names a context holds, as far as its function shows; what comes from elsewhere counts as one."""
    match given:
        case ast.Dict(keys=keys):
            return len(keys)
        case ast.BinOp(left=left, right=right):
            return names_in(left, function) + names_in(right, function)
        case ast.Name(id=name) if function is not None:
            made, added = put_into(name, function)
            return max(map(names_in, made), default=1) + sum(map(names_in, added))
    return 1


def put_into(name: str, function: ast.FunctionDef) -> tuple[list[ast.expr], list[ast.expr]]:
    """What a name is made of, in one way or another; and what is added to it."""
    made, added = [], []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                made.append(value)
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                made.append(value)
            case ast.AugAssign(target=ast.Name(id=found), value=value) if found == name:
                added.append(value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=found), slice=key)]) if found == name:
                added.append(key)
    return made, added


PUT_TOGETHER = """
def view(request):
    context = {"a": 1, "b": 2, "c": 3}
    context |= {"d": 4, "e": 5}
    context["f"] = 6
    return render(request, "a.html", context | elsewhere())
"""


def test_what_is_put_together_counts_as_one() -> None:
    """And of what is made in one of two ways the larger; a dict whose keys are no names is none of a template's."""
    assert list(large_dicts(PUT_TOGETHER)) == [6]
    assert list(large_dicts(PUT_TOGETHER.replace("context |=", "context ="))) == []
    assert list(large_dicts('def view():\n    return {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, **more}')) == [2]
    assert list(large_dicts("def view():\n    return {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7}")) == []


# --- documents --------------------------------------------------------------------------------------------------------
def test_every_decision_has_the_same_heading() -> None:
    """ "# 11. What was decided", with the number of its file, which no other has."""
    numbers = [path.name[:4] for path in (ROOT / "docs/adr").glob("*.md")]
    assert len(set(numbers)) == len(numbers)
    wrong = [
        path.name
        for path in sorted((ROOT / "docs/adr").glob("*.md"))
        if not path.read_text().startswith(f"# {int(path.name[:4])}. ")
    ]
    assert wrong == []


DOMAIN = ROOT / "docs" / "domain.md"
# As code, tests and pages cite the field: a rule, a decision (one or more of them), a paragraph or table.
CITED_RULE = re.compile(r"(?<![\w#-])R(\d{1,2})(?:[–-]R?(\d{1,2}))?\b")
CITED_DECISION = re.compile(r"\b(?:decisions?|DECISIONS) (\d{1,2}(?:(?:, | and |–)\d{1,2})*)", re.IGNORECASE)
CITED_PARAGRAPH = re.compile(r"§ ?(\d\b(?:\.\d)?)|\btables? (\d\.\d)(?: and (\d\.\d))?")
NOT_THE_FIELD = re.compile(r"DESIGN|STACK|RFC|PAdES|art\.")


def cited_in(text: str) -> set[str]:
    """The anchors of `docs/domain.md` that a text leans on: `r4`, `decision-8`, `s4-2`."""
    rules = {f"r{n}" for m in CITED_RULE.finditer(text) for n in m.groups() if n}
    decisions = {f"decision-{n}" for m in CITED_DECISION.finditer(text) for n in re.findall(r"\d+", m[1])}
    lines = "\n".join(line for line in text.splitlines() if not NOT_THE_FIELD.search(line))
    found = CITED_PARAGRAPH.finditer(lines)
    return rules | decisions | {f"s{n.replace('.', '-')}" for m in found for n in m.groups() if n}


def test_every_rule_and_decision_that_is_cited_stands_in_the_domain() -> None:
    anchors = set(re.findall(r'<a id="([\w-]+)">', DOMAIN.read_text()))
    assert {f"r{n}" for n in range(1, 19)} | {f"s4-{n}" for n in range(1, 6)} <= anchors
    folders = [*APPS, "tests", "templates", "docs", ".ci", "benchmarks"]
    files = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".html", ".md", ".txt"}]
    missing = {
        f"{p.relative_to(ROOT)}: {', '.join(left)}" for p in files if (left := cited_in(p.read_text()) - anchors)
    }
    assert not missing


def test_what_the_domain_does_not_hold_is_noticed() -> None:
    assert cited_in("R4–R7, decisions 8 and 12; docs/domain.md §4.5, table 4.2") == {
        "r4", "r7", "decision-8", "decision-12", "s4-5", "s4-2",
    }  # fmt: skip


def test_files_and_functions_stay_short() -> None:
    """At most 500 lines and 40: what grows beyond that has a seam along which it is cut."""
    files = [path for folder in [*APPS, "tests", "benchmarks"] for path in (ROOT / folder).rglob("*.py")]
    too_long = []
    for path in (path for path in files if "migrations" not in path.parts):
        text = path.read_text()
        too_long += [f"{path.name}: {text.count(chr(10))}"] if text.count("\n") > 500 else []
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        too_long += [f"{path.name}: {one.name}" for one in functions if one.end_lineno - one.lineno >= 40]
    assert not too_long
