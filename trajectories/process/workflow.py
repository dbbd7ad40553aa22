"""The journey of one person, A Checkpunt to E Nazorg, as a state machine.

Read from top to bottom: the states, whose turn each is, and every step in the order of the journey with its Dutch label,
who may take it, what must be in place first (`needs`) and what the step itself must bring (`brings`). Guards come from
`rules.py` and answer with a reason in Dutch; the same reason is shown on screen. The steps are taken by `actions/`, which
lock, log and plan deadlines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, transition

from accounts.models import Role
from accounts.models.roles import GUIDE_ROLES
from accounts.verbs import Verb
from trajectories.process import rules
from trajectories.process.checks import Guard
from trajectories.process.step import Step


class State(models.TextChoices):
    AANGEMELD = "AANGEMELD", _("Aangemeld")
    INTAKE = "INTAKE", _("Intake")
    BEMIDDELBAAR = "BEMIDDELBAAR", _("Bemiddelbaar")
    SOLLICITATIE = "SOLLICITATIE", _("Sollicitatie")
    STARTPLAN = "STARTPLAN", _("Startplan")
    PROEFPERIODE = "PROEFPERIODE", _("Proefperiode")
    EVALUATIE = "EVALUATIE", _("Evaluatie")
    LEERWERK = "LEERWERK", _("Leerwerk en jobcoaching")
    ADVIES = "ADVIES", _("Adviespunt")
    BANENPOOL = "BANENPOOL", _("Banenpool")
    NAZORG = "NAZORG", _("Nazorg")
    AFSLUITING = "AFSLUITING", _("Afsluiting")
    AFGESLOTEN = "AFGESLOTEN", _("Afgesloten")


PHASE_LABELS = {
    "A": _("Checkpunt"),
    "B": _("Plaatsing, proefperiode en jobcoaching"),
    "C": _("Adviespunt"),
    "D": _("Banenpool"),
    "E": _("Nazorg"),
}
# Where nobody is on trial: from a place to aftercare (decision 5). Who loses the place comes in the banenpool all the same.
SHORT_WAY = {"A": PHASE_LABELS["A"], "B": _("Plaatsing"), "E": PHASE_LABELS["E"]}
# Closing keeps the last letter (decision 15), so AFSLUITING and AFGESLOTEN have none of their own.
PHASES = {
    State.AANGEMELD: "A",
    State.INTAKE: "A",
    State.BEMIDDELBAAR: "A",
    State.SOLLICITATIE: "B",
    State.STARTPLAN: "B",
    State.PROEFPERIODE: "B",
    State.EVALUATIE: "B",
    State.LEERWERK: "B",
    State.ADVIES: "C",
    State.BANENPOOL: "D",
    State.NAZORG: "E",
}
TURN = {
    State.AANGEMELD: Role.REGISSEUR,
    State.INTAKE: Role.REGISSEUR,
    State.BEMIDDELBAAR: Role.WERKMAKELAAR,
    State.SOLLICITATIE: Role.WERKMAKELAAR,
    State.STARTPLAN: Role.REGISSEUR,
    State.PROEFPERIODE: Role.JOBCOACH,
    State.EVALUATIE: Role.REGISSEUR,
    State.LEERWERK: Role.JOBCOACH,
    State.ADVIES: Role.LOOPBAANADVISEUR,
    State.BANENPOOL: Role.WERKMAKELAAR,
    State.NAZORG: Role.REGISSEUR,
    State.AFSLUITING: Role.BACKOFFICE,
}
OPEN_STATES = [state for state in State if state != State.AFGESLOTEN]
AVAILABLE_STATES = {State.BEMIDDELBAAR, State.BANENPOOL}
# Within how many days someone looks at a case again when nothing else calls.
FOLLOW_UP_DAYS = {
    State.AANGEMELD: 14,
    State.INTAKE: 42,
    State.BEMIDDELBAAR: 28,
    State.SOLLICITATIE: 14,
    State.STARTPLAN: 14,
    State.ADVIES: 28,
    State.BANENPOOL: 28,
}


def step(
    label: Any,
    happened: Any,
    source: Any,
    target: Any,
    roles: tuple[str, ...],
    *,
    needs: tuple[Guard, ...] = (),
    brings: tuple[Guard, ...] = (),
    automatic: bool = False,
    asks_reason: bool = False,
    ends: bool = False,
    icon: str = "",
) -> Callable[[Callable], Callable]:
    """Declare a transition: what its button says, what the log says of it afterwards, from and to, and who may.

    Its guards also bind whoever calls the method directly: nothing gets round them.
    """

    def declare(method: Callable) -> Callable:
        facts = Step(Verb(method.__name__, happened, icon), label, roles, needs, brings, automatic, asks_reason, ends)
        conditions = [_passes(guard) for guard in (*needs, *brings)]
        return transition(field="state", source=source, target=target, conditions=conditions, custom={"step": facts})(
            method
        )

    return declare


def _passes(guard: Guard) -> Callable[[Any], bool]:
    return lambda trajectory: guard(trajectory) is None


class Journey(models.Model):
    """The state field and its steps, in the order of the journey."""

    state = FSMField(_("stand"), default=State.AANGEMELD, choices=State, protected=True, db_index=False)

    class Meta:
        abstract = True

    def refresh_from_db(self, using: str | None = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Read the row again; the protected field accepts a value only while it has none."""
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    # --- A. Checkpunt -----------------------------------------------------------------------------------------------
    @step(
        _("Intake starten"),
        _("Intake gestart"),
        State.AANGEMELD,
        State.INTAKE,
        (Role.REGISSEUR,),
        needs=(rules.motivation_recorded, rules.eligible),
    )
    def start_intake(self) -> None:
        """The regisseur takes the person on (R1, R2)."""

    @step(
        _("Intake afronden"),
        _("Intake afgerond"),
        State.INTAKE,
        State.BEMIDDELBAAR,
        (Role.REGISSEUR, Role.LOOPBAANADVISEUR),
        needs=(
            rules.intake_talk_held,
            rules.foto_complete,
            rules.support_settled,
            rules.finance_checked,
            rules.profile_confirmed,
        ),
    )
    def complete_intake(self) -> None:
        """The file is complete; matching may begin (R3)."""

    # --- B. Plaatsing en proefperiode -------------------------------------------------------------------------------
    @step(
        _("Voorstellen aan de werkgever"),
        _("Voorgesteld aan de werkgever"),
        State.BEMIDDELBAAR,
        State.SOLLICITATIE,
        (Role.WERKMAKELAAR,),
        needs=(rules.vacancy_chosen, rules.seat_free, rules.consent_given),
        icon="building",
    )
    def introduce(self) -> None:
        """Introduce the person to the employer of the chosen vacancy (R13, R16)."""

    @step(
        _("Sollicitatie gaat niet door"),
        _("Sollicitatie niet doorgegaan"),
        State.SOLLICITATIE,
        State.BEMIDDELBAAR,
        (Role.WERKMAKELAAR, Role.WERKGEVER, Role.KANDIDAAT),
        asks_reason=True,
        ends=True,
    )
    def decline_application(self) -> None:
        """No click: employer or person says no."""

    @step(
        _("Aannemen voor een proefperiode"),
        _("Aangenomen voor een proefperiode"),
        State.SOLLICITATIE,
        State.STARTPLAN,
        (Role.WERKMAKELAAR, Role.WERKGEVER),
        needs=(rules.application_talk_held, rules.seat_free),
        brings=(rules.terms_agreed, rules.seat_claimed),
    )
    def accept_application(self) -> None:
        """A positive application talk: construction, route and level are agreed and a seat is claimed (R13)."""

    @step(
        _("Direct plaatsen"),
        _("Direct geplaatst"),
        State.SOLLICITATIE,
        State.NAZORG,
        (Role.PERSONEEL,),
        needs=(rules.not_maatwerq, rules.seat_free, rules.agreement_possible),
        brings=(rules.placement_has_contract,),
    )
    def place_directly(self) -> None:
        """Departments 1, 3 and 4: an agreement without a trial."""

    @step(
        _("Startplan intrekken"),
        _("Startplan ingetrokken"),
        State.STARTPLAN,
        State.BEMIDDELBAAR,
        (Role.REGISSEUR,),
        asks_reason=True,
        ends=True,
    )
    def withdraw_plan(self) -> None:
        """The placement is called off before it starts; open signature links are void."""

    @step(
        _("Proefperiode starten"),
        _("Proefperiode gestart"),
        State.STARTPLAN,
        State.PROEFPERIODE,
        (Role.REGISSEUR,),
        needs=(rules.plan_signed, rules.signed_in_time, rules.start_date_reached, rules.permission_in_place),
        brings=(rules.trial_running, rules.trial_contract_exact),
        automatic=True,
    )
    def start_trial(self) -> None:
        """The trial starts on the plan's date (R4, R6, R10, R13)."""

    @step(
        _("Evaluatie openen"),
        _("Evaluatie geopend"),
        State.PROEFPERIODE,
        State.EVALUATIE,
        (Role.REGISSEUR,),
        needs=(rules.near_trial_end,),
        automatic=True,
    )
    def open_evaluation(self) -> None:
        """All parties are asked for their view (R6, R17)."""

    @step(
        _("Proefperiode afbreken"),
        _("Proefperiode afgebroken"),
        State.PROEFPERIODE,
        RETURN_VALUE(State.BEMIDDELBAAR, State.ADVIES, State.AFSLUITING),
        (Role.REGISSEUR,),
        asks_reason=True,
        ends=True,
        icon="stop",
    )
    def break_off_trial(self, target: str) -> str:
        """The trial ends early; the regisseur chooses what follows, with a reason."""
        return target

    @step(
        _("Door met leren en werken"),
        _("Doorgegaan met leren en werken"),
        State.EVALUATIE,
        State.LEERWERK,
        (Role.REGISSEUR,),
        needs=(rules.all_views_given, rules.all_views_positive, rules.wage_value_known),
        brings=(rules.learn_work_contract,),
    )
    def continue_learning(self) -> None:
        """All parties are positive: the learn-work contract follows (R7, R8, R9, R13)."""

    @step(
        _("Andere plek zoeken"),
        _("Op zoek naar een andere plek"),
        State.EVALUATIE,
        State.BEMIDDELBAAR,
        (Role.REGISSEUR,),
        asks_reason=True,
    )
    def other_place(self) -> None:
        """Not all parties are positive: a new place (R7)."""

    @step(
        _("Naar het Adviespunt"),
        _("Naar het Adviespunt gegaan"),
        State.EVALUATIE,
        State.ADVIES,
        (Role.REGISSEUR,),
        asks_reason=True,
    )
    def seek_advice(self) -> None:
        """Not all parties are positive: advice (R7)."""

    # --- B. Jobcoaching en monitoring -------------------------------------------------------------------------------
    @step(
        _("Contract verlengen"),
        _("Contract verlengd"),
        State.LEERWERK,
        State.LEERWERK,
        (Role.REGISSEUR, Role.PERSONEEL),
        brings=(rules.contract_follows_on,),
    )
    def extend_contract(self) -> None:
        """A following learn-work contract, which may be shorter than a year (decision 4)."""

    @step(
        _("Opleiding afronden"),
        _("Opleiding afgerond"),
        State.LEERWERK,
        State.ADVIES,
        (Role.REGISSEUR,),
        brings=(rules.training_ended,),
        automatic=True,
    )
    def finish_training(self) -> None:
        """Qualification or end of contract leads to the Adviespunt: nobody falls out of sight (R11)."""

    # --- C. Adviespunt ----------------------------------------------------------------------------------------------
    @step(
        _("Advies vaststellen"),
        _("Advies vastgesteld"),
        State.ADVIES,
        State.BANENPOOL,
        (Role.LOOPBAANADVISEUR,),
        needs=(rules.quick_scan_done, rules.advice_talk_held, rules.advice_drafted),
    )
    def give_advice(self) -> None:
        """Quick-scan, talk and advice a–d, with e beside it where needed."""

    # --- D. Banenpool -----------------------------------------------------------------------------------------------
    @step(
        _("Advies herzien"),
        _("Herziening van het advies begonnen"),
        State.BANENPOOL,
        State.ADVIES,
        (Role.LOOPBAANADVISEUR,),
        asks_reason=True,
        ends=True,
    )
    def revise_advice(self) -> None:
        """The advice no longer fits (decision 6)."""

    @step(
        _("Plaatsen"),
        _("Geplaatst"),
        State.BANENPOOL,
        State.NAZORG,
        (Role.WERKMAKELAAR, Role.PERSONEEL),
        needs=(rules.advice_is_job,),
        brings=(rules.placement_has_contract,),
    )
    def place(self) -> None:
        """Takeover, detachering or uitzenden with a contract (R13)."""

    @step(
        _("Verder leren"),
        _("Gaat verder leren"),
        State.BANENPOOL,
        State.BEMIDDELBAAR,
        (Role.LOOPBAANADVISEUR,),
        needs=(rules.advice_is_learning,),
    )
    def learn_on(self) -> None:
        """Next level: a new cycle with its own trial."""

    @step(
        _("Verwijzen en afronden"),
        _("Verwezen en afgerond"),
        State.BANENPOOL,
        State.AFSLUITING,
        (Role.LOOPBAANADVISEUR,),
        needs=(rules.advice_is_other_choice,),
    )
    def refer_out(self) -> None:
        """Another choice: school, care, benefit."""

    # --- E. Nazorg --------------------------------------------------------------------------------------------------
    @step(
        _("Plek of baan verloren"),
        _("Plek of baan verloren"),
        State.NAZORG,
        State.BANENPOOL,
        GUIDE_ROLES,
        asks_reason=True,
        ends=True,
    )
    def job_lost(self) -> None:
        """Back to the pool (R12)."""

    @step(_("Nazorg afronden"), _("Nazorg afgerond"), State.NAZORG, State.AFSLUITING, (Role.REGISSEUR,), automatic=True)
    def finish_aftercare(self) -> None:
        """Aftercare ends, by itself after twelve months (R12)."""

    # --- Everywhere -------------------------------------------------------------------------------------------------
    @step(
        _("Traject stoppen"),
        _("Traject gestopt"),
        [state for state in OPEN_STATES if state != State.AFSLUITING],
        State.AFSLUITING,
        (Role.REGISSEUR,),
        asks_reason=True,
        ends=True,
        icon="stop",
    )
    def stop(self) -> None:
        """Stopping is possible in every phase, with a reason (R18)."""

    @step(
        _("Dossier sluiten"),
        _("Dossier gesloten"),
        State.AFSLUITING,
        State.AFGESLOTEN,
        (Role.BACKOFFICE,),
        needs=(rules.exit_talk_recorded, rules.completion_done),
        icon="lock",
    )
    def close(self) -> None:
        """Exit talk and administrative completion are there; the retention period starts (R15)."""


