"""The reference tables: they hold what docs/domain.md says, and the beheerder edits them."""

import pytest
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Branch, Department, KindOfPlace, Organisation, Region, TopSector
from accounts.reference import REGISTRY

pytestmark = pytest.mark.django_db

# docs/domain.md §1, by hand.
PLACES = {
    (1, "Match"): ["Leerwerkplek BBL", "Leerwerkplek BOL", "Reguliere baan"],
    (2, "MaatwerQ"): [
        "Zorg-werkatelier",
        "Leerwerkplek (vrijwillig, training)",
        "Leerwerkplek BBL+ individueel",
        "Leerwerkplek BBL+ groep",
    ],
    (3, "Jeugd"): ["Stageplaats", "Bijbaantje", "Studentenwerk", "Werkervaringsplek (stage+)"],
    (4, "Maatschappelijk"): ["Maatschappelijke stage", "Werkervaringsplek", "Vrijwilligerswerk"],
}


def test_departments_and_their_kinds_of_place():
    found = {
        (department.number, department.name): [kind.name for kind in department.kinds_of_place.all()]
        for department in Department.objects.all()
    }
    assert found == PLACES
    assert Department.objects.get(number=2).is_maatwerq


def test_branches_sectors_and_regions():
    branches = list(Branch.objects.all())
    assert len(branches) == 22
    assert [branch.code for branch in branches] == [f"{number:02d}" for number in range(1, 23)]
    assert (branches[0].name, branches[21].name) == ("Infra-GWW", "Creatief: media")
    assert TopSector.objects.count() == 9
    assert dict(Region.objects.values_list("code", "name")) == {"20": "IJssel- en Vechtstreek", "29": "Stedendriehoek"}


def test_every_kind_of_opdrachtgever_is_there():
    kinds = set(Organisation.objects.clients().values_list("client_type", flat=True))
    assert kinds == set(Organisation.ClientType.values)
    names = set(Organisation.objects.clients().values_list("name", flat=True))
    assert {"Gemeente Olst-Wijhe", "Gemeente Raalte", "Gemeente Deventer", "UWV Zwolle", "UWV Apeldoorn"} <= names


def test_the_tables_that_can_be_edited():
    own = {"afdelingen", "regios", "opdrachtgevers", "soorten-plek", "branches", "topsectoren"}
    assert own | {"verwijzers", "leefgebieden", "doelgroepen", "doelgroepregels", "stromen"} <= set(REGISTRY)


def test_every_table_every_row_and_every_form_opens(browser):
    for slug, table in REGISTRY.items():
        assert browser.get(reverse("accounts:table", args=[slug]), {"q": "e"}).status_code == 200
        assert browser.get(reverse("accounts:add_row", args=[slug])).status_code == 200
        row = table.model._default_manager.first()
        if row is not None:
            assert browser.get(reverse("accounts:edit_row", args=[slug, row.pk])).status_code == 200


def test_adding_a_row(browser, beheerder):
    data = {"name": "Zorgtechniek", "code": "23", "position": "23", "is_active": "on"}
    response = browser.post(reverse("accounts:add_row", args=["branches"]), data)
    assert response.url == reverse("accounts:table", args=["branches"])
    branch = Branch.objects.get(code="23")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.subject_type, entry.subject_id) == (verbs.CHOICE_ADDED, "accounts.branch", branch.pk)


def test_changing_a_row_keeps_its_code(browser):
    branch = Branch.objects.get(code="05")
    data = {"name": "Telecom en data", "code": "anders", "position": "5"}
    browser.post(reverse("accounts:edit_row", args=["branches", branch.pk]), data)
    branch.refresh_from_db()
    assert (branch.name, branch.code, branch.is_active) == ("Telecom en data", "05", False)
    assert AuditEntry.objects.latest("pk").verb == verbs.CHOICE_CHANGED


def test_a_client_added_here_is_a_client(browser):
    data = {"name": "Gemeente Elburg", "client_type": "gemeente", "is_active": "on"}
    browser.post(reverse("accounts:add_row", args=["opdrachtgevers"]), data)
    assert Organisation.objects.clients().get(name="Gemeente Elburg").client_type == "gemeente"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "05"}, "code"),
        ({"code": "met spatie"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "\x00\u200b"}, "name"),  # nothing, once it is cleaned
        ({"position": "-1"}, "position"),
        ({"position": "9" * 30}, "position"),
    ],
)
def test_wrong_rows_are_said_at_the_field(browser, changes, field):
    data = {"name": "Zorgtechniek", "code": "23", "position": "23", "is_active": "on"} | changes
    response = browser.post(reverse("accounts:add_row", args=["branches"]), data)
    assert response.status_code == 200 and field in response.context["form"].errors
    assert Branch.objects.count() == 22


def test_a_name_is_cleaned_of_what_no_one_can_see(browser):
    data = {"name": "Zorg\x00techniek\u200b", "code": "23", "position": "23", "is_active": "on"}
    assert browser.post(reverse("accounts:add_row", args=["branches"]), data).status_code == 302
    assert Branch.objects.get(code="23").name == "Zorgtechniek"


def test_rows_that_files_refer_to_are_put_out_of_use_not_removed(browser):
    branch = Branch.objects.first()
    assert browser.post(reverse("accounts:remove_row", args=["branches", branch.pk])).status_code == 404
    assert Branch.objects.filter(pk=branch.pk).exists()


def test_a_row_of_the_eligibility_table_can_be_removed(browser):
    model = REGISTRY["doelgroepregels"].model
    rule = model._default_manager.first()
    assert rule is not None
    url = reverse("accounts:remove_row", args=["doelgroepregels", rule.pk])
    assert browser.get(url).status_code == 200 and model._default_manager.filter(pk=rule.pk).exists()
    browser.post(url)
    assert not model._default_manager.filter(pk=rule.pk).exists()
    assert AuditEntry.objects.latest("pk").verb == verbs.CHOICE_REMOVED


def test_an_unknown_table_is_not_found(browser):
    for name in ("table", "add_row"):
        assert browser.get(reverse(f"accounts:{name}", args=["geheim"])).status_code == 404


@pytest.mark.parametrize("rows", [5, 50])
def test_a_table_asks_the_same_few_questions(browser, rows, django_assert_num_queries):
    department = Department.objects.first()
    KindOfPlace.objects.bulk_create(
        KindOfPlace(code=f"extra-{number}", name=f"Extra {number}", department=department) for number in range(rows)
    )
    with django_assert_num_queries(5):
        browser.get(reverse("accounts:table", args=["soorten-plek"]))
