"""Every business verb of the journey. Each is one transaction that also writes the log and plans deadlines.

What a phase's file declares is found here by its name.
"""

from collections.abc import Callable
from typing import Any

from trajectories.actions.advice import *
from trajectories.actions.checkpunt import *
from trajectories.actions.closing import *
from trajectories.actions.contracts import *
from trajectories.actions.evaluating import *
from trajectories.actions.handover import *
from trajectories.actions.interrupting import *
from trajectories.actions.joining import *
from trajectories.actions.learning import *
from trajectories.actions.messages import *
from trajectories.actions.papers import *
from trajectories.actions.placing import *
from trajectories.actions.plan import *
from trajectories.actions.portal import *
from trajectories.actions.rises import *
from trajectories.actions.school import *
from trajectories.actions.support import *
from trajectories.actions.templates import *
from trajectories.actions.trial import *
from trajectories.actions.wages import *
from trajectories.process.workflow import step_names
from trajectories.signing.links import (
    WrongCode,
    attach_document,
    attach_signed_document,
    decline_to_sign,
    link_for,
    remind,
    request_code,
    resend_link,
    sign,
    why_link_is_closed,
    why_no_new_code,
    why_not_asked,
    why_not_to_sign,
)
from trajectories.signing.mailboxes import ask_mailbox, send_what_waited
from trajectories.signing.scans import (
    confirm_scan,
    printed_for,
    reasons_not_on_paper,
    refuse_scan,
    upload_scan,
    why_not_by,
)

# The steps of the state machine by name: what a step's page and the deadlines call. Each has its action, or nothing starts.
STEPS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in step_names()}
