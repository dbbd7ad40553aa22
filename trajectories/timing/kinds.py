"""Kinds of deadlines by what happens with them: the product acts by itself, a person ticks off, money is asked."""

from __future__ import annotations

from accounts.models import Role
from trajectories.models import Deadline

Kind = Deadline.Kind

# Deadlines that make the product act by itself: on the day, or once the last day has passed.
ACT_ON_THE_DAY = {Kind.TRIAL_START: "start_trial"}
ACT_AFTER_THE_DAY = {
    Kind.TRIAL_END: "open_evaluation",
    Kind.CONTRACT_END: "finish_training",
    Kind.AFTERCARE_END: "finish_aftercare",
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
TICKED_BY_HAND = {
    Kind.FOLLOW_UP,
    Kind.MID_TERM,
    Kind.CONTRACT_NOTICE,
    Kind.EVALUATION_SOON,
    Kind.PERMISSION_ENDING,
    Kind.QUALIFICATION,
}
