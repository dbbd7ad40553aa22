"""The rules of today: which value holds on a day, for whom; and changing them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts import actions, law, rules, verbs
from accounts.models import AuditEntry, LawSetting, Organisation
from accounts.views.law import overview_by_group
from tests.accounts.people import client_organisation, company
from tests.questions import LIST
from topjob import clock
from topjob.errors import Refused

Key = LawSetting.Key
TODAY = date(2026, 11, 24)

pytestmark = pytest.mark.django_db


def add(key, value, valid_from, client=None):
    return LawSetting.objects.create(key=key, value=value, valid_from=valid_from, client=client, source="test")


def test_every_rule_has_a_value_for_the_demos_oldest_journeys():
    later = {Key.LKV_HOUR, Key.LKV_YEAR}  # the money advantage in this form exists since 2026
    for key in set(Key) - later:
        assert law.setting(key, on=date(2012, 2, 1)).value
    for key in later:
        assert law.setting(key, on=date(2026, 1, 1)).value


def test_the_shipped_values():
    shipped = {
        Key.TRIAL_MONTHS: 3,
        Key.PERMISSION_MONTHS: 2,
        Key.PERMISSION_MAX_MONTHS: 6,
        Key.PERMISSION_WARN_DAYS: 21,
        Key.RETENTION_MONTHS: 24,
        Key.AFTERCARE_MONTHS: 12,
        Key.CONTRACT_MIN_MONTHS: 12,
        Key.CONTRACT_MAX_MONTHS: 24,
        Key.NOTICE_MONTHS: 1,
        Key.LINK_DAYS: 14,
        Key.LKS_MAX: 70,
    }
    assert {key: law.number(key, on=TODAY) for key in shipped} == shipped
    assert law.word(Key.MINIMUM_WAGE, on=TODAY) == "14.71"
    assert law.is_on(Key.BSN_ALLOWED, on=TODAY) is False


def test_every_shipped_value_is_one_that_could_be_typed_in():
    for row in LawSetting.objects.all():
        assert rules.normal_law_value(row.key, row.value) == row.value, row


def test_a_clients_own_value_wins_even_when_the_general_one_is_newer():
    client = client_organisation()
    add(Key.LINK_DAYS, "7", date(2020, 1, 1), client)
    add(Key.LINK_DAYS, "30", date(2024, 1, 1))
    assert law.number(Key.LINK_DAYS, on=TODAY, client=client) == 7
    assert law.number(Key.LINK_DAYS, on=TODAY) == 30
    assert law.number(Key.LINK_DAYS, on=TODAY, client=client_organisation("Gemeente Zwolle")) == 30


def test_a_value_holds_from_its_day_on():
    add(Key.LINK_DAYS, "10", date(2026, 12, 1))
    assert law.number(Key.LINK_DAYS, on=date(2026, 11, 30)) == 14
    assert law.number(Key.LINK_DAYS, on=date(2026, 12, 1)) == 10


def test_a_clients_coming_value_falls_back_on_the_general_one_until_then():
    client = client_organisation()
    add(Key.LINK_DAYS, "7", date(2027, 1, 1), client)
    assert law.number(Key.LINK_DAYS, on=TODAY, client=client) == 14


def test_rules_that_are_remembered_are_the_rules(django_assert_num_queries):
    client, other = client_organisation(), client_organisation("Gemeente Zwolle")
    add(Key.LINK_DAYS, "7", date(2020, 1, 1), client)
    add(Key.LINK_DAYS, "30", date(2024, 1, 1))
    add(Key.LINK_DAYS, "9", date(2026, 12, 1), client)
    days = [date(2012, 2, 1), date(2023, 5, 5), TODAY, date(2026, 12, 1)]

    def everything():
        held = [law.held(*Key, on=day, client=who) for day in days for who in (None, client, other)]
        versions = law.versions(*Key, client=client)
        return held, [versions.at(Key.LINK_DAYS, day) for day in days]

    asked = everything()
    with law.remembered(), django_assert_num_queries(0):
        assert everything() == asked
        with pytest.raises(LawSetting.DoesNotExist):
            law.setting(Key.LKV_HOUR, on=date(2025, 12, 31))
    add(Key.LINK_DAYS, "31", TODAY)
    assert law.number(Key.LINK_DAYS, on=TODAY) == 31, "afterwards they are read anew"


def test_before_the_first_value_there_is_none():
    with pytest.raises(LawSetting.DoesNotExist):
        law.setting(Key.LKV_HOUR, on=date(2025, 12, 31))


def test_UWV_blocks_a_start_without_a_decision_and_a_gemeente_warns():
    assert Organisation.objects.filter(client_type=Organisation.ClientType.UWV).count() == 2
    for uwv in Organisation.objects.filter(client_type=Organisation.ClientType.UWV):
        assert law.word(Key.PERMISSION_MODE, on=date(2012, 1, 1), client=uwv) == "blokkeren"
    assert law.word(Key.PERMISSION_MODE, on=TODAY, client=client_organisation()) == "waarschuwen"


# --- changing ---


def form_data(**changes):
    data = {
        "key": Key.LINK_DAYS,
        "value": "21",
        "valid_from": "2026-12-01",
        "client": "",
        "source": "besluit",
        "certainty": "V",
    }
    return data | changes


def test_a_change_is_a_new_row_and_is_logged(browser, beheerder):
    with clock.at(TODAY):
        response = browser.post(reverse("accounts:add_law_value"), form_data())
    assert response.status_code == 302
    assert law.number(Key.LINK_DAYS, on=date(2026, 12, 1)) == 21
    assert law.number(Key.LINK_DAYS, on=date(2026, 11, 30)) == 14
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.actor, entry.details["value"]) == (verbs.SETTING_ADDED, beheerder, "21")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": "2026-11-23"}, "valid_from"),
        ({"valid_from": "31-02-2027"}, "valid_from"),
        ({"value": "veel"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "١٢"}, "value"),
        ({"value": "9" * 100}, "value"),
        ({"key": Key.LKS_MAX, "value": "101"}, "value"),
        ({"key": Key.PERMISSION_MODE, "value": "misschien"}, "value"),
        ({"key": Key.MINIMUM_WAGE, "value": "nan"}, "value"),
        ({"key": Key.COACH_LIGHT, "value": "36/18"}, "value"),
        ({"key": Key.BSN_ALLOWED, "value": "ja"}, "client"),
        ({"key": Key.BSN_ALLOWED, "value": "ja", "client": "Gemeente Raalte"}, "legal_basis"),
        ({"client": "Bouwbedrijf Salland"}, "client"),
        ({"client": "Bestaat niet"}, "client"),
        ({"source": ""}, "source"),
    ],
)
def test_wrong_values_are_said_at_the_field_and_change_nothing(browser, changes, field):
    company()
    before = LawSetting.objects.count()
    with clock.at(TODAY):
        response = browser.post(reverse("accounts:add_law_value"), form_data(**changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Dit klopt nog niet" in response.content.decode()
    assert LawSetting.objects.count() == before


def test_the_same_day_twice_is_refused_in_words(browser):
    add(Key.LINK_DAYS, "10", date(2026, 12, 1))
    with clock.at(TODAY):
        response = browser.post(reverse("accounts:add_law_value"), form_data())
    assert "Er is al een waarde met deze ingangsdatum." in response.content.decode()


def test_amounts_may_be_written_the_dutch_way(browser):
    with clock.at(TODAY):
        browser.post(reverse("accounts:add_law_value"), form_data(key=Key.MINIMUM_WAGE, value="15,1"))
    assert law.word(Key.MINIMUM_WAGE, on=date(2026, 12, 1)) == "15.10"


def test_a_client_is_chosen_by_name(browser):
    with clock.at(TODAY):
        browser.post(reverse("accounts:add_law_value"), form_data(client="gemeente raalte"))
    assert law.number(Key.LINK_DAYS, on=date(2026, 12, 1), client=client_organisation()) == 21
    assert law.number(Key.LINK_DAYS, on=date(2026, 12, 1)) == 14


def test_what_holds_stays_and_what_comes_can_be_withdrawn(beheerder):
    holds, comes = add(Key.LINK_DAYS, "10", TODAY), add(Key.LINK_DAYS, "12", TODAY + timedelta(days=1))
    with clock.at(TODAY):
        with pytest.raises(Refused, match="geldt al"):
            actions.withdraw_law_value(holds, by=beheerder)
        actions.withdraw_law_value(comes, by=beheerder)
    assert list(LawSetting.objects.filter(key=Key.LINK_DAYS, valid_from__gte=TODAY)) == [holds]


def test_the_overview_shows_what_holds_today(browser, django_assert_max_num_queries):
    add(Key.LINK_DAYS, "10", TODAY)
    add(Key.LINK_DAYS, "12", TODAY + timedelta(days=30), client_organisation())
    with clock.at(TODAY), django_assert_max_num_queries(LIST):
        page = browser.get(reverse("accounts:law"))
    rules_shown = {rule.key: rule for _group, found in page.context["groups"] for rule in found}
    assert set(rules_shown) == set(Key.values)
    shown = rules_shown[Key.LINK_DAYS]
    assert (shown.current.value, [row.value for row in shown.coming], [row.value for row in shown.past]) == (
        "10",
        ["12"],
        ["14"],
    )
    permission = rules_shown[Key.PERMISSION_MODE]
    assert {row.client.name for row in permission.overrides} == {"UWV Zwolle", "UWV Apeldoorn"}
    assert "controleer" in page.content.decode()


def test_every_rule_stands_in_the_group_where_people_look_for_it():
    *groups, (_label, other) = overview_by_group(TODAY)
    money = ("minimumloon", "bbl_loon", "lks_", "lkv_", "quotum", "vakantiebijslag", "no_risk")
    assert [rule.key for rule in other if not rule.key.startswith(money)] == []
    assert "Termijnen" in [label for label, _rules in groups]


@pytest.mark.parametrize(
    ("typed", "kept"), [("39,5", "39.5"), ("30", "30"), ("34.50", None), ("101", None), ("-1", None)]
)
def test_the_youth_wage_has_half_percents(typed, kept):
    if kept is None:
        with pytest.raises(ValueError, match="percentage"):
            rules.normal_law_value(Key.WAGE_AGE_17, typed)
    else:
        assert rules.normal_law_value(Key.WAGE_AGE_17, typed) == kept
