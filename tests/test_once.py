"""A form that is sent more than once is done once, in every app; without JavaScript (`topjob/once.py`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, models
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Branch, Role, User
from candidates.models import CandidateDocument, ContactMoment, LegalRepresentative, Registration, WorkExperience
from employers.models import EmployerContact, FunctionProfile
from tests import factories
from tests.employers.test_concurrency import at_once
from tests.screens import form_with
from tests.test_repository import own_routes
from topjob import clock, once
from topjob.models import AnsweredForm
from topjob.tasks import forget_answered_forms
from trajectories.views import signing

TALK = {"kind": "telefoon", "status": "gevoerd", "at": "2026-11-02T10:00", "notes": "Gebeld, gaat goed."}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def key_of(client: Client, url: str, field: str) -> dict[str, list[str]]:
    """The form as it stands on the page, with the key of this rendering."""
    return form_with(client.get(url), field)


# --- every POST ---


def test_every_page_of_ours_answers_a_form_once() -> None:
    """So the next page can't forget it: the gate's rule brings it along. Personal links answer once by themselves."""
    views = [(route.pattern, route.view) for route in own_routes()]
    ours = [(pattern, view) for pattern, view in views if hasattr(view, "access_rule")]
    without = {pattern for pattern, view in ours if not getattr(view, "is_answered_once", False)}
    personal = {pattern for pattern, view in ours if getattr(view, "own_transactions", False)}
    assert without == personal and len(ours) > 150
    assert signing.sign.own_transactions and len(personal) < 8


BY_A_LINK = {"sign.html", "sign_code.html", "decline.html", "evaluate_check.html", "evaluate_question.html"}


def test_every_form_that_posts_holds_a_key() -> None:
    """Django's token brings the key of this rendering along. A personal link answers once by itself."""
    templates = [path for path in Path(settings.BASE_DIR, "templates").rglob("*.html") if path.name not in BY_A_LINK]
    forms = [form for path in templates for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.S)]
    posting = [form for form in forms if re.search(r"method=\"post\"", form)]
    assert len(posting) > 50
    assert [form for form in posting if "{% csrf_token %}" not in form] == []
    page = form_with(Client().get("/aanmelden/"), "motivation")
    assert page[once.FIELD] != form_with(Client().get("/aanmelden/"), "motivation")[once.FIELD]


PARENT = {"name": "Ans", "relation": "ouder", "email": "ans@test.example"}
WORK = {"role": "Inpakker", "organisation": "De Bug", "started_on": "2024-01-01"}
CONTACT = {"name": "Ans", "function": "leermeester", "email": "ans@test.example"}
FUNCTION = {"name": "Lasser", "tasks": "Lassen", "hours_per_week": 32, "level": 2, "language_level": 2}
ROW = {"name": "Ruimtevaart", "code": "99", "position": 1}


class Adding(NamedTuple):
    """A page with a form that adds a row: who, the page, a field of the form, where it goes, what is sent, what is added."""

    role: str
    page: str
    field: str
    to: str
    given: dict[str, Any]
    model: type[models.Model]
    make: Callable[[], Any]
    more: tuple[str, ...] = ()


PERSON, COMPANY = factories.CandidateFactory, factories.EmployerFactory
ADDING = [
    Adding(Role.FRONTOFFICE, "candidates:contacts", "notes", "candidates:contacts", TALK, ContactMoment, PERSON),
    Adding(
        Role.FRONTOFFICE,
        "candidates:person_data",
        "relation",
        "candidates:representative_add",
        PARENT,
        LegalRepresentative,
        PERSON,
    ),
    Adding(Role.REGISSEUR, "candidates:qfit", "role", "candidates:qfit_add", WORK, WorkExperience, PERSON, ("ervaring",)),
    Adding(Role.WERKMAKELAAR, "employers:contact_add", "function", "employers:contact_add", CONTACT, EmployerContact, COMPANY),
    Adding(Role.WERKMAKELAAR, "employers:function_add", "tasks", "employers:function_add", FUNCTION, FunctionProfile, COMPANY),
]  # fmt: skip


