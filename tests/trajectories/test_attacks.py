"""Raw statements as the application's own database user, each of which would break a rule; each beside one that is right.

What R14 calls a decision stays as it was taken, and a state goes with the rows that prove it (decision 29). The control of an
attack is the nearest statement that the product itself needs: it shows that the rule refuses the attack and not the table.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error, ProgrammingError, connection, transaction

from candidates import actions as candidate_actions
from candidates.models import Consent, Registration
from demo.walk import Team, Walk
from employers.models import Vacancy
from tests import factories
from tests.trajectories.conftest import make_company, make_registration, walk_to
from topjob.errors import Refused
from trajectories.models import StartPlan, Trajectory
from trajectories.process.workflow import OPEN_STATES, State, steps_from

Attack = tuple[str, str, str]
LOG = (
    "INSERT INTO accounts_auditentry (at, party, verb, subject_type, subject_id, trajectory_id, state_from, state_to, details)"
    " SELECT now(), 'systeem', 'stap', 'trajectories.trajectory', id, id, state, '{0}', '{{}}' FROM trajectories_trajectory;"
    "UPDATE trajectories_trajectory SET state = '{0}'"
)
REFUSED = "R14"


def run(statements: str) -> int:
    """Run statements as they stand, with the deferred checks at their end; answers how many rows the last one touched."""
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)
        count = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return count


def refused(*attacks: Attack) -> list[str]:
    """Which attacks were accepted or refused for another reason, and which controls didn't go."""
    return [line for attack in attacks for line in _wrong(*attack)]


def _wrong(attack: str, words: str, control: str) -> Iterator[str]:
    try:
        with transaction.atomic():
            yield f"accepted ({run(attack)} rows): {attack}"
            transaction.set_rollback(True)
    except Error as error:
        if words not in str(error):
            yield f"refused for another reason: {attack}: {error}"
    if not control:
        return
    try:
        with transaction.atomic():
            if run(control) == 0:
                yield f"touched nothing: {control}"
            transaction.set_rollback(True)
    except Error as error:
        yield f"control refused: {control}: {error}"


def test_states_need_their_rows_at_the_beginning(walk: Walk) -> None:
    assert (
        refused(
            (LOG.format("PROEFPERIODE"), "gaat niet van AANGEMELD naar PROEFPERIODE", LOG.format("INTAKE")),
            (LOG.format("NAZORG"), "gaat niet van", LOG.format("AFSLUITING")),
            (LOG.format("AFGESLOTEN"), "", ""),
            (
                "UPDATE candidates_registration SET motivation = '';" + LOG.format("INTAKE"),
                "mist motivatie",
                "UPDATE candidates_registration SET motivation = 'Graag';" + LOG.format("INTAKE"),
            ),
            (
                "UPDATE candidates_registration SET override_reason = 'Anders'",
                REFUSED,
                "UPDATE candidates_registration SET motivation = 'Anders'",
            ),
            ("UPDATE candidates_registration SET status = 'NIEUW', ended_at = NULL, department_id = NULL", REFUSED, ""),
        )
        == []
    )


def test_a_case_begins_at_the_beginning(walk: Walk) -> None:
    columns = ", ".join(field.column for field in Trajectory._meta.concrete_fields if field.name not in ("id", "state"))
    copy = f"INSERT INTO trajectories_trajectory ({columns}, state) SELECT {columns}, '%s' FROM trajectories_trajectory"
    attacks = [(copy % state, "begint bij AANGEMELD", "") for state in State if state != State.AANGEMELD]
    assert refused(*attacks) == []


def test_a_plan_is_signed_by_signatures(sent: Walk) -> None:
    missing = "Nog niet getekend door: jobcoach, jongere, werkgever"
    assert (
        refused(
            (
                "UPDATE trajectories_startplan SET status = 'getekend', signed_at = now()",
                missing,
                "UPDATE trajectories_startplan SET status = 'ingetrokken'",
            ),
            (
                "UPDATE trajectories_partylink SET party_id = (SELECT max(party_id) FROM trajectories_partylink)",
                REFUSED,
                "UPDATE trajectories_partylink SET voided_at = now()",
            ),
            ("DELETE FROM trajectories_partylink", REFUSED, "UPDATE trajectories_partylink SET used_at = now()"),
            (LOG.format("PROEFPERIODE"), "mist een proefperiode", ""),
            ("UPDATE trajectories_seatclaim SET period = 'empty'", "seat_has_period", ""),
            ("UPDATE trajectories_seatclaim SET cancelled = true", "mist een aangenomen sollicitatie", ""),
            ("UPDATE trajectories_application SET status = 'ingetrokken'", "mist een aangenomen sollicitatie", ""),
        )
        == []
    )


