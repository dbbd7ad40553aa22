"""Whatever comes in is cleaned in one place, and no odd sign breaks a page (decision 32)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.fields import PasswordField
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

import accounts
import candidates
import employers
import matching
import trajectories
from accounts.models import Membership, Role, User
from candidates.models import Candidate, CandidateDocument
from matching.imports import import_skills
from matching.models import Skill
from tests.candidates.test_public import typed
from tests.candidates.test_uploads import PDF
from tests.factories import CandidateFactory, staff
from tests.test_repository import allows, own_routes
from topjob.incoming import CleanFormMiddleware, OnlyUtf8, cleaned, is_secret
from topjob.wsgi import application

DIRTY = "\u202eJan\x0bPi\u200be\u0301t\u2060"
CLEAN = "Jan Piét"
INVISIBLE = ["\u200b", "\u2060", "\u3164", "\u202e\u200d", "\x0b", "\u034f"]


def forms_of_the_product() -> Iterator[type[forms.BaseForm]]:
    """Every form: ours, and those of the library that people log in with."""
    for app in (accounts, candidates, employers, matching, trajectories):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if not {"migrations", "management"} & set(module.name.split(".")):
                importlib.import_module(module.name)
    for name in ("account", "mfa.base", "mfa.totp"):
        importlib.import_module(f"allauth.{name}.forms")
    seen: set[type] = set()
    waiting: list[type] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        if form in seen:
            continue
        seen.add(form)
        waiting += form.__subclasses__()
        if hasattr(form, "base_fields") and form.base_fields:
            yield form


def text_fields() -> Iterator[tuple[str, forms.CharField]]:
    for form in forms_of_the_product():
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and type(field).to_python is forms.CharField.to_python:
                yield f"{form.__module__}.{form.__name__}.{name}", field


def test_every_text_field_of_every_form_is_cleaned() -> None:
    found = dict(text_fields())
    wrong = [
        name
        for name, field in found.items()
        if not isinstance(field.widget, forms.PasswordInput) and field.to_python(DIRTY).replace("\n", " ") != CLEAN
    ]
    assert len(found) > 80, len(found)
    assert "allauth.account.forms.ResetPasswordForm.email" in found
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_shows_nothing_is_missing_in_every_required_field(text: str) -> None:
    taken = []
    for name, field in text_fields():
        if field.required and not isinstance(field.widget, forms.PasswordInput):
            try:
                taken.append(f"{name}: {field.clean(text)!r}")
            except forms.ValidationError as error:
                assert error.code == "required", name
    assert not taken, "\n".join(taken)


def test_only_a_field_with_lines_keeps_lines() -> None:
    wrong = []
    for name, field in text_fields():
        has_lines = isinstance(field.widget, forms.Textarea)
        if not isinstance(field.widget, forms.PasswordInput) and ("\n" in field.to_python("een\r\ntwee")) != has_lines:
            wrong.append(name)
    assert not wrong, "\n".join(wrong)


def test_a_password_is_left_alone_to_the_last_sign() -> None:
    secret = " e\u0301\u200b  geheim "
    fields = [(name, field) for name, field in text_fields() if isinstance(field.widget, forms.PasswordInput)]
    assert all(is_secret(name.rpartition(".")[2]) for name, _field in fields) and len(fields) > 5
    assert cleaned(_sent(password1=secret))["password1"] == secret
    assert PasswordField(label="", strip=False).to_python(secret) == secret


def _sent(**values: str) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(values)
    return query


def test_what_a_view_reads_without_a_form_is_clean_too() -> None:
    """Lines where the sender wrote lines, none from a vertical tab; a name that says nothing gets one."""
    upload = SimpleUploadedFile("x", b"x")
    upload._name = "\u202ee\u0301\u200b.pdf"
    request = RequestFactory().post("/", {"a": DIRTY, "b": "een\r\ntwee\x00", "f": upload})
    CleanFormMiddleware(lambda _request: HttpResponse()).process_view(request, None, (), {})
    assert (request.POST["a"], request.POST["b"]) == (CLEAN, "een\ntwee")
    assert request.FILES["f"].name == "é.pdf"


@pytest.mark.django_db
def test_a_name_and_an_address_are_stored_clean() -> None:
    changes = {"first_name": DIRTY, "last_name": "Mu\u0308ller\x00", "email": "x@demo.example\u200b"}
    assert Client().post("/aanmelden/", typed(**changes)).status_code == 302
    person = Candidate.objects.get()
    assert (person.first_name, person.last_name, person.email) == (CLEAN, "Müller", "x@demo.example")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\u200b", "\u2060"])
def test_a_name_of_nothing_visible_is_asked_for_again(text: str) -> None:
    page = Client().post("/aanmelden/", typed(first_name=text, last_name=text))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Candidate.objects.exists()


@pytest.mark.django_db
def test_the_query_string_is_clean(client: Client) -> None:
    client.force_login(staff(Role.FRONTOFFICE))
    CandidateFactory(first_name="Zoë", last_name="Piét")
    page = client.get(reverse("candidates:registrations"), {"q": "Pi\u200be\u0301t\x00"})
    assert page.wsgi_request.GET["q"] == "Piét"


@pytest.mark.django_db
def test_a_file_keeps_a_clean_name(client: Client) -> None:
    person = CandidateFactory()
    client.force_login(staff(Role.REGISSEUR))
    upload = SimpleUploadedFile("Cv Rene\u0301\u200b.pdf", PDF, "application/pdf")
    address = reverse("candidates:cv_upload", args=[person.pk])
    assert client.post(address, {"title": "Cv", "kind": "cv", "file": upload}).status_code == 302
    assert CandidateDocument.objects.get().original_name == "Cv René.pdf"


@pytest.mark.django_db
def test_an_import_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("name\u200b,uri\nLas\u200bse\u0301n\x00,\n\u2060,\n", encoding="utf-8")
    assert import_skills(path).kept == 1
    assert Skill.objects.filter(name="Lassén").exists()


# --- nothing odd gives a 500 -----------------------------------------------------------------------------------------

ODD = ["\x00", "\u202e", "\ufffe", "\x0b", "e" + "\u0301\u0316" * 40, "\U000e0001", "\ud800"]


@pytest.mark.django_db
def test_no_page_breaks_on_odd_text() -> None:
    """Every page without a number in its address, for somebody who may open them all."""
    client, wrong, seen = Client(), [], 0
    user = User.objects.create_user(email="alles@test.example", name="Alles")
    region = staff(Role.REGISSEUR).membership_list[0].region
    for role in (Role.FRONTOFFICE, Role.REGISSEUR, Role.WERKMAKELAAR):
        Membership.objects.create(user=user, role=role, region=region)
    Membership.objects.create(user=user, role=Role.BEHEERDER)
    client.force_login(user)
    text = "".join(ODD).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for route in own_routes():
        if "<" in route.pattern or not allows(route, user):
            continue
        seen += 1
        names = ("q", "naam", "page", "email", "name", "first_name", "text", "next", "sort", "employer", "candidate")
        for method in ("get", "post"):
            answer = getattr(client, method)(route.path, dict.fromkeys(names, text))
            if answer.status_code >= 500:
                wrong.append(f"{method} {route.pattern}: {answer.status_code}")
    assert seen > 20
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_a_cookie_with_a_nul_is_no_session() -> None:
    assert Client(headers={"cookie": 'sessionid="\\000aaaaaaaaaaaa"'}).get("/").status_code == 302


@pytest.mark.parametrize("encoding", ["unicode_escape", "hex", "rot13", "utf-7"])
def test_an_encoding_that_is_not_utf8_breaks_nothing(encoding: str) -> None:
    """Half characters (U+D800) can only come in this way; `hex` isn't an encoding of text at all."""
    assert isinstance(application, OnlyUtf8)
    assert _read("POST", f"multipart/form-data; boundary=x; charset={encoding}") == "400 Bad Request"
    assert _read("GET", f"text/plain; charset={encoding}") == "\\ud800"
    assert _read("POST", "multipart/form-data; boundary=x; charset=UTF-8") == "\\ud800"


