"""Facts and guards of the journey, numbered as in docs/domain.md. A guard answers nothing, or the reason why not in Dutch.

The reason's link is the page where the missing thing is filled in.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts import law
from candidates import rules as candidate_rules
from matching import rules as matching_rules
from topjob import clock
from topjob.errors import Reason
from topjob.templatetags.topjob import nl_date
from trajectories.periods import ONE_DAY, months_before, period_end

if TYPE_CHECKING:
    from accounts.models import Organisation
    from candidates.models import Candidate
    from trajectories.models import (
        Contract,
        Evaluation,
        PayerPermission,
        StartPlan,
        Trajectory,
        TrialInterruption,
        TrialPeriod,
        WageValue,
    )


# --- A. Checkpunt ----------------------------------------------------------------------------------------------------
def motivation_recorded(trajectory: Trajectory) -> Reason | None:
    """R1: MaatwerQ starts for a motivated person; the other departments don't ask it (decision 5)."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.motivation_recorded(trajectory.registration)


def eligible(trajectory: Trajectory) -> Reason | None:
    """R2: target group and age decide, or an override with a reason."""
    if not trajectory.department.is_maatwerq:
        return None
    stream = trajectory.stream.number if trajectory.stream else None
    reason = candidate_rules.eligible(trajectory.registration, stream)
    return reason and Reason(reason.text, "trajectories:admit", trajectory.pk)


def intake_talk_held(trajectory: Trajectory) -> Reason | None:
    """R3: departments 1, 3 and 4 need the intake talk; MaatwerQ asks more than a talk."""
    if trajectory.department.is_maatwerq:
        return None
    return candidate_rules.intake_talk_held(trajectory.candidate, trajectory.file_facts)


