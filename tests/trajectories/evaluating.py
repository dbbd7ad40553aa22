"""Giving a view of the trial, as the parties do it."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from demo.walk import Walk
from trajectories.models import (
    AmbitionItem,
)

PARTIES = ("jongere", "werkgever", "jobcoach")


def page(walk: Walk, name: str, *args: object) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *args])


def state(walk: Walk) -> str:
    return walk.fresh().state


def answers(positive: bool = True, score: int = 4, **more: object) -> dict[str, object]:
    scores = {f"item_{item.pk}": score for item in AmbitionItem.objects.filter(is_active=True)}
    return {"is_positive": str(positive), "went_well": "Het werk.", "can_improve": "Vragen.", **scores, **more}


def answer_all(client: Client, url: str, score: int = 4, positive: bool = True) -> HttpResponse:
    """Every question with the same figure, then the words, the verdict and sending."""
    for number in range(1, 11):
        client.post(url, {"vraag": str(number), "answer": str(score)})
    client.post(url, {"vraag": "11", "went_well": "Het werk.", "can_improve": "Vragen."})
    client.post(url, {"vraag": "12", "answer": str(positive)})
    return client.post(url, {"vraag": "controle"}, follow=True)
