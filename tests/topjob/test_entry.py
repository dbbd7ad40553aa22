"""Days, moments and numbers are read as people write them and shown one way, in every form (issue: dates and amounts)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from topjob.entry import DayInput, MomentInput, NumberBox, read_day, read_moment, read_number
from topjob.money import dutch, euro

APPS = ("topjob", "accounts", "candidates", "employers", "matching", "trajectories")


@pytest.mark.parametrize(
    "typed",
    ["6-5-2004", "06-05-2004", "6-5-04", "6.5.2004", "6/5/2004", "6 5 2004", "6 mei 2004", "6 Mei 04", "do 6 mei 2004",
     "donderdag 6 mei 2004", "6-mei-2004", "2004-05-06", "2004/5/6", "06052004", " 6 - 5 - 2004 "],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it_day_before_month(typed: str) -> None:
    assert read_day(typed) == date(2004, 5, 6)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("1-3-98", date(1998, 3, 1)), ("1 mrt 2026", date(2026, 3, 1)), ("1 maart 2026", date(2026, 3, 1)),
     ("29 februari 2024", date(2024, 2, 29)), ("31 okt. 2026", date(2026, 10, 31)), ("zo 1 nov 2026", date(2026, 11, 1))],
)  # fmt: skip
def test_months_have_names_and_two_figures_a_century(typed: str, day: date) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    "typed", ["", "x", "31-2-2026", "13-13-2026", "6 mai", "6-5", "2026", "0-0-0", "6 foo 2004", "٣-٣"]
)
def test_what_is_no_day_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError):
        read_day(typed)
    if typed:
        with pytest.raises(forms.ValidationError, match="6 mei 2004"):
            forms.DateField().clean(typed)


@pytest.mark.parametrize(
    "typed", ["6-5-2026 14:30", "6 mei 2026 14.30", "2026-05-06T14:30", "6-5-26 om 14:30 uur", "wo 6 mei 2026, 14:30"]
)
def test_a_moment_is_a_day_with_a_time(typed: str) -> None:
    assert read_moment(typed) == datetime(2026, 5, 6, 14, 30)


@pytest.mark.parametrize("typed", ["6-5-2026", "14:30", "6-5-2026 25:00", "6-5-2026 12:60"])
def test_what_is_no_moment_is_refused_in_words(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match=r"14:30"):
        forms.DateTimeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1250,50", "1250.5"), ("1250.50", "1250.5"), ("1.250,50", "1250.5"), ("1,250.50", "1250.5"), ("€ 1.250,50", "1250.5"),
     ("€\xa01.250,50", "1250.5"),
     ("1 250,50", "1250.5"), ("1.250", "1250"), ("12.500.000", "12500000"), ("0.800", "0.8"), ("0,8", "0.8"), ("14,71", "14.71"),
     ("-3,2", "-3.2"), ("40%", "40"), ("5,-", "5"), ("1250 euro", "1250")],
)  # fmt: skip
def test_an_amount_is_read_with_comma_or_point_alike(typed: str, number: str) -> None:
    assert forms.DecimalField().clean(typed) == Decimal(number)
    assert Decimal(read_number(typed)) == Decimal(number)


@pytest.mark.parametrize("typed", ["12 34", "1,2,3", "x", "--5", "1.25.0"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        forms.DecimalField().clean(typed)


def test_whole_numbers_are_read_the_same_way() -> None:
    assert forms.IntegerField().clean("32,0") == forms.IntegerField().clean(" 32 ") == 32
    assert forms.IntegerField().clean("1.250") == 1250
    with pytest.raises(forms.ValidationError):
        forms.IntegerField().clean("32,5")


def test_amounts_are_shown_in_one_way() -> None:
    assert (euro(Decimal("1250.5")), euro(Decimal(0)), euro(None)) == ("€\xa01.250,50", "€\xa00,00", "")
    assert (dutch(Decimal("0.80")), dutch(Decimal("1234567.5"))) == ("0,80", "1.234.567,5")
    assert forms.DecimalField().prepare_value(Decimal("1250.50")) == "1.250,50"


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for app in APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".forms" in module.name or ".views" in module.name:
                importlib.import_module(module.name)
    todo = [forms.BaseForm]
    while todo:
        form = todo.pop()
        todo += form.__subclasses__()
        if form.__module__.split(".")[0] in APPS:
            yield form


def test_no_form_leaves_a_day_or_a_number_to_the_browsers_language() -> None:
    found, wrong = 0, []
    for form in all_forms():
        for name, field in getattr(form, "base_fields", {}).items():
            kinds = ((forms.DateTimeField, MomentInput), (forms.DateField, DayInput), (forms.IntegerField, NumberBox))
            wanted = next((widget for kind, widget in kinds if isinstance(field, kind)), None)
            found += wanted is not None
            if wanted and not isinstance(field.widget, (wanted, forms.HiddenInput, forms.Select)):
                wrong.append(f"{form.__module__}.{form.__name__}.{name}: {type(field.widget).__name__}")
    assert found > 60 and wrong == []


def test_no_page_writes_a_date_in_another_way() -> None:
    """One way to show a day, "ma 3 nov 2026": `nl_date`. Only what is typed in a field has figures, and the terminal."""
    in_a_field = {"topjob/entry.py", "demo/tour.py"}
    elsewhere = in_a_field | {"topjob/seal.py", "trajectories/management/commands/destroy.py"}
    root = Path(settings.BASE_DIR)
    paths = [path.relative_to(root).as_posix() for app in APPS for path in (root / app).rglob("*.py")]
    assert [path for path in paths if "%d-%m" in (root / path).read_text("utf-8") and path not in elsewhere] == []


def test_no_form_has_a_field_for_binary_fractions() -> None:
    """A FloatField would read 52.516 as fifty-two thousand and shows it in another way; amounts and hours are decimals."""
    import topjob.urls  # noqa: F401  every view, and so every form
    from tests.test_merging import ours

    fields = [
        (form.__name__, name)
        for form in ours()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FloatField)
    ]
    assert fields == []
