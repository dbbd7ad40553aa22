from unittest import mock

from django.db import OperationalError


def test_alive_without_asking_anybody(client):
    assert client.get("/gezond/leeft/").status_code == 200


def test_ready_when_database_and_broker_answer(client, db):
    with mock.patch("topjob.health.broker_answers", return_value=True):
        response = client.get("/gezond/gereed/")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}


def test_not_ready_without_a_broker(client, db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get("/gezond/gereed/")
    assert response.status_code == 503
    assert response.json() == {"database": True, "broker": False}


def test_not_ready_without_a_database(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    with mock.patch("topjob.health.connection.cursor", side_effect=OperationalError("gone")):
        response = client.get("/gezond/gereed/")
    assert response.status_code == 503
    assert response.json() == {"database": False, "broker": False}
