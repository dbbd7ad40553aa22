"""I4: an outage answers 503, never 500 or a false success."""

from unittest import mock

import pytest
from django.db import InterfaceError, OperationalError


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    # A session that has to be looked up, as any person who logged in has.
    client.cookies["sessionid"] = "x" * 32
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_answers_503(visitor, db, error):
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=error("weg")):
        response = visitor.get("/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "503.html" in [template.name for template in response.templates]


def test_another_fault_answers_500(visitor, db):
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=ZeroDivisionError):
        response = visitor.get("/")
    assert response.status_code == 500
    assert "500.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("host", ["", "evil.example", "a b"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_host_that_isnt_ours_answers_400(visitor, db, host, method):
    """Refused before it is known who asks: the page that says so may not ask that either."""
    response = getattr(visitor, method)("/inloggen/", HTTP_HOST=host)
    assert response.status_code == 400
    assert "400.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("boundary", ["", "x" * 300])
def test_a_form_that_cant_be_read_at_an_address_that_isnt_there_answers_400(visitor, db, boundary):
    """The page for what isn't there looks at the token in the form."""
    visitor.cookies["csrftoken"] = "x" * 32
    visitor.handler.enforce_csrf_checks = True
    kind = f"multipart/form-data; boundary={boundary}"
    assert visitor.generic("POST", "/bestaat-niet/", b"a=b", content_type=kind).status_code == 400
