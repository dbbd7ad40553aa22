"""Leafing through what only grows: each row once, newest first, however it is looked up."""

import pytest
from django.test import RequestFactory

from accounts.models import Branch
from topjob.paging import newest_first


@pytest.mark.django_db
@pytest.mark.parametrize("few", [True, False])
def test_leafing_shows_every_row_once(few):
    expected = sorted(Branch.objects.values_list("pk", flat=True), reverse=True)
    found, voor = [], ""
    for _leaf in range(len(expected)):
        leaf = newest_first(Branch.objects.all(), RequestFactory().get("/", {"voor": voor}), 4, few=few)
        assert leaf.is_first == (voor == "")
        found += [row.pk for row in leaf.rows]
        if leaf.older is None:
            break
        voor = str(leaf.older)
    assert found == expected and len(expected) > 8
