"""The filters above the lists of trajectories: table and board, banenpool, the client's people; and above what was looked at."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from accounts.models import Branch, Client, Department, Page, Reading, Region, User
from accounts.models.roles import REGION_ROLES
from candidates.models import Candidate
from matching.models import SearchProfile
from topjob import clock
from topjob.filters import (
    ANY,
    CodeFilter,
    FromDay,
    IdFilter,
    ListFilter,
    NumberFilter,
    PickFilter,
    SearchFilter,
    StretchForm,
    UntilDay,
    Wrong,
)
from trajectories.forms.steps import FULL_WEEK, DayField
from trajectories.models import Advice, Trajectory
from trajectories.models.guides import guided_by, without_lead
from trajectories.pages.worklists import ATTENTION, ORDERS, SOON, Cases, may_choose, turn_of
from trajectories.process.workflow import PHASE_LABELS, TURN, State

NAME = _("Naam, geboortedatum, e-mail of telefoon")
PHASES = [(key, f"{key} {name}") for key, name in PHASE_LABELS.items()]
# People who fit one name; with more of them a name says too little.
MOST_MEANT = 20


# --- Trajectories ----------------------------------------------------------------------------------------------------
class StaffFilter(ListFilter):
    """What a colleague may choose by: a region only if they work in several."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        regions = user.regions_as(*REGION_ROLES)
        if len(regions) < 2:
            del self.filters["region"]
        else:
            self.filters["region"].queryset = Region.objects.filter(pk__in=regions)

    @classmethod
    def asked(cls, data: QueryDict, user: User) -> ListFilter:
        return cls(data, Trajectory.objects.none(), user=user)


class CaseFilter(StaffFilter):
    """The table and the board; closed files only when their state is asked for."""

    page = "trajectories:list"
    orders = ORDERS
    usual_order = "due"

    q = SearchFilter(label=NAME, of="candidate")
    state = ChoiceFilter(label=_("Stand"), choices=State.choices, empty_label=ANY)
    phase = ChoiceFilter(label=_("Fase"), choices=PHASES, empty_label=ANY)
    turn = ChoiceFilter(
        label=_("Aan zet"),
        choices=[("ik", _("ik")), *sorted({(role.value, role.label) for role in TURN.values()})],
        empty_label=_("iedereen"),
        method="by_turn",
    )
    guide = ChoiceFilter(
        label=_("Begeleider"),
        choices=[("ik", _("ik")), ("niemand", _("nog niemand"))],
        empty_label=_("iedereen"),
        method="by_guide",
    )
    due = ChoiceFilter(
        label=_("Termijn"),
        choices=[("laat", _("te laat")), ("week", _("tot en met 7 dagen"))],
        empty_label=ANY,
        method="by_deadline",
    )
    department = CodeFilter(label=_("Afdeling"), queryset=Department.objects.all())
    region = CodeFilter(label=_("Regio"), queryset=Region.objects.all())
    client = PickFilter(label=_("Opdrachtgever"), queryset=Client.objects.all(), url_name="candidates:client_options")
    let_op = ChoiceFilter(label=_("Let op"), empty_label=ANY, method="by_attention")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.filters["let_op"].extra["choices"] = [(item.key, item.label) for item in may_choose(user)]

    @property
    def personal(self) -> set[str]:
        """Whoever pays for themselves is known by the client's name."""
        client = self.chosen.get("client")
        is_person = client is not None and client.client_type == Client.ClientType.SELF
        return super().personal | ({"client"} if is_person else set())

    def filter_queryset(self, queryset: Any) -> QuerySet:
        return super().filter_queryset(queryset if "state" in self.chosen else queryset.open())

    def by_turn(self, rows: Cases, name: str, value: str) -> Cases:
        return rows.filter(turn_of(self.user) if value == "ik" else Q(turn=value))

    def by_guide(self, rows: Cases, name: str, value: str) -> Cases:
        return rows.filter(guided_by(self.user) if value == "ik" else without_lead())

    def by_deadline(self, rows: Cases, name: str, value: str) -> Cases:
        today = clock.today()
        return rows.filter(Q(due_on__lt=today) if value == "laat" else Q(due_on__lte=today + SOON))

    def by_attention(self, rows: Cases, name: str, value: str) -> Cases:
        return next(item for item in ATTENTION if item.key == value).select(rows)


class SinceDay(UntilDay):
    """Since this day or longer."""

    field_class = DayField