@pytest.mark.parametrize("kind", ["a/b; x*=geen''a", "a/b; x*=idna''%ff", "a/b; x*=\x00''a"])
def test_a_header_that_cant_be_read_breaks_nothing(kind: str) -> None:
    """Before Django there is nobody who turns an error into a page."""
    assert _read("POST", kind) == "400 Bad Request"
    assert _read("GET", kind) == "\\ud800"


def _read(method: str, kind: str) -> str:
    """What Django reads in the query string of such a request, or the refusal."""
    said: list[str] = []

    def reading(environ: dict, start_response: object) -> list[bytes]:
        said.append(WSGIRequest(environ).GET["a"])
        return []

    environ = RequestFactory().generic(method, "/?a=%5Cud800").environ | {"CONTENT_TYPE": kind}
    OnlyUtf8(reading)(environ, lambda status, headers: said.append(status))
    return said[0]


BOUNDARY = "multipart/form-data; boundary=x"
PART = "--x\r\nContent-Disposition: form-data; name=a; {}\r\n\r\n1\r\n--x--\r\n"
MALFORMED: dict[str, tuple[str, str, str, str]] = {
    "utf-16": ("POST", "/aanmelden/", "a=1", "application/x-www-form-urlencoded; charset=utf-16"),
    "utf-16 in parts": ("POST", "/aanmelden/", PART.format("x=y"), f"{BOUNDARY}; charset=utf-16"),
    "hex": ("POST", "/aanmelden/", "a=1", "text/plain; charset=hex"),
    "no boundary": ("POST", "/aanmelden/", "--x", "multipart/form-data"),
    "a boundary of odd signs": ("POST", "/aanmelden/", "--x", "multipart/form-data; boundary=\xe9"),
    "bad base64": ("POST", "/aanmelden/", PART.format("filename=a\r\nContent-Transfer-Encoding: base64"), BOUNDARY),
    "a NUL in the address": ("GET", "/aanmelden/%00/", "", ""),
    "a method that isn't one": ("BREW", "/aanmelden/", "", ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", MALFORMED)
def test_what_cant_be_read_gets_a_plain_page(name: str) -> None:
    method, path, body, kind = MALFORMED[name]
    answer = Client().generic(method, path, body, kind)
    assert answer.status_code == 400
    assert "Dit kunnen wij niet lezen" in answer.text and "/aanmelden" not in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["text/plain; charset=utf-16", "text/plain; charset=hex"])
def test_an_encoding_of_nothing_sent_is_no_matter(kind: str) -> None:
    assert Client().generic("GET", "/aanmelden/?naam=%FE%FF", "", kind).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["filename*=nonsense''%41", "name*=hex''%41", "filename*=idna''%ff"])
