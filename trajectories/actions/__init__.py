"""Every business verb of the journey, in its order. Each is one transaction that also writes the log and plans deadlines."""

from collections.abc import Callable
from typing import Any

from trajectories.actions.advice import (
    add_check_in,
    draft_advice,
    finish_aftercare,
    give_advice,
    job_lost,
    learn_on,
    place,
    place_directly,
    record_check_in,
    record_quick_scan,
    refer_out,
    revise_advice,
)
from trajectories.actions.checkpunt import (
    admit,
    assign,
    complete_intake,
    set_guides,
    start_intake,
    store_eligibility,
    tick_off,
)
from trajectories.actions.closing import close, record_completion, record_exit_talk, stop
from trajectories.actions.contracts import record_hourly_wage, why_not_wage
from trajectories.actions.evaluating import draft_of, keep_answer, record_no_show, send_view
from trajectories.actions.handover import leave, take_role
from trajectories.actions.interrupting import end_interruption, record_interruption
from trajectories.actions.joining import join_files, undo_join
from trajectories.actions.learning import (
    extend_contract,
    finish_training,
    record_coaching,
    record_qualification,
)
from trajectories.actions.papers import (
    make_paper,
    reasons_not_to_send_paper,
    send_paper,
    set_signer,
    withdraw_paper,
)
from trajectories.actions.placing import (
    accept_application,
    choose_match,
    choose_vacancy,
    decline_application,
    introduce,
    record_consent,
    record_talk,
)
from trajectories.actions.plan import (
    draft_plan,
    reasons_not_to_send,
    save_plan,
    send_plan,
    set_party,
    withdraw_plan,
)
from trajectories.actions.portal import invite_candidate, request_link
from trajectories.actions.support import record_support, record_support_step
from trajectories.actions.templates import add_texts
from trajectories.actions.trial import (
    break_off_trial,
    continue_learning,
    decide_wage_value,
    extend_trial,
    give_view,
    open_evaluation,
    other_place,
    record_permission,
    record_view,
    record_wage_value,
    seek_advice,
    start_trial,
)
from trajectories.actions.wages import (
    finish_assessment,
    open_assessment,
    save_measured,
    save_opinions,
    save_task,
    save_tasks,
    start_assessment,
)
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