def steps_from(state: str) -> Iterator[Step]:
    """The steps that leave this state, in the order of the journey."""
    for method in vars(Journey).values():
        declared = getattr(method, "_django_fsm", None)
        if declared is not None and state in declared.transitions:
            yield declared.transitions[state].custom["step"]


def targets_of(name: str, state: str) -> set[str]:
    """Where a step can lead from this state."""
    target = vars(Journey)[name]._django_fsm.transitions[state].target
    return {str(to) for to in getattr(target, "allowed_states", None) or [target]}


def step_of(method: Callable) -> Step:
    """The facts of the step that this method of `Journey` declares: the way to name a step in code."""
    return next(iter(method._django_fsm.transitions.values())).custom["step"]  # type: ignore[attr-defined]


def name_of(method: Callable) -> Verb:
    """What this step is called where names are kept or compared: in the log, in an address, in a decision."""
    return step_of(method).name


def names_of(*methods: Callable) -> tuple[Verb, ...]:
    """The names of several steps."""
    return tuple(name_of(method) for method in methods)


def step_named(name: str) -> Step:
    """The facts of the step of this name, as it comes from an address or the log; KeyError when there is none."""
    return step_of(vars(Journey)[name])


def step_names() -> list[str]:
    """All step names in the order of the journey."""
    return [name for name, method in vars(Journey).items() if hasattr(method, "_django_fsm")]