def test_a_part_in_no_encoding_is_passed_over(what: str) -> None:
    assert Client().generic("POST", "/aanmelden/", PART.format(what), BOUNDARY).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/%ff%fe/", "/aanmelden/?a=%", "/aanmelden/?%ff=%zz", "/%c0%80/", "/..%2f..%2f/"])
def test_an_address_with_odd_signs_breaks_nothing(path: str) -> None:
    assert Client().get(path).status_code in (200, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("declared", ["-5", "1e3", "٣", "x", "3.0"])
def test_a_size_that_is_no_number_is_refused(declared: str) -> None:
    kind = "application/x-www-form-urlencoded"
    assert Client().generic("POST", "/aanmelden/", "a=1", kind, CONTENT_LENGTH=declared).status_code == 400


@pytest.mark.django_db
def test_a_body_of_gigabytes_is_never_read() -> None:
    class Untouched:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("something of it was read")

        readline = read

    declared = {"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": Untouched()}
    answer = Client().generic("POST", "/aanmelden/", "", BOUNDARY, **declared)
    assert answer.status_code == 413 and "te groot" in answer.text
    assert Client().generic("POST", "/aanmelden/", "", BOUNDARY, CONTENT_LENGTH="9" * 4000).status_code == 413


@pytest.mark.django_db
def test_too_much_is_refused_and_not_broken() -> None:
    body = "a=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert Client().generic("POST", "/aanmelden/", body, "application/x-www-form-urlencoded").status_code == 400
    many = "&".join(f"a{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert Client().generic("POST", "/aanmelden/", many, "application/x-www-form-urlencoded").status_code == 400
