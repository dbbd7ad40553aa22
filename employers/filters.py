"""The filters above the lists of companies and vacancies."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _l
from django_filters import ChoiceFilter

from accounts.models import Branch, KindOfPlace, Region
from employers.models import Stream, Vacancy
from topjob.filters import ANY, CodeFilter, FlagFilter, ListFilter, SearchFilter


class EmployerFilter(ListFilter):
    page = "employers:list"

    q = SearchFilter(label=_l("Zoek op naam, plaats, KvK, e-mail of telefoon"))
    branch = CodeFilter(label=_l("Branche"), queryset=Branch.objects.all())
    region = CodeFilter("organisation__region", label=_l("Regio"), queryset=Region.objects.all())

    orders = {
        "name": ("organisation__name",),
        "branch": ("branch__name", "organisation__name"),
        "city": ("organisation__city", "organisation__name"),
        "region": ("organisation__region__name", "organisation__name"),
    }
    usual_order = "name"


class ProjectFilter(ListFilter):
    """All of them: there are few."""

    orders = {
        "name": ("name",),
        "start": ("starts_on", "name"),
        "level": ("level", "name"),
        "place": ("place", "name"),
        "size": ("group_size", "name"),
    }
    usual_order = "-start"


class CompanySearch(ListFilter):
    """Whose is it?"""

    q = SearchFilter(label=_l("Naam, plaats of KvK-nummer van het bedrijf"))


class VacancyFilter(ListFilter):
    page = "employers:vacancies"

    q = SearchFilter(label=_l("Zoek op titel, functie, plaats of werkgever"), is_personal=False, method="by_words")
    kind = CodeFilter("kind_of_place", label=_l("Soort plek"), queryset=KindOfPlace.objects.all())
    branch = CodeFilter("function__branch", label=_l("Branche"), queryset=Branch.objects.all())
    stream = CodeFilter(label=_l("Stroom"), queryset=Stream.objects.all())
    status = ChoiceFilter(label=_l("Status"), choices=Vacancy.Status.choices, empty_label=ANY)
    place = SearchFilter(label=_l("Plaats"), max_length=80, is_personal=False, method="at_place")
    free = FlagFilter(label=_l("Met een vrije plaats"), method="with_free_seats")

    orders = {
        "title": ("title",),
        "kind": ("kind_of_place__name", "title"),
        "branch": ("function__branch__name", "title"),
        "city": ("city", "title"),
        "start": ("starts_on",),
        "free": ("seats_free",),
        "new": ("created_at",),
    }
    usual_order = "-new"
    # Whatever is asked for: the open ones, as `open_first` has it.
    always_first = (F("status").desc(),)

    def by_words(self, rows: QuerySet[Vacancy], name: str, value: str) -> QuerySet[Vacancy]:
        return rows.filter(pk__in=Vacancy.objects.search(value).order_by())

    def at_place(self, rows: QuerySet[Vacancy], name: str, value: str) -> QuerySet[Vacancy]:
        return rows.filter(pk__in=Vacancy.objects.at_place(value).order_by())

    def with_free_seats(self, rows: QuerySet[Vacancy], name: str, value: bool) -> QuerySet[Vacancy]:
        return rows.filter(seats_free__gt=0)