@pytest.mark.parametrize("adding", ADDING, ids=[row.to for row in ADDING])
def test_sent_twice_adds_one_row_and_a_new_form_adds_another(db, adding: Adding) -> None:
    client, row = logged_in(factories.staff(adding.role)), adding.make()
    shown, target = reverse(adding.page, args=[row.pk]), reverse(adding.to, args=[row.pk, *adding.more])
    branch = {"branch": row.branch_id} if adding.model is FunctionProfile else {}
    before = adding.model.objects.count()
    form = key_of(client, shown, adding.field) | adding.given | branch
    first, second = client.post(target, form), client.post(target, form, follow=True)
    assert first.status_code == 302, first.context["form"].errors
    assert adding.model.objects.count() == before + 1
    assert second.redirect_chain[0][0] == first.url
    assert "Het is één keer verwerkt" in second.content.decode()
    client.post(target, key_of(client, shown, adding.field) | adding.given | branch)
    assert adding.model.objects.count() == before + 2


def test_a_row_of_a_list_sent_twice_is_there_once_and_no_error(db) -> None:
    """The second would be refused for its code; it gets the answer of the first."""
    client, url = logged_in(factories.staff(Role.BEHEERDER)), reverse("accounts:add_row", args=["branches"])
    form = key_of(client, url, "code") | ROW
    assert [client.post(url, form).status_code for _time in range(2)] == [302, 302]
    assert Branch.objects.filter(code="99").count() == 1


# --- what uses a key up, and what doesn't ---


@pytest.fixture
def talks(db) -> tuple[Client, str]:
    client = logged_in(factories.staff(Role.FRONTOFFICE))
    return client, reverse("candidates:contacts", args=[factories.CandidateFactory().pk])


def test_going_back_and_writing_something_else_is_something_new(talks) -> None:
    client, url = talks
    form = key_of(client, url, "notes") | TALK
    client.post(url, form)
    client.post(url, form | {"notes": "En een tweede gesprek."})
    assert ContactMoment.objects.count() == 2


def test_a_form_that_wasnt_right_yet_used_nothing_up(talks) -> None:
    client, url = talks
    form = key_of(client, url, "notes") | TALK
    assert client.post(url, form | {"notes": ""}).status_code == 200
    assert not AnsweredForm.objects.exists()
    client.post(url, form)
    assert ContactMoment.objects.count() == 1


def test_what_failed_on_the_way_is_undone_and_can_be_sent_again(talks, monkeypatch) -> None:
    client, url = talks
    form = key_of(client, url, "notes") | TALK
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("candidates.views.talks.redirect", lambda *_: (_ for _ in ()).throw(RuntimeError("stuk")))
        client.post(url, form)
    assert (ContactMoment.objects.count(), AnsweredForm.objects.count()) == (0, 0)
    client.post(url, form)
    assert ContactMoment.objects.count() == 1


def test_without_a_key_a_form_is_taken_as_it_comes(talks) -> None:
    client, url = talks
    for key in ({}, {once.FIELD: "x" * 5000}):
        for _time in range(2):
            client.post(url, TALK | key)
    assert ContactMoment.objects.count() == 4


def test_a_key_is_of_one_person_only(talks) -> None:
    client, url = talks
    form = key_of(client, url, "notes") | TALK
    client.post(url, form)
    logged_in(factories.staff(Role.FRONTOFFICE)).post(url, form)
    assert ContactMoment.objects.count() == 2