def foto_complete(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement without a Foto."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.foto_complete(trajectory.candidate, trajectory.file_facts)


def support_settled(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement with open support questions."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.support_settled(trajectory.candidate, trajectory.file_facts)


def finance_checked(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement without a finance check."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.finance_checked(trajectory.candidate, trajectory.file_facts)


def profile_confirmed(trajectory: Trajectory) -> Reason | None:
    """R3: every department needs the confirmed zoekprofiel."""
    return matching_rules.profile_confirmed(trajectory.candidate)


# --- B. Sollicitatie -------------------------------------------------------------------------------------------------
def vacancy_chosen(trajectory: Trajectory) -> Reason | None:
    """A vacancy was chosen for this person."""
    if trajectory.current_application is not None:
        return None
    return Reason(_("Er is nog geen vacature gekozen."), "matching:for_candidate", trajectory.candidate_id)


def seat_free(trajectory: Trajectory) -> Reason | None:
    """R13: a place can't be given to more people than it has seats, a project to more than its group size."""
    application = trajectory.current_application
    if application is None or hasattr(application, "claim"):
        return None
    vacancy = application.vacancy
    if vacancy.status != "open":
        return Reason(_("De gekozen vacature is niet meer open."), "employers:vacancy", vacancy.pk)
    if vacancy.seats_free < 1:
        return Reason(_("De gekozen vacature heeft geen vrije plaats meer."), "employers:vacancy", vacancy.pk)
    if vacancy.project is not None and _group_is_full(vacancy.project):
        return Reason(_("De groep van het leerwerkproject is vol."), "employers:project", vacancy.project.pk)
    return None


def _group_is_full(project) -> bool:
    if project.group_size is None:
        return False
    return project.participations.filter(left_on=None).count() >= project.group_size


def consent_given(trajectory: Trajectory) -> Reason | None:
    """R16: an employer sees of someone only what that person agreed to share."""
    application = trajectory.current_application
    if application is None:
        return None
    consents = trajectory.candidate.consents.all()
    if any(row.is_valid and row.organisation_id == application.organisation_id for row in consents):
        return None
    return Reason(
        _("De kandidaat heeft nog geen toestemming gegeven om gegevens met %(employer)s te delen.")
        % {"employer": application.organisation},
        "trajectories:consent",
        trajectory.pk,
    )


def application_talk_held(trajectory: Trajectory) -> Reason | None:
    """A positive result follows an application talk (docs/domain.md §3 B)."""
    application = trajectory.current_application
    if application is not None and application.talk_held:
        return None
    return Reason(_("Het sollicitatiegesprek is nog niet vastgelegd."), "trajectories:talk", trajectory.pk)


def terms_agreed(trajectory: Trajectory) -> Reason | None:
    """Acceptance agrees on construction, route and level."""
    application = trajectory.current_application
    if application and application.construction and application.route and application.level:
        return None
    return Reason(_("Kies constructie, route en niveau."), "trajectories:detail", trajectory.pk)


def seat_claimed(trajectory: Trajectory) -> Reason | None:
    """R13: acceptance claims one numbered seat (decision 7)."""
    application = trajectory.current_application
    if application is not None and hasattr(application, "claim") and not application.claim.cancelled:
        return None
    return Reason(_("Er is geen plaats vrij."), "trajectories:detail", trajectory.pk)


def not_maatwerq(trajectory: Trajectory) -> Reason | None:
    """Direct placement is for departments 1, 3 and 4."""
    if not trajectory.department.is_maatwerq:
        return None
    return Reason(_("Bij MaatwerQ gaat een proefperiode vooraf; direct plaatsen kan hier niet."))


# --- B. Startplan and trial ------------------------------------------------------------------------------------------
def plan_signed(trajectory: Trajectory) -> Reason | None:
    """R4: no trial before the startplan is signed by all."""
    plan = trajectory.current_plan
    if plan is None:
        return Reason(_("Er is nog geen startplan."), "trajectories:plan", trajectory.pk)
    if trajectory.signed_plan is not None:
        return None
    if plan.is_draft:
        return Reason(_("Het startplan is nog niet verstuurd."), "trajectories:plan", trajectory.pk)
    names = ", ".join(sorted(plan.missing_signers()))
    return Reason(
        _("Het startplan is nog niet getekend door: %(names)s.") % {"names": names},
        "trajectories:plan",
        trajectory.pk,
    )


def signed_in_time(trajectory: Trajectory) -> Reason | None:
    """R4, decision 8: what counts is last signature date ≤ start date; a trial never starts in the past."""
    plan = trajectory.signed_plan or trajectory.current_plan
    if plan is None or plan.is_draft:
        return None
    last = plan.signed_at and clock.local(plan.signed_at)
    if (last or clock.today()) <= plan.trial_starts_on:
        return None
    return Reason(
        _("De startdatum is voorbij voordat iedereen had getekend. Maak een nieuwe versie met een nieuwe startdatum."),
        "trajectories:plan",
        trajectory.pk,
    )


def start_date_reached(trajectory: Trajectory) -> Reason | None:
    """The trial starts on its date, not before."""
    plan = trajectory.signed_plan
    if plan is None or plan.trial_starts_on <= clock.today():
        return None
    return Reason(
        _("De proefperiode begint op %(day)s.") % {"day": nl_date(plan.trial_starts_on)},
        "trajectories:plan",
        trajectory.pk,
    )


def needs_permission(plan: StartPlan) -> bool:
    """A proefplaatsing with benefit (construction 1) asks the payer's permission (Participatiewet art. 8a, UWV)."""
    return plan.construction == "1" and plan.keeps_benefit and plan.trajectory.client_id is not None


def extension_needs_permission(trial: TrialPeriod) -> bool:
    """Whether the payer's permission is needed to extend this trial: with benefit, unless a setting says otherwise."""
    if not needs_permission(trial.plan):
        return False
    client = trial.trajectory.client
    return law.is_on(law.Key.EXTENSION_NEEDS_PERMISSION, on=trial.starts_on, client=client)


def permission_extends(trial: TrialPeriod, permission: PayerPermission | None, until_day: date) -> bool:
    """Whether a decision covers every day that is added to the trial (decision 8)."""
    if permission is None or not permission.is_granted:
        return False
    return permission.valid_from <= trial.last_day + ONE_DAY and permission.valid_until >= until_day


def interruption_refusals(
    trial: TrialPeriod, first: date, last: date | None, but: TrialInterruption | None = None
) -> list[tuple[str, str]]:
    """What is wrong with the days of an interruption: field and sentence. It lies in the trial and beside the others."""
    if first < trial.starts_on or first > trial.last_day:
        days = nl_date(trial.starts_on), nl_date(trial.last_day)
        return [("starts_on", _("Kies een dag in de proefperiode: %(a)s t/m %(b)s.") % {"a": days[0], "b": days[1]})]
    if last is None and first > clock.today():
        return [("ends_on", _("Vul bij een onderbreking die nog komt ook de laatste dag in."))]
    if last is not None and last < first:
        return [("ends_on", _("De einddatum ligt vóór de begindatum."))]
    if last is not None and last > trial.last_day:
        return [("ends_on", _("De proefperiode eindigt eerder. Verleng die eerst, of kies een eerdere dag."))]
    others = [row for row in trial.interruptions.all() if but is None or row.pk != but.pk]
    end = last or date.max
    if any(row.starts_on <= end and first <= (row.ends_on or date.max) for row in others):
        return [("starts_on", _("Op deze dagen is al een onderbreking vastgelegd."))]
    return []


def permission_too_long(trajectory: Trajectory, first: date, last: date) -> str:
    """Decisions together last at most so many months, counted from the start of the proefplaatsing; why this one is too long."""
    plan = trajectory.signed_plan or trajectory.current_plan
    begin = min(first, plan.trial_starts_on) if plan else first
    most = law.number(law.Key.PERMISSION_MAX_MONTHS, on=begin, client=trajectory.client)
    if last <= period_end(begin, most):
        return ""
    words = {"n": most, "last": nl_date(period_end(begin, most))}
    return (
        _("Een proefplaatsing duurt met alle besluiten samen ten hoogste %(n)s maanden: tot en met %(last)s.") % words
    )


def permission_covers(trajectory: Trajectory, day: date) -> bool:
    """Whether a granted decision of the payer holds on this day."""
    rows = trajectory.permissions.all()
    return any(row.is_granted and row.valid_from <= day <= row.valid_until for row in rows)


def permitted_until(trajectory: Trajectory, start: date) -> date | None:
    """The last day of the granted decisions from the start on that follow each other without a day between them."""
    until: date | None = None
    granted = (row for row in trajectory.permissions.all() if row.is_granted and row.valid_until >= start)
    for row in sorted(granted, key=lambda row: (row.valid_from, row.pk)):
        if until is None or row.valid_from <= until + ONE_DAY:
            until = max(until or row.valid_until, row.valid_until)
    return until


def permission_warning(trajectory: Trajectory) -> Reason | None:
    """Decision 10: which decision of the payer is missing for the start or before the trial's last day."""
    plan = trajectory.signed_plan or trajectory.current_plan
    if plan is None or not needs_permission(plan):
        return None
    trial = trajectory.current_trial
    last_day = trial.last_day if trial else plan.trial_ends_on
    if not permission_covers(trajectory, plan.trial_starts_on):
        text = _("De toestemming van %(client)s voor de start van de proefplaatsing ontbreekt.")
    elif (permitted_until(trajectory, plan.trial_starts_on) or plan.trial_starts_on) < last_day:
        text = _("De toestemming van %(client)s loopt af vóór het einde van de proefperiode: vraag verlenging aan.")
    else:
        return None
    return Reason(text % {"client": trajectory.client}, "trajectories:permission", trajectory.pk)


def permission_in_place(trajectory: Trajectory) -> Reason | None:
    """Decision 10: the payer's permission covers the start date; a setting says whether its absence blocks."""
    plan = trajectory.signed_plan
    if plan is None or not needs_permission(plan) or permission_covers(trajectory, plan.trial_starts_on):
        return None
    mode = law.word(law.Key.PERMISSION_MODE, on=plan.trial_starts_on, client=trajectory.client)
    return permission_warning(trajectory) if mode == "blokkeren" else None


def trial_running(trajectory: Trajectory) -> Reason | None:
    """R6: the trial's row is there, with the end that the rule gives."""
    trial = trajectory.current_trial
    if trial is not None and trial.ends_on == period_end(trial.starts_on, trial.months):
        return None
    return Reason(_("De proefperiode klopt niet met het startplan."), "trajectories:plan", trajectory.pk)


def trial_contract_exact(trajectory: Trajectory) -> Reason | None:
    """R10: construction 2 has a MaatwerQ contract of exactly the trial."""
    trial = trajectory.current_trial
    if trial is None or trial.plan.construction != "2":
        return None
    exact = trajectory.contracts.filter(
        kind="proef", holder="maatwerq", starts_on=trial.starts_on, ends_on=trial.ends_on
    ).exists()
    return None if exact else Reason(_("Bij constructie 2 hoort een contract van precies de proefperiode."))


def near_trial_end(trajectory: Trajectory) -> Reason | None:
    """R6: the regisseur may open the evaluation from two weeks before the end; by itself the day after the end."""
    trial = trajectory.current_trial
    if trial is None:
        return Reason(_("Er loopt geen proefperiode."))
    days = law.number(law.Key.EVALUATION_INVITE_DAYS, on=trial.starts_on, client=trajectory.client)
    opens = trial.last_day - timedelta(days=days)
    if clock.today() >= opens:
        return None
    return Reason(_("De evaluatie kan open vanaf %(day)s.") % {"day": nl_date(opens)})


# --- B. Evaluation ---------------------------------------------------------------------------------------------------
def missing_views(trajectory: Trajectory) -> list[str]:
    """Which of the three parties hasn't given a view yet (R7)."""
    evaluation = trajectory.current_evaluation
    given = {view.role for view in evaluation.views.all()} if evaluation else set()
    return [party for party in ("jongere", "werkgever", "jobcoach") if party not in given]


def all_views_given(trajectory: Trajectory) -> Reason | None:
    """R7: the evaluation hears all parties."""
    missing = missing_views(trajectory)
    if not missing:
        return None
    if without := _decided_without(trajectory, missing):
        text = _("Geen oordeel van: %(names)s (niet gekomen). Zonder dit oordeel volgt geen contract.")
        return Reason(text % {"names": ", ".join(without)}, "trajectories:evaluation", trajectory.pk)
    return Reason(
        _("Nog geen oordeel van: %(names)s.") % {"names": ", ".join(missing)},
        "trajectories:evaluation",
        trajectory.pk,
    )


def _decided_without(trajectory: Trajectory, missing: list[str]) -> list[str]:
    """Who of the missing parties didn't come, with the decision to go on without them as the last word."""
    evaluation = trajectory.current_evaluation
    rows = sorted(evaluation.no_shows.all(), key=lambda row: row.pk) if evaluation else []
    latest = {row.role: row.follows for row in rows}
    return [role for role in missing if latest.get(role) == "zonder"]


def all_views_positive(trajectory: Trajectory) -> Reason | None:
    """R7: only when all are positive does the contract follow."""
    evaluation = trajectory.current_evaluation
    negative = (
        [view.get_role_display() for view in evaluation.views.all() if not view.is_positive] if evaluation else []
    )
    if not negative:
        return None
    return Reason(
        _("Niet iedereen is positief: %(names)s. Kies een andere plek, advies of stoppen.")
        % {"names": ", ".join(negative)},
        "trajectories:evaluation",
        trajectory.pk,
    )


def wage_value_required(trajectory: Trajectory) -> bool:
    """R8, decision 3: Wajong, WIA, beschut werk, and whenever loonkostensubsidie is requested."""
    evaluation = trajectory.current_evaluation
    by_group = trajectory.target_group is not None and trajectory.target_group.needs_wage_value
    return by_group or bool(evaluation and evaluation.wants_wage_subsidy)


def wage_value_asked_by(trajectory: Trajectory, *, wants_wage_subsidy: bool) -> str:
    """R8: what asks for loonwaarde, so that nobody can decide that it isn't needed; empty where the regisseur is free."""
    group = trajectory.target_group
    if group is not None and group.needs_wage_value:
        return _("Doelgroep %(group)s vraagt altijd om loonwaarde.") % {"group": group}
    return _("Bij loonkostensubsidie is een loonwaardebepaling altijd nodig.") if wants_wage_subsidy else ""


def wage_values_of(evaluation: Evaluation) -> list[WageValue]:
    """The loonwaarde that counts for an evaluation: settled since its trial began, also before it opened."""
    trial = evaluation.trial
    return [value for value in trial.trajectory.wage_values.all() if value.determined_on >= trial.starts_on]


def wage_value_known(trajectory: Trajectory) -> Reason | None:
    """R8: where it is asked for, the evaluation isn't complete without loonwaarde; else the regisseur decides with a reason."""
    evaluation = trajectory.current_evaluation
    if evaluation is None:
        return None
    needed = wage_value_required(trajectory) or evaluation.wage_value_needed
    if needed and not wage_values_of(evaluation):
        return Reason(_("De loonwaarde ontbreekt nog."), "trajectories:wage_value", trajectory.pk)
    if not wage_value_required(trajectory) and evaluation.wage_value_needed is None:
        return Reason(_("Leg vast of loonwaarde nodig is, met de reden."), "trajectories:wage_value", trajectory.pk)
    return None


def learn_work_start(trajectory: Trajectory) -> date | None:
    """Decision 4: the day after the trial."""
    trial = trajectory.current_trial
    return trial.last_day + ONE_DAY if trial else None


def contract_length_ok(contract: Contract) -> bool:
    """R9: at least `min_months` and at most `max_months` calendar months, both counted from the first day."""
    if contract.ends_on is None:
        return False
    long_enough = (
        contract.ends_on >= period_end(contract.starts_on, contract.min_months) if contract.min_months else True
    )
    return long_enough and (
        contract.max_months is None or contract.ends_on <= period_end(contract.starts_on, contract.max_months)
    )


def learn_work_contract(trajectory: Trajectory) -> Reason | None:
    """R9: the contract follows the trial directly and lasts twelve to twenty-four months."""
    contract = trajectory.running_contract
    if contract is None or contract.kind != "leerwerk" or contract.starts_on != learn_work_start(trajectory):
        return Reason(
            _("Het leerwerkcontract begint op de dag na de proefperiode."), "trajectories:detail", trajectory.pk
        )
    if not contract_length_ok(contract):
        return Reason(_("Een leerwerkcontract duurt ten minste 12 en ten hoogste 24 maanden."))
    return None


def notice_by(contract: Contract) -> date | None:
    """The last day to say in writing whether a fixed-term contract goes on (aanzegtermijn, BW 7:668); short ones ask none."""
    if contract.ends_on is None or contract.kind == "uitzenden":
        return None
    client = contract.trajectory.client
    rows = law.settings_on(law.Key.NOTICE_MONTHS, law.Key.NOTICE_FROM_MONTHS, on=contract.starts_on, client=client)
    shortest = int(rows[law.Key.NOTICE_FROM_MONTHS].value)
    if contract.ends_on < period_end(contract.starts_on, shortest):
        return None
    return months_before(contract.ends_on, int(rows[law.Key.NOTICE_MONTHS].value))


def probation_refusal(
    trajectory: Trajectory, organisation: Organisation | None, starts_on: date, ends_on: date | None, months: int
) -> Reason | None:
    """A proeftijd is void after a proefplaatsing at the same company, in a short contract, or when too long (BW 7:652)."""
    if not months:
        return None
    if organisation and trajectory.trials.filter(application__organisation=organisation).exists():
        return Reason(_("Dit contract volgt op een proefplaatsing bij dit bedrijf: een proeftijd mag dan niet."))
    keys = (law.Key.PROBATION_MAX, law.Key.PROBATION_SHORT, law.Key.PROBATION_FROM)
    rows = law.settings_on(*keys, on=starts_on, client=trajectory.client)
    most, short, none_up_to = (int(rows[key].value) for key in keys)
    if ends_on is not None and ends_on <= period_end(starts_on, none_up_to):
        text = _("Bij een contract van %(n)s maanden of korter mag geen proeftijd.")
        return Reason(text % {"n": none_up_to})
    if ends_on is not None and ends_on < period_end(starts_on, 24):
        most = min(most, short)
    if months > most:
        return Reason(_("Bij dit contract is de proeftijd ten hoogste %(n)s maand(en).") % {"n": most})
    return None


# --- B. Jobcoaching --------------------------------------------------------------------------------------------------
def contract_follows_on(trajectory: Trajectory) -> Reason | None:
    """Decision 4: an extension starts the day after the earlier contract and stays within the maximum."""
    contract = trajectory.running_contract
    if contract is None or contract.previous is None:
        return Reason(_("Er is geen verlenging ingevuld."))
    if contract.starts_on != contract.previous.last_day + ONE_DAY:
        return Reason(_("De verlenging begint op de dag na het lopende contract."))
    return None if contract_length_ok(contract) else Reason(_("De verlenging is langer dan 24 maanden."))


def training_ended(trajectory: Trajectory) -> Reason | None:
    """R11: qualification, end of contract, or an early end with its reason."""
    contract = next((row for row in trajectory.contracts.all() if row.kind == "leerwerk"), None)
    if contract is None or not hasattr(contract, "training_end"):
        return Reason(_("Leg vast waarom de opleiding eindigt."), "trajectories:detail", trajectory.pk)
    end = contract.training_end
    if end.kind == "einde_contract" and (contract.ends_on is None or contract.ends_on >= clock.today()):
        return Reason(_("Het contract loopt nog."))
    return None


# --- C. Adviespunt and D. Banenpool ----------------------------------------------------------------------------------
def _advice_since(trajectory: Trajectory) -> date:
    return clock.local(trajectory.state_since)


def quick_scan_done(trajectory: Trajectory) -> Reason | None:
    """The Adviespunt starts with a quick-scan."""
    since = _advice_since(trajectory)
    if any(scan.on >= since for scan in trajectory.quick_scans.all()):
        return None
    return Reason(_("De quick-scan is nog niet gedaan."), "trajectories:quick_scan", trajectory.pk)


def advice_talk_held(trajectory: Trajectory) -> Reason | None:
    """A talk comes before the advice."""
    since = _advice_since(trajectory)
    talks = trajectory.candidate.contact_moments.filter(kind="advies", status="gevoerd", at__date__gte=since)
    if talks.exists():
        return None
    return Reason(_("Het adviesgesprek is nog niet vastgelegd."), "candidates:contacts", trajectory.candidate_id)


def advice_drafted(trajectory: Trajectory) -> Reason | None:
    """Advice a–d stands ready with a plan, or was settled in this round."""
    since = trajectory.state_since
    if any(advice.given_at is None or advice.given_at >= since for advice in trajectory.advices.all()):
        return None
    return Reason(_("Het advies (a–d) is nog niet ingevuld."), "trajectories:advice", trajectory.pk)


def standing_advice(trajectory: Trajectory):
    """The advice that holds now, if any."""
    given = [advice for advice in trajectory.advices.all() if advice.given_at is not None]
    return max(given, key=lambda advice: (advice.given_at, advice.pk), default=None)


def _advice_is(trajectory: Trajectory, directions: str, text: str) -> Reason | None:
    advice = standing_advice(trajectory)
    if advice is not None and advice.direction in directions:
        return None
    return Reason(text, "trajectories:advice", trajectory.pk)


def advice_is_job(trajectory: Trajectory) -> Reason | None:
    """Placement follows advice a or b."""
    return _advice_is(trajectory, "ab", _("Plaatsen kan alleen bij advies a of b."))


def advice_is_learning(trajectory: Trajectory) -> Reason | None:
    """Learning on follows advice c; departments 1, 3 and 4 need no advice for it (decision 5)."""
    if not trajectory.department.is_maatwerq:
        return None
    return _advice_is(trajectory, "c", _("Verder leren kan alleen bij advies c."))


def advice_is_other_choice(trajectory: Trajectory) -> Reason | None:
    """Referral follows advice d with its destination."""
    return _advice_is(trajectory, "d", _("Verwijzen kan alleen bij advies d, met een bestemming."))


def placement_has_contract(trajectory: Trajectory) -> Reason | None:
    """R13: a placement comes with a running contract."""
    if trajectory.running_placement is not None and trajectory.running_contract is not None:
        return None
    return Reason(_("Vul het contract in waarmee iemand geplaatst wordt."), "trajectories:detail", trajectory.pk)


def period_taken(candidate: Candidate, start: date, end: date | None = None) -> Reason | None:
    """R13: at most one running contract and placement at any moment; a job begins after the earlier one."""
    span = DateRange(start, end + ONE_DAY if end else None)
    rows: list[Any] = [
        *candidate.contracts.filter(period__overlap=span),
        *candidate.placements.filter(period__overlap=DateRange(start, None)),
    ]
    if not rows:
        return None
    ends = [row.period.upper for row in rows]
    if None in ends:
        return Reason(_("Er loopt al een contract of plaatsing."))
    text = _("Er loopt al een contract of plaatsing tot en met %(day)s: kies een latere dag.")
    return Reason(text % {"day": nl_date(max(ends) - ONE_DAY)})


# --- Closing ---------------------------------------------------------------------------------------------------------
def exit_talk_recorded(trajectory: Trajectory) -> Reason | None:
    """R15: the exit talk was held, or it is recorded why not (decision 6)."""
    if hasattr(trajectory, "exit_talk"):
        return None
    return Reason(_("Het exitgesprek is nog niet vastgelegd."), "trajectories:exit_talk", trajectory.pk)


def completion_done(trajectory: Trajectory) -> Reason | None:
    """R15: the administrative completion is done."""
    if hasattr(trajectory, "completion") and trajectory.completion.is_complete:
        return None
    return Reason(_("De administratieve afronding is nog niet klaar."), "trajectories:completion", trajectory.pk)
