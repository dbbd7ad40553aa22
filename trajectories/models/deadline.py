"""A deadline is a row, found by a query: it doesn't depend on a process having been up (R17)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, LawSetting, Role, User
from trajectories.models.guides import GUIDES, LEADS
from trajectories.models.trajectory import Trajectory


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        return self.filter(closed_at=None)

    def due(self, today: date) -> DeadlineQuerySet:
        """Open deadlines of this day or earlier."""
        return self.open().filter(due_on__lte=today)

    def visible_to(self, user: User) -> DeadlineQuerySet:
        return self.filter(trajectory__in=Trajectory.objects.visible_to(user))

    def with_answerer(self) -> DeadlineQuerySet:
        """Each with `answerer`: whose work it is today, the owner or whoever covers for them in that role."""
        named = [
            models.When(owner_role=role, **{f"trajectory__{name}": models.F("owner")}, then=models.Value(role.value))
            for role, name in GUIDES.items()
        ]
        leads = [
            models.When(**{f"trajectory__{GUIDES[role]}": models.F("owner")}, then=models.Value(role.value))
            for role in LEADS
        ]
        acts_as = models.Case(*named, *leads, default=models.Value(""), output_field=models.CharField())
        ref = models.OuterRef
        away = Absence.objects.now().of(ref("owner"), ref("acts_as"), ref("trajectory__region"))
        cover = models.Subquery(away.values("cover")[:1])
        return self.annotate(
            acts_as=acts_as, answerer=Coalesce(cover, models.F("owner_id"), output_field=models.BigIntegerField())
        )


class Deadline(models.Model):
    """Termijn: what is due when, why, and whose it is. Moves when its cause moves, closes when done."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "opvolgen", _("Traject opvolgen")
        PLAN_UNANSWERED = "startplan_onbeantwoord", _("Startplan nog niet door iedereen beantwoord")
        PLAN_UNSIGNED = "startplan_ongetekend", _("Startdatum nadert: startplan nog niet door iedereen getekend")
        TRIAL_START = "proef_start", _("Start van de proefperiode")
        MID_TERM = "tussenevaluatie", _("Tussengesprek in de proefperiode")
        EVALUATION_SOON = "evaluatie_voorbereiden", _("Uitnodigen voor de evaluatie")
        TRIAL_END = "proef_einde", _("Einde van de proefperiode")
        VIEWS_MISSING = "oordelen", _("Oordelen voor de evaluatie verzamelen")
        DECISION = "besluit", _("Besluit na de evaluatie")
        WAGE_VALUE = "loonwaarde", _("Loonwaarde vaststellen")
        PERMISSION_MISSING = "toestemming_ontbreekt", _("Toestemming van de opdrachtgever ontbreekt")
        PERMISSION_ENDING = "toestemming_eindigt", _("Toestemming van de opdrachtgever loopt af")
        COACHING = "jobcoachgesprek", _("Volgend jobcoachgesprek")
        CONTRACT_NOTICE = "aanzegging", _("Aanzegtermijn van het contract")
        QUALIFICATION = "diploma_nagaan", _("Diploma of startkwalificatie nagaan")
        CONTRACT_END = "contract_einde", _("Einde van de opleiding en het leerwerkcontract")
        PRACTICE_MISSING = "praktijkovereenkomst", _("Praktijkovereenkomst van de school ontbreekt")
        WAGE_RISE = "loonstijging", _("Loon gaat omhoog met het minimumloon")
        AGREEMENT_END = "overeenkomst_einde", _("Overeenkomst loopt af")
        CHECK_IN = "nazorgcontact", _("Nazorgcontact")
        AFTERCARE_END = "nazorg_einde", _("Einde van de nazorg")
        UNDELIVERED = "niet_aangekomen", _("Bericht niet aangekomen")
        LKS_ASK = "lks_aanvragen", _("Loonkostensubsidie aanvragen")
        LKS_DECISION = "lks_besluit", _("Besluit op de loonkostensubsidie")
        LKS_FLAT_END = "lks_vast_deel", _("Vast deel van de loonkostensubsidie eindigt")
        LKV_RETURN = "lkv_aangifte", _("Loonkostenvoordeel aanzetten in de loonaangifte")
        LKV_STATEMENT = "lkv_verklaring", _("Doelgroepverklaring navragen")
        REGISTER = "register_opzoeken", _("Opzoeken bij UWV voor de werkgever")
        NO_RISK = "no_risk", _("No-riskpolis navragen")
        COACH_ASK = "jobcoach_aanvragen", _("Jobcoach aanvragen")
        CLOSING = "afsluiten", _("Dossier afsluiten")
        RETENTION = "bewaartermijn", _("Einde van de bewaartermijn")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(_("soort"), max_length=25, choices=Kind)
    # Which of several of the same kind, such as the id of a check-in.
    subject_id = models.BigIntegerField(default=0)
    due_on = models.DateField(_("op"))
    # The instant from which it is late: the end of that day in the Netherlands, summer time or not.
    due_at = models.GeneratedField(
        expression=models.Func(
            models.F("due_on"), template="((%(expressions)s + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam')"
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
        verbose_name=_("te laat vanaf"),
    )
    reason = models.TextField(_("waarom"), blank=True)
    # Rule version: the value it was counted with, and since when that held.
    rule_key = models.CharField(_("regel"), max_length=40, blank=True)
    rule_value = models.CharField(_("waarde van de regel"), max_length=40, blank=True)
    rule_from = models.DateField(_("regel geldig vanaf"), null=True, blank=True)
    owner_role = models.CharField(_("van"), max_length=20, choices=Role)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(_("gesloten op"), null=True, blank=True)
    # Handled after its day, for instance because nothing ran: marked, not skipped (R17).
    was_late = models.BooleanField(_("te laat"), default=False)
    notified_at = models.DateTimeField(_("gemaild op"), null=True, blank=True)
    # Stayed late with its owner and went on to the coordinator, once.
    escalated_at = models.DateTimeField(_("doorgegeven op"), null=True, blank=True)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("doorgegeven aan"),
    )

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("termijn")
        verbose_name_plural = _("termijnen")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(closed_at=None), name="deadline_open"),
            models.Index(fields=["owner", "due_on"], condition=models.Q(closed_at=None), name="deadline_owner"),
            models.Index(fields=["owner_role", "due_on"], condition=models.Q(closed_at=None), name="deadline_role"),
            models.Index(fields=["kind", "due_on"], condition=models.Q(closed_at=None), name="deadline_kind"),
            models.Index(
                fields=["escalated_to", "due_on"],
                condition=models.Q(closed_at=None, escalated_to__isnull=False),
                name="deadline_escalated",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "kind", "subject_id"],
                condition=models.Q(closed_at=None),
                name="one_open_deadline_of_a_kind",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"

    @property
    def rule_text(self) -> str:
        """Which rule it was counted with, in words: what it says and its value."""
        if not self.rule_key:
            return ""
        return f"{dict(LawSetting.Key.choices).get(self.rule_key, self.rule_key)}: {self.rule_value}"
