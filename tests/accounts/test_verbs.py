"""R14: what the log can say is one list, whole and in Dutch; nothing else gets in."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import verbs
from accounts.audit import record
from accounts.models import AuditEntry, User
from accounts.verbs import Verb
from accounts.views.log import PER_PAGE
from trajectories.process.workflow import step_named, step_names

APPS = ("accounts", "candidates", "employers", "matching", "trajectories")
NAMED = {name: verb for name, verb in vars(verbs).items() if isinstance(verb, Verb)}
CELL = re.compile(r'<td data-label="Wat">(.*?)</td>', re.S)


def said_in(path: Path) -> set[str]:
    """The verbs that a file names."""
    found = ast.walk(ast.parse(path.read_text()))
    return {
        node.attr
        for node in found
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "verbs"
    }


def test_the_list_is_what_stands_in_it_and_the_steps() -> None:
    steps = [step_named(name).name for name in step_names()]
    assert sorted(verbs.every()) == sorted([*NAMED.values(), *steps])
    assert {name: verb.upper() for name, verb in NAMED.items()} == {name: name for name in NAMED}


def test_every_verb_is_said_somewhere() -> None:
    files = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    said = set().union(*(said_in(path) for path in files))
    assert set(NAMED) <= said, "words that nothing says any more"


@pytest.mark.parametrize("verb", verbs.every(), ids=str)
def test_a_verb_is_a_code_with_words(verb: Verb) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", verb) and len(verb) <= AuditEntry._meta.get_field("verb").max_length
    words = str(verb.label)
    assert words[0].isupper() and "_" not in words and not words.endswith(".")
    assert verbs.words(verb) == words and verb in verbs.saying(words.upper())


def test_no_two_verbs_say_the_same() -> None:
    said = [str(verb.label).casefold() for verb in verbs.every()]
    assert len(said) == len(set(said))
    with pytest.raises(ValueError, match="already"):
        Verb("sign", "Iets anders")
    assert verbs.words("sign") == "Startplan getekend"


@pytest.mark.django_db
@pytest.mark.parametrize("made_up", ["iets gedaan", "user_changed", "", None])
def test_what_is_not_in_the_list_is_not_logged(beheerder: User, made_up: str) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(ValueError, match="no verb"):
        record(made_up, beheerder, by=beheerder)
    assert AuditEntry.objects.count() == before


def test_the_log_shows_words_for_every_verb(browser: Client, beheerder: User) -> None:
    said = verbs.every()
    for verb in said:
        record(verb, beheerder, by=beheerder)
    shown: list[str] = []
    for page in range(1, len(said) // PER_PAGE + 2):
        html = browser.get(reverse("accounts:log"), {"page": page}).content.decode()
        shown += [unescape(cell).strip() for cell in CELL.findall(html)]
    assert shown[: len(said)] == [str(verb.label) for verb in reversed(said)]


@pytest.mark.django_db
def test_a_row_that_came_past_the_product_is_shown_as_it_stands() -> None:
    assert AuditEntry(verb="rauw").what == "rauw" and verbs.saying("rauw") == []


def test_a_copy_of_a_verb_is_the_verb_itself() -> None:
    for again in (copy.copy, copy.deepcopy, lambda verb: pickle.loads(pickle.dumps(verb))):
        assert again(verbs.USER_ADDED) is verbs.USER_ADDED


def test_words_are_found_however_they_are_accented() -> None:
    assert verbs.COVER_ENDED in verbs.saying("beeindigd") and verbs.COVER_ENDED in verbs.saying("BEËINDIGD")
