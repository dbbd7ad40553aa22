"""Going to a person, employer or vacancy by a few letters (Ctrl-K)."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from accounts.access import STAFF, access
from accounts.models import User
from candidates.models import Candidate
from candidates.models.person import NAME_PREFIXES
from employers.models import Employer, Vacancy
from trajectories.models import Trajectory

MOST = 12
DAYS = (
    re.compile(r"^(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})$", re.ASCII),
    re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})$", re.ASCII),
)
PHONE = re.compile(r"^[+0-9][0-9 ()-]{5,}$", re.ASCII)


@access(STAFF)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Only what this person may see; typing errors are forgiven and "van der" doesn't count."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context: dict[str, Any] = {"q": text, "people": [], "employers": [], "vacancies": []}
    if text:
        context |= {
            "people": people(text, request.user),
            "employers": employers(text, request.user),
            "vacancies": vacancies(text, request.user),
        }
    return render(request, "trajectories/cases/search.html", context)


def people(text: str, user: User) -> list[Candidate]:
    """By name, birth date or phone number, the closest names first, each with the running case."""
    rows = _people(text, Candidate.objects.visible_to(user))
    running = Prefetch("trajectories", queryset=Trajectory.objects.open().visible_to(user), to_attr="running")
    return list(rows.select_related("region").prefetch_related(running)[:MOST])


def _people(text: str, rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    born = birth_date(text)
    if born is not None:
        return rows.filter(birth_date=born).order_by("last_name", "first_name", "pk")
    if PHONE.match(text):
        return rows.filter(_phone(text)).order_by("last_name", "first_name", "pk")
    words = [word for word in text.lower().split() if word not in NAME_PREFIXES]
    if not words:
        return rows.none()
    likeness = TrigramSimilarity(Lower("last_name"), words[-1]) + TrigramSimilarity(Lower("first_name"), words[0])
    return rows.search(text).annotate(likeness=likeness).order_by("-likeness", "last_name", "pk")


def birth_date(text: str) -> date | None:
    """A day as the Dutch write it, or as a computer does."""
    found = next((match for pattern in DAYS if (match := pattern.match(text))), None)
    if found is None:
        return None
    try:
        return date(**{name: int(part) for name, part in found.groupdict().items()})
    except ValueError:
        return None


def _phone(text: str) -> Q:
    """A whole number by its index, or else the end of one."""
    with contextlib.suppress(NumberParseException):
        number = PhoneNumber.from_string(text, region="NL")
        if number.is_valid():
            return Q(phone=number)
    return Q(phone__endswith=re.sub(r"\D", "", text)[-8:])


def employers(text: str, user: User) -> list[Employer]:
    rows = Employer.objects.visible_to(user).search(text)
    return list(rows.select_related("organisation", "branch").order_by("organisation__name", "pk")[:MOST])


def vacancies(text: str, user: User) -> list[Vacancy]:
    """By title or function, the open ones first."""
    named = Q(title__icontains=text) | Q(function__name__icontains=text)
    rows = Vacancy.objects.visible_to(user).filter(named).with_names()
    return list(rows.order_by("-status", "-created_at", "-pk")[:MOST])
