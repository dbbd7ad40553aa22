"""Work that follows a change in a trajectory, done once by the worker: documents, personal links, mails."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audit import SYSTEM
from accounts.mails import password_link
from accounts.models import Role, User
from topjob import clock, mail, outbox
from topjob.outbox import handler
from trajectories import actions, documents
from trajectories.actions.core import lock
from trajectories.actions.plan import new_token, token_hash
from trajectories.models import Application, Deadline, GeneratedDocument, PartyLink, PlanParty, StartPlan
from trajectories.models.plan import Party

Kind = GeneratedDocument.Kind


@handler("render_plan")
def render_plan(plan: int) -> None:
    """Make the PDF of a sent version and store it with its fingerprint; the personal links follow (decision 16)."""
    content = documents.render_plan(_plan(plan))
    trajectory = lock(_plan(plan).trajectory)
    row = _plan(plan)  # read again under the lock: the version may have been withdrawn meanwhile
    if row.document_id is not None or row.status != StartPlan.Status.SENT:
        return
    document = documents.store(trajectory, Kind.PLAN, content)
    _attach(actions.attach_document, row, document)


@handler("render_signed_plan")
def render_signed_plan(plan: int) -> None:
    """Make the second PDF: the signed version with its page of signatures, and tell every party that all have signed."""
    row = _plan(plan)
    if row.signed_document_id is not None or row.signed_at is None:
        return
    content = documents.render_signed_plan(row)
    trajectory = lock(row.trajectory)
    row = _plan(plan)
    if row.signed_document_id is not None:
        return
    document = documents.store(trajectory, Kind.PLAN_SIGNED, content)
    _attach(actions.attach_signed_document, row, document)


def _attach(action: Any, plan: StartPlan, document: GeneratedDocument) -> None:
    """Tie a stored document to its plan; the file goes when that fails."""
    try:
        action(plan, document, by=SYSTEM)
    except Exception:
        documents.forget([document])
        raise


def _plan(pk: int) -> StartPlan:
    related = (
        "trajectory__candidate",
        "trajectory__regisseur",
        "trajectory__career_adviser",
        "application__organisation",
        "document",
        "template",
    )
    return StartPlan.objects.select_related(*related).get(pk=pk)


@handler("send_link", leaves=True)
def send_link(link: int) -> None:
    """Mail a party its personal link. The token exists only in the mail; a link that was closed meanwhile isn't sent."""
    row = (
        PartyLink.objects.select_for_update(of=("self",))
        .select_related("party", "plan__trajectory__candidate")
        .get(pk=link)
    )
    if not row.is_usable:
        return
    token = new_token()
    row.token_hash, row.sent_at = token_hash(token), clock.now()
    row.save(update_fields=["token_hash", "sent_at"])
    name = "trajectories:sign" if row.purpose == PartyLink.Purpose.SIGN else "trajectories:evaluate"
    template = "sign" if row.purpose == PartyLink.Purpose.SIGN else "evaluate"
    context = _mail_context(row.party) | {"link": mail.absolute(reverse(name, args=[token])), "until": row.expires_at}
    mail.send(row.party.email, _subject(row), template, context)


def _subject(link: PartyLink) -> str:
    name = link.plan.trajectory.candidate.full_name
    is_youth = link.party.party == Party.YOUTH
    if link.purpose == PartyLink.Purpose.SIGN:
        return (
            _("Je startplan: lees en teken")
            if is_youth
            else _("Startplan van %(name)s: lezen en tekenen") % {"name": name}
        )
    if is_youth:
        return _("Hoe ging je proefperiode?")
    return _("Hoe ging de proefperiode van %(name)s?") % {"name": name}


def _mail_context(party: PlanParty) -> dict[str, Any]:
    return {
        "name": party.name,
        "party": party,
        "is_youth": party.party == Party.YOUTH,
        "youth": party.plan.trajectory.candidate,
        "plan": party.plan,
    }


@handler("mail_plan_signed", leaves=True)
def mail_plan_signed(party: int) -> None:
    """Tell a party that everybody signed, and where the document is."""
    row = PlanParty.objects.select_related("plan__trajectory__candidate").get(pk=party)
    link = row.links.filter(purpose=PartyLink.Purpose.SIGN).exclude(used_at=None).first()
    if not row.email:
        return
    context = _mail_context(row) | {"until": link.expires_at if link else None, "my_case": _my_case(row)}
    mail.send(row.email, _("Iedereen heeft het startplan getekend"), "plan_signed", context)


def _my_case(party: PlanParty) -> str:
    """The youth's own page, for whoever can log in."""
    has_login = party.party == Party.YOUTH and party.plan.trajectory.candidate.user_id is not None
    return mail.absolute(reverse("trajectories:my_case")) if has_login else ""


@handler("mail_deadlines", leaves=True)
def mail_deadlines(owner: int, deadlines: list[int]) -> None:
    """One mail to a guide with everything that came due and still stands: what, when and where, nothing about health."""
    _mail_about(owner, deadlines, "deadlines", _("Termijnen: %(n)s vragen aandacht"))


@handler("mail_escalated", leaves=True)
def mail_escalated(owner: int, deadlines: list[int]) -> None:
    """One mail to the coordinator with what stayed late with its owner."""
    _mail_about(owner, deadlines, "escalated", _("Termijnen: %(n)s blijven liggen"))


def _mail_about(owner: int, deadlines: list[int], template: str, subject: str) -> None:
    user = User.objects.filter(pk=owner, is_active=True).first()
    rows = (
        Deadline.objects.open()
        .filter(pk__in=deadlines)
        .select_related("trajectory__candidate", "owner")
        .order_by("due_on", "pk")
    )
    lines = [
        {"deadline": row, "who": row.trajectory.candidate.full_name, "link": _case_page(row.trajectory_id)}
        for row in rows
    ]
    if user is None or not lines:
        return
    mail.send(user.email, subject % {"n": len(lines)}, template, {"name": user.name, "lines": lines})


def _case_page(pk: int) -> str:
    return mail.absolute(reverse("trajectories:detail", args=[pk]))


@handler("mail_proposal")
def mail_proposal(application: int) -> None:
    """Tell the employer's people that a candidate waits in the portal: a mail of their own each, so that one fails alone."""
    row = Application.objects.get(pk=application)
    members = User.objects.filter(memberships__organisation=row.organisation_id, memberships__role=Role.WERKGEVER)
    for user in members.filter(is_active=True).distinct():
        key = f"mail-proposal-{row.pk}-{user.pk}"
        outbox.enqueue("mail_proposal_to", key=key, application=row.pk, user=user.pk)


@handler("mail_proposal_to", leaves=True)
def mail_proposal_to(application: int, user: int) -> None:
    """Tell one of them; who the candidate is stands only in the portal (R16)."""
    row = Application.objects.select_related("vacancy").get(pk=application)
    if row.status != Application.Status.INTRODUCED:
        return
    person = User.objects.get(pk=user)
    link = mail.absolute(reverse("trajectories:portal_proposals"))
    context = {"name": person.name, "vacancy": row.vacancy, "link": link}
    mail.send(person.email, _("Er is een kandidaat voor uw vacature"), "proposal", context)


@handler("candidate_invitation", leaves=True)
def candidate_invitation(user: int) -> None:
    """Invite a youth to their own page; whoever was shut out meanwhile gets nothing."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None:
        return
    context = {
        "name": person.name,
        "link": password_link(person),
        "my_case": mail.absolute(reverse("trajectories:my_case")),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    mail.send(person.email, _("Je eigen pagina bij Top Job"), "candidate_invitation", context)