def test_a_file_that_is_sent_twice_is_stored_once_and_another_file_is_new(db) -> None:
    client, person = logged_in(factories.staff(Role.REGISSEUR)), factories.CandidateFactory()
    url = reverse("candidates:cv_upload", args=[person.pk])
    form = key_of(client, reverse("candidates:cv", args=[person.pk]), "title")

    def send(title: str) -> None:
        upload = SimpleUploadedFile("cv.pdf", factories.pdf_file(title), "application/pdf")
        client.post(url, form | {"kind": "cv", "title": "CV", "file": upload})

    send("een")
    send("een")
    assert CandidateDocument.objects.count() == 1
    send("twee")
    assert CandidateDocument.objects.count() == 2


def test_whoever_logs_in_by_a_form_is_logged_in_by_every_sending(db, settings) -> None:
    """The answer to another sending wouldn't bring the session along."""
    from demo import people

    user = factories.staff(Role.FRONTOFFICE)
    User.objects.filter(pk=user.pk).update(email="frontoffice@demo.example")
    assert people.demo_users().filter(pk=user.pk).exists()
    url = reverse("demo:login", args=[user.pk])
    for _time in range(2):
        client = Client()
        client.post(url, {once.FIELD: "dezelfde"})
        assert client.session.get("_auth_user_id") == str(user.pk)


def test_what_is_kept_of_a_form_says_nothing_and_goes_after_some_days(talks) -> None:
    client, url = talks
    client.post(url, key_of(client, url, "notes") | TALK)
    row = AnsweredForm.objects.get()
    assert len(row.mark) == 64 and row.location == url
    forget_answered_forms()
    assert AnsweredForm.objects.exists()
    with clock.at(clock.today() + timedelta(days=3)):
        forget_answered_forms()
    assert not AnsweredForm.objects.exists()


# --- at the same moment ---


def together(client: Client, url: str, form: dict[str, Any], times: int = 3) -> list[Any]:
    def send() -> Any:
        one = Client()
        one.cookies = client.cookies.copy()
        try:
            return one.post(url, form)
        finally:
            connections.close_all()

    return at_once(*[send] * times)


def test_a_note_sent_three_times_at_the_same_moment_is_one_note(own_database) -> None:
    from tests.trajectories import conftest

    team = factories.team()
    case = conftest.make_walk(team).trajectory
    client = logged_in(User.objects.get(pk=case.regisseur_id or team.frontoffice.pk))
    url = reverse("trajectories:note", args=[case.pk])
    before = ContactMoment.objects.count()
    form = key_of(client, url, "notes") | {"kind": "telefoon", "notes": "Drie keer gedrukt"}
    answers = together(client, url, form)
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert ContactMoment.objects.count() == before + 1


def test_a_registration_sent_three_times_at_the_same_moment_is_one(own_database) -> None:
    from tests.candidates.test_public import typed

    client = Client()
    form = key_of(client, "/aanmelden/", "motivation") | typed()
    assert [answer.url for answer in together(client, "/aanmelden/", form)] == ["/aanmelden/bedankt/"] * 3
    assert Registration.objects.count() == 1


def test_people_at_a_shared_address_do_not_wait_for_each_other(own_database) -> None:
    """Each is inside when the other comes: at an address that names nothing; who changes one thing waits their turn."""
    people = [factories.staff(Role.FRONTOFFICE) for _n in range(2)]

    def meet(path: str, **named: int) -> list[bool]:
        both_inside = Barrier(2)

        @once.answered_once
        def view(request: HttpRequest, **named: int) -> HttpResponse:
            try:
                both_inside.wait(3)
            except BrokenBarrierError:
                return HttpResponse("alleen")
            return HttpResponse("samen")

        def send(user: User) -> bool:
            request = RequestFactory().post(path, {once.FIELD: f"sleutel-{user.pk}"})
            request.user, request.session = user, Client().session
            try:
                return view(request, **named).content == b"samen"
            finally:
                connections.close_all()

        return at_once(*[lambda user=user: send(user) for user in people])

    assert meet("/aanmeldingen/nieuw/") == [True, True]
    assert meet("/trajecten/7/", pk=7) == [False, False]
