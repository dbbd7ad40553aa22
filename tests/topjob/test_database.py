"""How we speak with PostgreSQL."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_a_connection_keeps_the_plans_of_a_walk_through_the_product():
    """A hundred questions between two of the same kind don't push its plan out."""
    with connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute("SELECT count(*) AS kept FROM accounts_user WHERE name = %s", ["Bas"])
        for number in range(150):
            for _ in range(5):
                cursor.execute(f"SELECT {number} AS other_{number} FROM accounts_user WHERE name = %s", ["Bas"])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% AS kept FROM%%'", [])
        assert cursor.fetchone() == (1,)
