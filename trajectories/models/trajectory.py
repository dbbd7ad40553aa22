"""The trajectory: one person's journey, with its guides and what lists show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Client, Department, Region, Role, User
from accounts.models.absence import covered
from accounts.models.roles import REGION_ROLES
from candidates.models import Candidate, Registration, TargetGroup
from candidates.rules import FileFacts, file_facts
from employers.models import Stream
from topjob.conditions import any_of
from trajectories.models import guides
from trajectories.process.workflow import OPEN_STATES, PHASE_LABELS, TURN, Journey, State

if TYPE_CHECKING:
    from trajectories.models.placement import Application, Contract, Placement
    from trajectories.models.plan import StartPlan
    from trajectories.models.trial import Evaluation, TrialPeriod


def phase_label(phase: str) -> str:
    """A phase as it is shown: its letter and what it is called."""
    return f"{phase} {PHASE_LABELS[phase]}"


ROW = (
    "state", "phase", "turn", "state_since", "due_on", "region_id", "department__code",
    "candidate__first_name", "candidate__name_prefix", "candidate__last_name",
)  # fmt: skip


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    def visible_to(self, user: User) -> TrajectoryQuerySet:
        """Trajectories whose case page someone may open: staff of the region, the jobcoach of the person.

        The person, the employer and the client have portals of their own: `for_candidate`, `for_employer`, `for_client`.
        """
        if not user.is_authenticated:
            return self.none()
        allowed = [models.Q(region__in=user.regions_as(*REGION_ROLES))]
        if user.has_role(Role.JOBCOACH):
            allowed += [models.Q(jobcoach=user), covered(user, "jobcoach", Role.JOBCOACH)]
        return self.filter(any_of(*allowed))

    def for_candidate(self, user: User) -> TrajectoryQuerySet:
        """The person's own trajectories."""
        return self.filter(candidate__user=user) if user.has_role(Role.KANDIDAAT) else self.none()

    def for_employer(self, user: User) -> TrajectoryQuerySet:
        """People who were introduced to or work at the companies someone represents (R16)."""
        organisations = user.organisations_as(Role.WERKGEVER)
        return self.filter(
            applications__organisation__in=organisations, applications__introduced_at__isnull=False
        ).distinct()

    def for_client(self, user: User) -> TrajectoryQuerySet:
        """People this opdrachtgever pays for, nobody else's (R16)."""
        return self.filter(client__in=user.organisations_as(Role.OPDRACHTGEVER))

    def open(self) -> TrajectoryQuerySet:
        return self.exclude(state=State.AFGESLOTEN)

    def in_pool(self) -> TrajectoryQuerySet:
        """Available to the labour market through the banenpool."""
        return self.filter(state=State.BANENPOOL)

    def with_people(self) -> TrajectoryQuerySet:
        """With everything a list row shows, in one query."""
        return self.select_related("candidate", "department", "client", "regisseur", "jobcoach", "region")

    def for_rows(self) -> TrajectoryQuerySet:
        """With what a row of the list and a card of the board show, and no more: whole people cost most of the question."""
        people = (f"{name}__name" for name in (*guides.GUIDES.values(), "client", "department"))
        return self.select_related("candidate", "client", "department", *guides.GUIDES.values()).only(*ROW, *people)


