"""What is done by a deadline, or where it is somebody's turn: the verb on its button, the page, and who does that work.

Some the product does by itself, some a person ticks off, some are about money for the employer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from trajectories.models import Deadline
from trajectories.process.workflow import Journey, State, name_of

Kind = Deadline.Kind

# What the address of a page names: the case, its person, or the case and the row that the deadline is about.
CASE, PERSON, SUBJECT = "case", "person", "subject"


@dataclass(frozen=True)
class Doing:
    """What is to be done: what its button says, and the page where it is done."""

    verb: Any
    page: str = ""
    about: str = CASE
    part: str = ""  # of that page, where it isn't on top
    # Whose it is: of `process.work.WORK`, or of a step (its page, where none is named); else of who may open the page.
    work: str = ""
    step: str = ""
    by_hand: bool = False  # a person ticks it off, for nothing else shows that it was done
    # Another page in these states.
    elsewhere: Mapping[str, str] = field(default_factory=dict)


_PLAN, _EVALUATION, _PAPERS = "trajectories:plan", "trajectories:evaluation", "trajectories:papers"
_MONEY, _COACHING = "trajectories:money", "trajectories:coaching"


def _money(verb: Any) -> Doing:
    return Doing(verb, _MONEY, work="record_support")


DOINGS: dict[Kind, Doing] = {
    # What brings the case further says its state (`TURNS`).
    Kind.FOLLOW_UP: Doing(_("Volg op"), "trajectories:detail", by_hand=True),
    Kind.PLAN_UNANSWERED: Doing(_("Vraag antwoord"), _PLAN, part="wie-tekent", work="draft_plan"),
    Kind.PLAN_UNSIGNED: Doing(_("Regel handtekeningen"), _PLAN, part="wie-tekent", work="draft_plan"),
    Kind.TRIAL_START: Doing(_("Start proefperiode"), step=name_of(Journey.start_trial)),
    Kind.MID_TERM: Doing(_("Leg gesprek vast"), _COACHING, work="record_coaching", by_hand=True),
    Kind.EVALUATION_SOON: Doing(_("Plan gesprek"), "candidates:contacts", PERSON, by_hand=True),
    Kind.TRIAL_END: Doing(_("Open evaluatie"), step=name_of(Journey.open_evaluation)),
    Kind.VIEWS_MISSING: Doing(_("Verzamel oordelen"), _EVALUATION, work="record_view"),
    Kind.DECISION: Doing(_("Leg besluit vast"), _EVALUATION, step=name_of(Journey.continue_learning)),
    Kind.WAGE_VALUE: Doing(_("Stel loonwaarde vast"), "trajectories:wage_value", work="record_wage_value"),
    Kind.PERMISSION_MISSING: Doing(_("Vraag toestemming"), "trajectories:permission", work="record_permission"),
    Kind.PERMISSION_ENDING: Doing(
        _("Vraag verlenging"), "trajectories:permission", work="record_permission", by_hand=True
    ),
    Kind.COACHING: Doing(_("Leg gesprek vast"), _COACHING, work="record_coaching"),
    Kind.CONTRACT_NOTICE: Doing(_("Zeg contract aan"), _PAPERS, work="make_paper", by_hand=True),
    Kind.QUALIFICATION: Doing(
        _("Leg diploma vast"), "trajectories:qualification", work="record_qualification", by_hand=True
    ),
    Kind.CONTRACT_END: Doing(_("Rond opleiding af"), step=name_of(Journey.finish_training)),
    Kind.PRACTICE_MISSING: Doing(_("Leg POK vast"), "trajectories:practice", work="record_practice_agreement"),
    Kind.WAGE_RISE: Doing(_("Meld nieuw loon"), "trajectories:detail", work="record_hourly_wage", by_hand=True),
    Kind.AGREEMENT_END: Doing(_("Bespreek vervolg"), "candidates:contacts", PERSON, by_hand=True),
    Kind.CHECK_IN: Doing(_("Leg contact vast"), "trajectories:check_in", SUBJECT, work="record_check_in"),
    Kind.AFTERCARE_END: Doing(_("Rond nazorg af"), step=name_of(Journey.finish_aftercare)),
    Kind.UNDELIVERED: Doing(
        _("Stuur nieuwe link"), _PAPERS, elsewhere={State.STARTPLAN: _PLAN, State.EVALUATIE: _EVALUATION}
    ),
    Kind.LKS_ASK: _money(_("Vraag subsidie aan")),
    Kind.LKS_DECISION: _money(_("Leg besluit vast")),
    Kind.LKS_FLAT_END: _money(_("Regel vervolg")),
    Kind.LKV_RETURN: _money(_("Zet in aangifte")),
    Kind.LKV_STATEMENT: _money(_("Vraag verklaring na")),
    Kind.REGISTER: _money(_("Zoek op bij UWV")),
    Kind.NO_RISK: _money(_("Vraag polis na")),
    Kind.COACH_ASK: _money(_("Vraag jobcoach aan")),
    Kind.CLOSING: Doing(_("Rond dossier af"), "trajectories:completion", work="record_completion"),
    Kind.RETENTION: Doing(_("Vernietig dossier"), "trajectories:retention", about=""),
}
# What whoever has the turn does, for each state.
TURNS: dict[State, Doing] = {
    State.AANGEMELD: Doing(_("Start intake"), step=name_of(Journey.start_intake)),
    State.INTAKE: Doing(_("Rond intake af"), step=name_of(Journey.complete_intake)),
    State.BEMIDDELBAAR: Doing(_("Kies vacature"), "matching:for_candidate", PERSON, work="choose_vacancy"),
    State.SOLLICITATIE: Doing(_("Leg gesprek vast"), "trajectories:talk", work="record_talk"),
    State.STARTPLAN: Doing(_("Maak startplan"), _PLAN, work="draft_plan"),
    State.PROEFPERIODE: Doing(_("Leg gesprek vast"), _COACHING, work="record_coaching"),
    State.EVALUATIE: Doing(_("Leg besluit vast"), _EVALUATION, step=name_of(Journey.continue_learning)),
    State.LEERWERK: Doing(_("Leg gesprek vast"), _COACHING, work="record_coaching"),
    State.ADVIES: Doing(_("Stel advies op"), "trajectories:advice", work="draft_advice"),
    State.BANENPOOL: Doing(_("Zoek een plek"), "matching:for_candidate", PERSON),
    State.NAZORG: Doing(_("Houd contact"), "trajectories:aftercare", work="add_check_in"),
    State.AFSLUITING: Doing(_("Rond dossier af"), "trajectories:completion", work="record_completion"),
}


def doing_of(kind: str, state: str) -> Doing:
    """What is to be done by a deadline in a case that stands there; a look at the case is what brings it further."""
    if kind == Kind.FOLLOW_UP:
        return TURNS.get(State(state), DOINGS[Kind.FOLLOW_UP])
    return DOINGS[Kind(kind)]


# Deadlines that make the product act by itself: on the day, or once the last day has passed.
ACT_ON_THE_DAY = {Kind.TRIAL_START: name_of(Journey.start_trial), Kind.WAGE_RISE: "tell_wage_rise"}
ACT_AFTER_THE_DAY = {
    Kind.TRIAL_END: name_of(Journey.open_evaluation),
    Kind.CONTRACT_END: name_of(Journey.finish_training),
    Kind.AFTERCARE_END: name_of(Journey.finish_aftercare),
}
# What has to be asked or looked up so that the employer gets what there is; recorded on the page of the arrangements.
MONEY = {
    Kind.LKS_ASK: Role.PERSONEEL,
    Kind.LKS_DECISION: Role.PERSONEEL,
    Kind.LKS_FLAT_END: None,
    Kind.LKV_RETURN: Role.PERSONEEL,
    Kind.LKV_STATEMENT: Role.PERSONEEL,
    Kind.REGISTER: None,
    Kind.NO_RISK: Role.PERSONEEL,
    Kind.COACH_ASK: None,
}
# Deadlines that a person ticks off.
TICKED_BY_HAND = {kind for kind, doing in DOINGS.items() if doing.by_hand}