class PoolFilter(StaffFilter):
    """The banenpool; who waits longest first."""

    page = "trajectories:pool"
    orders = {key: ORDERS[key] for key in ("name", "since", "due")} | {"advice": ("advice",)}
    usual_order = "since"

    q = SearchFilter(label=NAME, of="candidate")
    advice = ChoiceFilter(label=_("Advies"), choices=Advice.Direction.choices, empty_label=ANY)
    branch = CodeFilter(label=_("Branche"), queryset=Branch.objects.all(), method="by_branch")
    region = CodeFilter(label=_("Regio"), queryset=Region.objects.all())
    hours = NumberFilter(label=_("Kan zoveel uur werken"), min_value=1, max_value=FULL_WEEK, method="by_hours")
    since = SinceDay("state_since", label=_("In de pool sinds uiterlijk"))

    def by_branch(self, rows: Cases, name: str, value: Branch) -> Cases:
        return rows.filter(Exists(self._profile(Q(branch_ids__contains=[value.pk]))))

    def by_hours(self, rows: Cases, name: str, value: int) -> Cases:
        enough, not_too_many = Q(hours_min=None) | Q(hours_min__lte=value), Q(hours_max=None) | Q(hours_max__gte=value)
        return rows.filter(Exists(self._profile(enough & not_too_many)))

    @staticmethod
    def _profile(which: Q) -> QuerySet[SearchProfile]:
        """The zoekprofiel that holds, if it is so."""
        return SearchProfile.objects.confirmed().filter(which, candidate=OuterRef("candidate"))


class ClientFilter(ListFilter):
    """The people a client pays for."""

    q = SearchFilter(label=_("Naam"), of="candidate")
    phase = ChoiceFilter(label=_("Fase"), choices=PHASES, empty_label=ANY)
    still = ChoiceFilter(
        label=_("Traject"),
        choices=[("open", _("loopt")), ("gesloten", _("afgesloten"))],
        empty_label=ANY,
        method="by_end",
    )

    def by_end(self, rows: Cases, name: str, value: str) -> Cases:
        return rows.open() if value == "open" else rows.filter(state=State.AFGESLOTEN)


class AbsenceFilter(ListFilter):
    """Everybody who is away: there are few."""

    orders = {
        "name": ("person__name", "starts_on"),
        "cover": ("cover__name", "starts_on"),
        "role": ("role", "starts_on"),
        "region": ("region__position", "starts_on"),
        "from": ("starts_on",),
        "until": ("ends_on",),
    }
    usual_order = "from"


# --- What was looked at ----------------------------------------------------------------------------------------------
class ReadingFilter(ListFilter):
    """By person, by reader, by kind of page. A name shows nothing until it is known who is meant; a number says so."""

    wrong = Wrong.NOTHING_SHOWN
    page = "trajectories:readings"

    name = SearchFilter(label=_("Kandidaat (naam, e-mailadres of geboortedatum)"), method="by_name")
    person = IdFilter(label=_("Kandidaatnummer"), method="by_number")
    reader = SearchFilter(label=_("Wie keek (naam of e-mailadres)"), of="actor")
    page_kind = ChoiceFilter(
        "page",
        label=_("Soort pagina"),
        choices=sorted(Page.choices, key=lambda pair: str(pair[1])),
        empty_label=ANY,
    )
    date_from = FromDay("at", label=_("Van"))
    date_until = UntilDay("at", label=_("Tot en met"))

    class Meta:
        form = StretchForm

    @cached_property
    def meant(self) -> list[Candidate] | None:
        """The people who fit the name that was asked for; nothing when none was, or when a number says who is meant."""
        if "person" in self.chosen or "name" not in self.chosen:
            return None
        found = Candidate.objects.files().search(self.chosen["name"])
        return list(found.order_by("last_name", "first_name", "pk")[: MOST_MEANT + 1])

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the person who was asked for: theirs, and those of files that were joined with it."""
        asked = self.chosen.get("person")
        if self.meant is not None and len(self.meant) == 1:
            asked = self.meant[0].pk
        if not asked:
            return []
        return list({asked, *Candidate.objects.numbers_of(asked).order_by().values_list("pk", flat=True)})

    def by_name(self, rows: Any, name: str, value: str) -> QuerySet[Reading]:
        return rows if "person" in self.chosen else self._of_who_is_meant(rows)

    def by_number(self, rows: Any, name: str, value: int) -> QuerySet[Reading]:
        return self._of_who_is_meant(rows)

    def _of_who_is_meant(self, rows: Any) -> QuerySet[Reading]:
        return rows.of_people(*self.numbers) if self.numbers else rows.none()
