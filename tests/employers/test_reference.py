"""The reference rows that arrive by migration, against tables 4.1 and 4.3 written out."""

from datetime import date

import pytest

from employers.models import LearnWorkProject, Stream

pytestmark = pytest.mark.django_db

# branch, start, project, level, place, participants, jobs
TABLE_4_3 = {
    ("Infra-GWW", date(2012, 2, 1), "BinQ-1", "BBL 2", "Raalte", 12, 11),
    ("Infra-GWW", date(2012, 9, 1), "BinQ-2", "BBL 2", "Raalte", 2, None),
    ("Infra-GWW", date(2013, 2, 1), "BinQ-3", "BBL 2", "", 10, None),
    ("Transport & Logistiek 1", date(2013, 2, 1), "TanQ-1", "BBL 1", "", None, None),
    ("Transport & Logistiek 2", date(2013, 2, 1), "TrucQ-1", "BBL 2", "Zwolle", None, None),
}
PLANNED = {
    ("Q-care", "Zorg & Welzijn"),
    ("LinQ", "Telecom"),
    ("Q-car", "Mobiliteit: auto's"),
    ("BiQe", "Mobiliteit: fietsen"),
    ("DesQ", "Administratief & Facilitair"),
    ("BlinQ", "Schoonmaak"),
    ("Q-Tech (Techniek-installatie)", "Techniek-installatie"),
    ("Q-Tech (Techniek-wtb)", "Techniek-wtb"),
    ("TecQ", "Techniek-wtb"),
}


def test_projects_are_those_of_table_4_3():
    rows = LearnWorkProject.objects.filter(is_planned=False).values_list(
        "branch__name", "starts_on", "name", "level", "place", "reported_participants", "reported_jobs"
    )
    assert set(rows) == TABLE_4_3


def test_planned_projects_have_a_name_and_a_branch_only():
    planned = LearnWorkProject.objects.filter(is_planned=True)
    assert set(planned.values_list("name", "branch__name")) == PLANNED
    assert not planned.exclude(starts_on=None).exists()


def test_all_projects_are_in_stream_1_and_begun_ones_have_their_intake_date():
    assert set(LearnWorkProject.objects.values_list("stream__number", flat=True)) == {1}
    begun = LearnWorkProject.objects.filter(is_planned=False)
    assert [list(project.intake_dates.values_list("on", flat=True)) for project in begun] == [
        [project.starts_on] for project in begun
    ]


def test_binq_1_shows_12_participants_and_11_jobs():
    outcome = LearnWorkProject.objects.get(name="BinQ-1").outcome
    assert (outcome.participants, outcome.passed, outcome.diploma, outcome.jobs) == (12, None, None, 11)
    assert not outcome.is_counted


def test_own_count_wins_from_the_reported_figures():
    project = LearnWorkProject.objects.get(name="BinQ-1")
    project.participants_count, project.passed_count, project.diploma_count, project.jobs_count = 10, 9, 8, 7
    outcome = project.outcome
    assert (outcome.participants, outcome.passed, outcome.diploma, outcome.jobs) == (10, 9, 8, 7)
    assert outcome.is_counted


def test_streams_are_those_of_table_4_1():
    columns = ("number", "age_from", "age_until", "typical_fte", "training_months", "jobcoach_required", "intake")
    assert [tuple(map(str, row)) for row in Stream.objects.values_list(*columns)] == [
        ("1", "18", "27", "0.80", "24", "True", "Halfjaarlijks (september, februari)"),
        ("2", "18", "None", "1.00", "12", "False", "Periodiek"),
        ("3", "18", "None", "1.00", "12", "False", "Vrij"),
    ]
    texts = ("who", "work", "trial", "support", "training", "prospect", "qualification", "good_practice", "clients")
    for stream in Stream.objects.all():
        assert all(getattr(stream, name) for name in texts), stream
