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