class Trajectory(Journey):
    """Traject. At most one open per person (R13)."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="trajectories", verbose_name=_("kandidaat")
    )
    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, related_name="trajectory", verbose_name=_("aanmelding")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, verbose_name=_("afdeling"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("arbeidsmarktregio"))
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trajectories",
        verbose_name=_("opdrachtgever"),
    )
    target_group = models.ForeignKey(
        TargetGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("doelgroep")
    )
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("stroom"))
    regisseur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("regisseur"),
    )
    career_adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("loopbaanadviseur"),
    )
    job_broker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("werkmakelaar"),
    )
    jobcoach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("jobcoach"),
    )
    # Stored, not aggregated per request: what lists sort and show.
    phase = models.CharField(_("fase"), max_length=1, default="A")
    turn = models.CharField(_("aan zet"), max_length=20, blank=True, default=Role.REGISSEUR)
    state_since = models.DateTimeField(_("in deze stand sinds"))
    last_change_at = models.DateTimeField(_("laatst gewijzigd"))
    due_on = models.DateField(_("eerstvolgende termijn"), null=True, blank=True)
    # When a guide wants to look at it again; without it after the usual number of days (R11).
    follow_up_on = models.DateField(_("dag van opvolgen"), null=True, blank=True)
    cycle = models.PositiveSmallIntegerField(_("ronde"), default=1)
    created_at = models.DateTimeField(_("begonnen op"))
    closed_at = models.DateTimeField(_("gesloten op"), null=True, blank=True)
    retention_until = models.DateField(_("bewaren tot en met"), null=True, blank=True)

    objects = TrajectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("traject")
        verbose_name_plural = _("trajecten")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["region", "state", "due_on"], name="trajectory_worklist"),
            models.Index(fields=["region", "turn", "due_on"], name="trajectory_turn"),
            models.Index(fields=["client", "state"], name="trajectory_client"),
            models.Index(fields=["jobcoach", "due_on"], name="trajectory_coach"),
            # Most are closed: lists begin with what still runs.
            models.Index(fields=["due_on", "id"], condition=~models.Q(state="AFGESLOTEN"), name="trajectory_due"),
            # The most urgent of each column of the board, and who leads what still runs, are read without the rows.
            models.Index(fields=["state", "due_on", "id"], name="trajectory_board"),
            models.Index(
                fields=["region", "department", "regisseur", "career_adviser", "id"],
                condition=~models.Q(state="AFGESLOTEN"),
                name="trajectory_leads",
            ),
            # A client's people as its list has them, and whose file goes next.
            models.Index(
                "client",
                models.F("closed_at").desc(nulls_first=True),
                "phase",
                "state_since",
                "id",
                name="trajectory_people",
            ),
            models.Index(fields=["retention_until", "id"], name="trajectory_kept_until"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"],
                condition=~models.Q(state="AFGESLOTEN"),
                name="one_open_trajectory_per_person",
                violation_error_message=_("Deze persoon heeft al een lopend traject."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="AFGESLOTEN", closed_at__isnull=False, retention_until__isnull=False)
                | ~models.Q(state="AFGESLOTEN") & models.Q(closed_at=None, retention_until=None),
                name="trajectory_closed_has_moment",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="trajectory_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}"

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def phase_label(self) -> str:
        return phase_label(self.phase)

    @property
    def turn_label(self) -> str:
        return str(Role(self.turn).label) if self.turn else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def turn_role(self) -> str:
        """Whose turn it is; in departments 1, 3 and 4 the loopbaanadviseur acts as regisseur (decision 5)."""
        role = TURN.get(State(self.state), "")
        if role == Role.REGISSEUR and not self.department.is_maatwerq:
            return Role.LOOPBAANADVISEUR
        return role

    @property
    def at_work(self) -> dict[str, int]:
        """Per role the guide who is named and works here; asked again when others are named."""
        named = guides.named_on(self)
        kept = self.__dict__.get("kept_at_work")
        if kept is None or kept[0] != named:
            kept = self.__dict__["kept_at_work"] = (named, guides.at_work(self))
        return kept[1]

    @cached_property
    def covers(self) -> dict[str, Absence]:
        """Per role who covers today for the guide who is named."""
        return guides.covers(self)

    @property
    def lead_role(self) -> str:
        """As what somebody keeps the whole together: regisseur, or loopbaanadviseur outside MaatwerQ; empty with nobody here."""
        order = guides.LEADS[:1] if self.department.is_maatwerq else reversed(guides.LEADS)
        return next((role for role in order if role in self.at_work), "")

    @property
    def lead(self) -> User | None:
        """The guide who keeps the whole together, as long as they work here."""
        return getattr(self, guides.GUIDES[Role(self.lead_role)]) if self.lead_role else None

    @property
    def lead_id(self) -> int | None:
        return self.at_work[self.lead_role] if self.lead_role else None

    @property
    def contact(self) -> User | None:
        """Whom to call or mail today: the lead, or whoever covers for them."""
        return self.covers[self.lead_role].cover if self.lead_role in self.covers else self.lead

    def coached_by(self, user: User) -> bool:
        """Whether this person coaches, by name or as cover."""
        away = self.covers.get(Role.JOBCOACH) if self.jobcoach_id not in (None, user.pk) else None
        return self.jobcoach_id == user.pk or (away is not None and away.cover_id == user.pk)

    # The facts of the present cycle, each read once per object.
    @cached_property
    def file_facts(self) -> FileFacts:
        """What the person's file holds, for the guards of R3."""
        return file_facts(self.candidate)

    @cached_property
    def current_application(self) -> Application | None:
        """The application that is chosen, introduced or accepted now, with its startplan, trial and evaluation."""
        running = self.applications.running().with_place()
        return self._with_journey(running.order_by("-pk").first())

    def take_application(self) -> None:
        """Find the present application among those that were read with the case (`with_place`)."""
        running = (row for row in self.applications.all() if row.status in row.RUNNING)
        self.__dict__["current_application"] = self._with_journey(next(running, None))

    def _with_journey(self, found: Application | None) -> Application | None:
        if found is None:
            return None
        found.read_what_came_of_it()
        for row in (found, *found.journey):
            row.trajectory = self
        if trial := getattr(found, "trial", None):
            trial.plan = {plan.pk: plan for plan in found.plans.all()}.get(trial.plan_id) or trial.plan
        return found

    @property
    def current_plan(self) -> StartPlan | None:
        """The newest startplan version of the present application that wasn't withdrawn."""
        return self.current_application.newest_plan() if self.current_application else None

    @property
    def signed_plan(self) -> StartPlan | None:
        """The version that all parties signed."""
        return self.current_application.newest_signed_plan() if self.current_application else None

    @property
    def current_trial(self) -> TrialPeriod | None:
        """The trial of the present application."""
        return getattr(self.current_application, "trial", None)

    @property
    def current_evaluation(self) -> Evaluation | None:
        return getattr(self.current_trial, "evaluation", None)

    @property
    def learns_with_school(self) -> bool:
        """Whether the school makes a praktijkovereenkomst for the place of now; after the talk or the trial alike."""
        application = self.current_application
        if application is None and self.running_contract is not None and self.running_contract.agreement_id:
            application = next((row for row in self.applications.all() if row.is_ended), None)
        return application is not None and application.vacancy.kind_of_place.asks_practice_agreement

    @cached_property
    def running_contract(self) -> Contract | None:
        """The latest contract that wasn't ended before its time."""
        return next((row for row in self.contracts.all() if row.ended_early_on is None), None)

    @cached_property
    def running_placement(self) -> Placement | None:
        return next((row for row in self.placements.all() if row.period.upper is None), None)

    def forget_facts(self) -> None:
        """Read the facts of the present cycle again after an action changed them."""
        for name in (
            "file_facts",
            "current_application",
            "running_contract",
            "running_placement",
            "kept_at_work",
            "covers",
            "kept_parts",
        ):
            self.__dict__.pop(name, None)
        self.__dict__.pop("_prefetched_objects_cache", None)
