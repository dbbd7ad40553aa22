"""The filters above the beheerder's lists: users, reference tables, the log, work that follows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from accounts import verbs
from accounts.models import AuditEntry, Membership, Role, User
from accounts.reference import Table
from accounts.rules import NEEDS_ATTENTION
from topjob import labels
from topjob.filters import FromDay, IdFilter, ListFilter, SearchFilter, StretchForm, UntilDay, Wrong
from topjob.finding import by_names
from topjob.models import OutboxMessage


class UserFilter(ListFilter):
    """Users who are active, unless others are asked for."""

    page = "accounts:users"
    wrong = Wrong.NONE_USED

    q = SearchFilter(label=_("Naam, e-mailadres of telefoon"))
    role = ChoiceFilter(label=_("Rol"), choices=Role.choices, empty_label=_("Alle"), method="with_role")
    active = ChoiceFilter(
        label=_("Toon"),
        choices=[("uit", _("Uitgezette gebruikers")), ("alle", _("Alle gebruikers"))],
        empty_label=_("Actieve gebruikers"),
        method="by_active",
    )

    orders = {"name": ("name",), "login": ("last_login", "name"), "active": ("is_active", "name")}
    usual_order = "name"

    def filter_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        found = super().filter_queryset(queryset)
        return found if "active" in self.chosen else found.filter(is_active=True)

    def with_role(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return users.filter(pk__in=Membership.objects.filter(role=value).values("user"))

    def by_active(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return users.filter(is_active=False) if value == "uit" else users


class ReferenceFilter(ListFilter):
    """Of any table, by the columns that it is searched by."""

    q = SearchFilter(label=_("Zoek"), method="by_names")

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    @property
    def orders(self) -> dict[str, tuple[str, ...]]:  # type: ignore[override]
        """Any column that stands in the table itself."""
        names = {field.name for field in self.table.model._meta.concrete_fields}
        return {name: (name,) for name in self.table.columns if name in names}

    def by_names(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return by_names(rows, value, self.table.search)


class LogFilter(ListFilter):
    """Search in the log, by ids and words that the log itself holds."""

    page = "accounts:log"
    wrong = Wrong.NOTHING_SHOWN

    candidate = IdFilter("candidate_id", label=_("Kandidaatnummer"))
    trajectory = IdFilter("trajectory_id", label=_("Trajectnummer"))
    user = SearchFilter(label=_("Wie (naam of e-mailadres)"), of="actor")
    verb = CharFilter(label=_("Wat"), max_length=60, method="saying")
    date_from = FromDay("at", label=_("Van"))
    date_until = UntilDay("at", label=_("Tot en met"))

    class Meta:
        form = StretchForm

    orders = {"at": ("id",)}
    usual_order = "-at"

    def saying(self, entries: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return entries.filter(verb__in=verbs.saying(value))


class OutboxFilter(ListFilter):
    """What asks for attention and what still waits, unless something else is asked for."""

    page = "accounts:outbox"
    wrong = Wrong.NONE_USED

    outcome = ChoiceFilter(
        label=_("Uitkomst"),
        choices=[("alle", _("Alles")), *OutboxMessage.Outcome.choices],
        empty_label=_("Wat aandacht vraagt"),
        method="by_outcome",
    )
    handler = CharFilter(label=_("Werk"), max_length=80, method="by_handler")

    orders = {
        "work": ("handler",),
        "outcome": ("outcome",),
        "attempts": ("attempts",),
        "asked": ("id",),
    }
    usual_order = "-asked"

    def filter_queryset(self, queryset: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
        found = super().filter_queryset(queryset)
        return found if "outcome" in self.chosen else found.filter(outcome__in=NEEDS_ATTENTION)

    def by_outcome(self, work: QuerySet[OutboxMessage], name: str, value: str) -> QuerySet[OutboxMessage]:
        return work if value == "alle" else work.filter(outcome=value)

    def by_handler(self, work: QuerySet[OutboxMessage], name: str, value: str) -> QuerySet[OutboxMessage]:
        return work.filter(Q(handler__in=labels.names_of(value)) | Q(handler__icontains=value))