def test_a_draft_is_sent_before_it_is_signed(walk: Walk, vacancy: Vacancy) -> None:
    walk_to(walk, vacancy, State.STARTPLAN).draft_plan()
    signed = "UPDATE trajectories_startplan SET status = 'getekend', signed_at = now(), sent_at = now()"
    sent_off = "UPDATE trajectories_startplan SET status = 'verzonden', sent_at = now()"
    assert refused((signed, "alleen wat verzonden en vastgelegd is", sent_off)) == []
    assert StartPlan.objects.get().status == StartPlan.Status.DRAFT


def test_a_trial_stands_on_what_was_signed_and_permitted(on_trial: Walk) -> None:
    assert (
        refused(
            ("UPDATE trajectories_placement SET period = 'empty'", "placement_has_period", ""),
            (
                "UPDATE trajectories_placement SET period = daterange(lower(period), lower(period) + 1)",
                "mist een plaatsing",
                "",
            ),
            ("DELETE FROM trajectories_placement", "mist een plaatsing", ""),
            ("UPDATE trajectories_trialperiod SET broken_off_on = starts_on", "mist een proefperiode", ""),
            ("DELETE FROM trajectories_trialperiod", REFUSED, ""),
            (LOG.format("EVALUATIE"), "mist een evaluatie", ""),
            (LOG.format("ADVIES"), "mist een afgeronde opleiding", LOG.format("BEMIDDELBAAR")),
            (
                "UPDATE trajectories_partylink SET used_at = now() - interval '1 year' WHERE used_at IS NOT NULL",
                REFUSED,
                "",
            ),
            ("UPDATE trajectories_partylink SET used_at = NULL WHERE used_at IS NOT NULL", REFUSED, ""),
            (
                "UPDATE candidates_consent SET share_support = true",
                "R16",
                "UPDATE candidates_consent SET withdrawn_at = now()",
            ),
            ("DELETE FROM candidates_consent", REFUSED, ""),
        )
        == []
    )
    for statement in (
        "UPDATE trajectories_payerpermission SET valid_until = valid_until + 90",
        "DELETE FROM trajectories_payerpermission",
        "UPDATE trajectories_trialextension SET until = until",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(statement)


def test_a_consent_that_was_taken_back_stays_so(on_trial: Walk) -> None:
    consent = Consent.objects.get()
    candidate_actions.withdraw_consent(consent, by=on_trial.team.regisseur)
    stranger = factories.CandidateFactory()
    assert (
        refused(
            ("UPDATE candidates_consent SET withdrawn_at = NULL", "R16", "UPDATE candidates_consent SET id = id"),
            (f"UPDATE candidates_consent SET candidate_id = {stranger.pk}", "blijft bij wie haar gaf", ""),
        )
        == []
    )


def test_an_evaluation_is_decided_once(learning: Walk) -> None:
    assert (
        refused(
            ("UPDATE trajectories_evaluation SET decision = 'other_place'", REFUSED, ""),
            ("UPDATE trajectories_evaluation SET decided_at = NULL, decision = ''", REFUSED, ""),
            ("DELETE FROM trajectories_evaluation", REFUSED, ""),
            ("UPDATE trajectories_contract SET period = 'empty'", "contract_has_period", ""),
            (
                "UPDATE trajectories_contract SET period = daterange(starts_on, starts_on + 1)",
                "mist een contract met de periode",
                "",
            ),
            ("UPDATE trajectories_contract SET ended_early_on = starts_on", "mist", ""),
            ("DELETE FROM trajectories_contract", "mist het besluit om door te gaan en een leerwerkcontract", ""),
            (LOG.format("ADVIES"), "mist een afgeronde opleiding", ""),
        )
        == []
    )


def test_an_open_evaluation_is_decided_with_its_moment(in_evaluation: Walk) -> None:
    half = "UPDATE trajectories_evaluation SET decision = 'seek_advice'"
    whole = f"{half}, decided_at = now();" + LOG.format("ADVIES")
    assert refused((half, "evaluation_decision_has_moment", whole), (LOG.format("ADVIES"), "mist", "")) == []


def test_advice_that_was_given_stays(advising: Walk) -> None:
    assert refused((LOG.format("BANENPOOL"), "mist een vastgesteld advies", "")) == []
    advising.later(7).advise("a")
    draft = "UPDATE trajectories_advice SET plan = 'anders'"
    assert refused(("DELETE FROM trajectories_advice", REFUSED, draft), (LOG.format("BANENPOOL"), "mist", "")) == []
    advising.give_advice()
    assert (
        refused(
            (draft, REFUSED, ""),
            ("UPDATE trajectories_advice SET given_at = NULL", REFUSED, ""),
            ("UPDATE trajectories_trainingend SET reason = 'anders'", REFUSED, ""),
            (LOG.format("NAZORG"), "mist nazorg", ""),
        )
        == []
    )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("UPDATE trajectories_quickscan SET conclusion = 'anders'")


def test_aftercare_runs_as_long_as_the_state_says(in_aftercare: Walk) -> None:
    stopped = "UPDATE trajectories_aftercare SET stopped_on = starts_on"
    assert (
        refused(
            (stopped, "mist nazorg", ""),
            (LOG.format("AFSLUITING"), "mist nazorg", f"{stopped};{LOG.format('AFSLUITING')}"),
            ("DELETE FROM trajectories_aftercare", REFUSED, ""),
            ("DELETE FROM trajectories_placement WHERE kind = 'baan'", "mist een baan", ""),
        )
        == []
    )


def test_a_file_is_closed_with_its_exit_talk_and_stays_so(closing: Walk) -> None:
    close = LOG.format("AFGESLOTEN") + ", closed_at = now(), retention_until = '2030-01-01'"
    assert refused((close, "mist het exitgesprek", "")) == []
    closing.later(7).close()
    assert (
        refused(
            ("UPDATE trajectories_exittalk SET grade = 10", "R15", ""),
            ("UPDATE trajectories_completion SET remarks = 'anders'", "R15", ""),
            ("DELETE FROM trajectories_exittalk", REFUSED, ""),
            (LOG.format("NAZORG"), "gaat niet van AFGESLOTEN naar NAZORG", ""),
        )
        == []
    )


def test_a_group_is_never_smaller_than_who_is_in_it(walk: Walk) -> None:
    vacancy, project = make_company(), factories.ProjectFactory(group_size=3)
    Vacancy.objects.filter(pk=vacancy.pk).update(project=project)
    walk_to(walk, Vacancy.objects.get(pk=vacancy.pk), State.STARTPLAN)
    size = "UPDATE employers_learnworkproject SET group_size = {}"
    left = "UPDATE trajectories_projectparticipation SET left_on = {}"
    emptied = left.format("now()") + ";" + size.format(0)
    assert refused((size.format(0), "R13", size.format(1)), (f"{emptied};{left.format('NULL')}", "R13", emptied)) == []


def test_an_offer_is_answered_once(db: None) -> None:
    factories.OfferFactory()
    answered = "UPDATE candidates_offer SET answer = 'akkoord', answered_on = sent_on"
    assert refused((f"{answered};UPDATE candidates_offer SET answer = 'afgewezen'", REFUSED, answered)) == []


def test_an_override_is_given_once(team: Team) -> None:
    registration = make_registration(team)
    with pytest.raises(Refused, match="al vastgelegd"):
        candidate_actions.override_eligibility(registration, reason="Nog eens.", by=team.frontoffice)
    assert Registration.objects.get().override_reason == "Past na overleg."


def test_the_steps_of_the_database_are_those_of_the_journey(db: None) -> None:
    declared = {
        (str(start), str(end))
        for start in OPEN_STATES
        for step in steps_from(start)
        for end in _targets(step.name)
        if start != end
    }
    states = [str(state) for state in State]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a, b FROM unnest(%s::text[]) a, unnest(%s::text[]) b WHERE topjob_step_exists(a, b)",
            [states, states],
        )
        assert set(cursor.fetchall()) == declared


def _targets(name: str) -> list[str]:
    target = next(iter(getattr(Trajectory, name)._django_fsm.transitions.values())).target
    return getattr(target, "allowed_states", None) or [target]
