"""Whether what was decided is still what was decided, held against the log that can't be changed (R14): `verify` asks these.

PostgreSQL refuses to change a decision; these find one that was changed by whoever switched that off. Each is the words for one
line and the query that finds the ids of what differs.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import verbs
from trajectories.keeping.fingerprints import changed
from trajectories.models import Advice, PayerPermission
from trajectories.process.workflow import Journey, name_of

# A decision and its log row are written in one transaction, a moment apart.
LOGGED = """EXISTS (SELECT 1 FROM accounts_auditentry a WHERE a.trajectory_id = {0} AND a.verb = {1}
            AND a.at BETWEEN {2} - interval '1 minute' AND {2} + interval '1 minute')"""

GIVEN = name_of(Journey.give_advice)
DECIDED: tuple[tuple[Any, str], ...] = (
    (
        _("Traject %(id)s: de stand mist de rijen die haar bewijzen."),
        "SELECT id FROM trajectories_trajectory WHERE topjob_state_lacks(id) IS NOT NULL",
    ),
    (
        _("Startplan %(id)s: getekend zonder alle handtekeningen."),
        """SELECT id FROM trajectories_startplan WHERE status IN ('getekend', 'vervangen')
             AND topjob_signers_missing(id, NULL, document_id) IS NOT NULL""",
    ),
    (
        _("Document %(id)s: getekend zonder alle handtekeningen."),
        """SELECT id FROM trajectories_paper WHERE status = 'getekend'
             AND topjob_signers_missing(NULL, id, document_id) IS NOT NULL""",
    ),
    (
        _("Advies %(id)s: niet gegeven op het moment dat het logboek zegt."),
        f"""SELECT v.id FROM trajectories_advice v WHERE v.given_at IS NOT NULL
             AND NOT {LOGGED.format("v.trajectory_id", f"'{GIVEN}'", "v.given_at")}""",  # noqa: S608
    ),
    (_("Advies %(id)s: zegt iets anders dan toen het gegeven werd."), changed(Advice, GIVEN, "advice")),
    (
        _("Toestemming %(id)s van de opdrachtgever: zegt iets anders dan toen zij werd vastgelegd."),
        changed(PayerPermission, verbs.RECORD_PERMISSION, "permission"),
    ),
    (
        _("Evaluatie %(id)s: een ander besluit dan het logboek zegt."),
        f"""SELECT e.id FROM trajectories_evaluation e JOIN trajectories_trialperiod x ON x.id = e.trial_id
            WHERE e.decided_at IS NOT NULL
              AND NOT {LOGGED.format("x.trajectory_id", "e.decision", "e.decided_at")}""",  # noqa: S608
    ),
    (
        _("Toestemming %(id)s van de opdrachtgever: een ander besluit dan het logboek zegt."),
        f"""SELECT p.id FROM trajectories_payerpermission p WHERE NOT EXISTS (
             SELECT 1 FROM accounts_auditentry a WHERE a.trajectory_id = p.trajectory_id AND a.verb = '{verbs.RECORD_PERMISSION}'
               AND a.details @> jsonb_build_object('permission', p.id, 'granted', p.is_granted))""",  # noqa: S608
    ),
    (
        _("Toestemming %(id)s om te delen: iets anders dan het logboek zegt."),
        rf"""SELECT c.id FROM candidates_consent c
           JOIN accounts_auditentry a ON a.subject_type = 'candidates.consent' AND a.subject_id = c.id
             AND a.verb = '{verbs.CONSENT_GIVEN}'
           WHERE (a.details ->> 'organisation')::bigint <> c.organisation_id
             OR EXISTS (SELECT 1 FROM jsonb_each(to_jsonb(c)) f
                        WHERE f.key LIKE 'share\_%' AND (f.value = 'true') <> (a.details -> 'shares' ? substr(f.key, 7)))""",  # noqa: S608
    ),
    (
        _("Toestemming %(id)s om te delen: ingetrokken en weer geldig."),
        f"""SELECT c.id FROM candidates_consent c WHERE c.withdrawn_at IS NULL AND EXISTS (
             SELECT 1 FROM accounts_auditentry a WHERE a.subject_type = 'candidates.consent' AND a.subject_id = c.id
               AND a.verb = '{verbs.CONSENT_WITHDRAWN}')""",  # noqa: S608
    ),
    (
        _("Persoonlijke link %(id)s: gebruikt zonder handtekening of oordeel, of andersom."),
        """SELECT l.id FROM trajectories_partylink l WHERE (l.used_at IS NOT NULL) <> (
             EXISTS (SELECT 1 FROM trajectories_signature s WHERE s.link_id = l.id)
             OR EXISTS (SELECT 1 FROM trajectories_evaluationview v WHERE v.link_id = l.id))""",
    ),
    (
        _("Persoonlijke link %(id)s: gebruikt op een ander moment dan er getekend is."),
        """SELECT l.id FROM trajectories_partylink l JOIN trajectories_signature s ON s.link_id = l.id
           WHERE abs(extract(epoch FROM s.signed_at - l.used_at)) > 60""",
    ),
    (
        _("Aanmelding %(id)s: een andere reden om toch toe te laten dan het logboek zegt."),
        f"""SELECT r.id FROM candidates_registration r
           JOIN accounts_auditentry a ON a.subject_type = 'candidates.registration' AND a.subject_id = r.id
             AND a.verb = '{verbs.ADMITTED_BY_EXCEPTION}'
           JOIN accounts_audittext x ON x.id = a.text_id WHERE x.text <> r.override_reason""",  # noqa: S608
    ),
    (
        _("Plaatsing %(id)s: een periode zonder dagen."),
        "SELECT id FROM trajectories_placement WHERE isempty(period) OR lower_inf(period)",
    ),
    (
        _("Contract %(id)s: een andere periode dan zijn dagen."),
        """SELECT id FROM trajectories_contract WHERE isempty(period) OR lower(period) <> starts_on
             OR upper(period) > coalesce(ended_early_on, ends_on) + 1""",
    ),
    (
        _("Plaats %(id)s in gebruik: een periode zonder dagen."),
        "SELECT id FROM trajectories_seatclaim WHERE isempty(period) OR lower_inf(period)",
    ),
)
