"""Whoever signs types the own name, as people write it; nobody signs with a relative's."""

from __future__ import annotations

import pytest

from trajectories.models.plan import PlanParty
from trajectories.signing.statements import is_name_of


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łukasz Yıldız", "Lukasz Yildiz"),
        ("Ayşe İpek", "ayse ipek"),
        ("Đặng Strauß", "Dang Strauss"),
        ("Søren Ærø", "Soren Aero"),
        ("Jan van den Berg", "Jan vd Berg"),
        ("Jan van den Berg", "J. v.d. Berg"),
        ("Jan van den Berg", "J.v.d.Berg"),
        ("Jan van den Berg", "Jan v/d Berg"),
        ("Jan van den Berg", "Jan Berg"),
        ("Jan van den Berg", "JAN VAN DEN BERG"),
        ("Jan van den Berg", "van den Berg, Jan"),
        ("Sem Bakker", "S. Bakker"),
        ("Tess Bakker", "T. Bakker"),
        ("Ben de Vries", "Ben de Vries"),
        ("Ben de Vries", "B. de Vries"),
        ("Sem Pieter Bakker", "S.P. Bakker"),
        ("A. Bakker", "Anna Bakker"),
        ("Suharto", "Suharto"),
        ("Suharto", "suharto"),
        ("van der Berg", "vd Berg"),
        ("محمد علي", "محمد علي"),
        ("中文", "中文"),
    ],
)
def test_ones_own_name_as_people_write_it_signs(name: str, typed: str) -> None:
    assert is_name_of(typed, PlanParty(name=name))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jan van den Berg", "Berg"),
        ("Jan van den Berg", "van den Berg"),
        ("Jan van den Berg", "v.d. Berg"),
        ("Jan van den Berg", "Piet van den Berg"),
        ("Jan van den Berg", "P. v.d. Berg"),
        ("Jan van den Berg", "Jan B."),
        ("Jan van den Berg", "J. B."),
        ("Jan van den Berg", "Jan"),
        ("Bert Berg", "Berg Berg"),
        ("Jan Berg", "B. Berg"),
        ("Ben de Vries", "de Vries"),
        ("Ben de Vries", "Al de Vries"),
        ("Sem Bakker", "S. Bakkers"),
        ("Suharto", "S."),
        ("Suharto", "Jan Suharto"),
        ("Suharto", ""),
        ("", ""),
        ("محمد علي", "علي"),
    ],
)
def test_a_relatives_name_or_half_a_name_does_not_sign(name: str, typed: str) -> None:
    assert not is_name_of(typed, PlanParty(name=name))
