from unittest import mock

from django.db import OperationalError


def test_alive_without_asking_anybody(client):
    assert client.get("/gezond/leeft/").status_code == 200


def test_ready_with_the_database_without_asking_the_broker(client, db):
    with mock.patch("topjob.health.broker_answers", side_effect=AssertionError):
        response = client.get("/gezond/gereed/")
    assert (response.status_code, response.json()) == (200, {"database": True})


def test_a_broker_that_is_away_takes_no_web_server_out(client, db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert client.get("/gezond/gereed/").status_code == 200
    response = client.get("/gezond/werk/")
    assert (response.status_code, response.json()) == (503, {"broker": False})


def test_the_work_behind_requests_goes_on_when_the_broker_answers(client):
    with mock.patch("topjob.health.broker_answers", return_value=True):
        response = client.get("/gezond/werk/")
    assert (response.status_code, response.json()) == (200, {"broker": True})


def test_not_ready_without_a_database(client):
    with mock.patch("topjob.health.connection.cursor", side_effect=OperationalError("gone")):
        response = client.get("/gezond/gereed/")
    assert (response.status_code, response.json()) == (503, {"database": False})
