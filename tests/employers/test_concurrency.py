"""Two people at the same moment, on a database with real commits."""

import threading
import time

import pytest
from django.db import connection, transaction

from accounts.models import Branch, Role
from employers import actions
from employers.models import Employer, Vacancy
from tests.factories import VacancyFactory, staff
from topjob.errors import Refused


def at_once(*steps):
    """Run these side by side, each on a connection of its own; answers what each gave or raised."""
    answers = [None] * len(steps)

    def run(place, step):
        try:
            answers[place] = step()
        except Refused as refused:
            answers[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


def test_R13_seats_wait_for_a_claim_that_is_being_made(own_database):
    broker, vacancy = staff(Role.WERKMAKELAAR), VacancyFactory(seats=2)
    claiming = threading.Event()

    def claim():
        with transaction.atomic():
            row = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
            claiming.set()
            time.sleep(0.5)
            row.seats_free = 0
            row.save(update_fields=["seats_free"])

    def lower():
        claiming.wait(10)
        return actions.set_seats(vacancy, 1, by=broker)

    _claimed, lowered = at_once(claim, lower)
    assert isinstance(lowered, Refused) and "2 plaatsen bezet" in str(lowered)
    vacancy.refresh_from_db()
    assert (vacancy.seats, vacancy.seats_free) == (2, 0)


def test_the_same_company_entered_twice_at_once_is_there_once(own_database):
    broker = staff(Role.WERKMAKELAAR)
    values = {"by": broker, "name": "Dubbel", "kvk_number": "12345678", "branch": Branch.objects.get(code="01")}
    answers = at_once(*[lambda: actions.add_employer(**values)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Employer", "Refused"]
    assert Employer.objects.filter(organisation__name="Dubbel").count() == 1


@pytest.mark.parametrize("action", [actions.publish_vacancy, actions.close_vacancy])
def test_a_double_click_is_done_once(own_database, action):
    broker, vacancy = staff(Role.WERKMAKELAAR), VacancyFactory(status="concept")
    answers = at_once(*[lambda: action(vacancy, by=broker)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Vacancy"]
