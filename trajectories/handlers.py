"""Work that follows a change in a trajectory, done once by the worker: documents, personal links, mails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext_lazy

from accounts.audit import SYSTEM
from accounts.mails import password_link
from accounts.models import Role, User
from candidates.models import ContactMoment
from topjob import clock, mail, outbox
from topjob.outbox import handler
from trajectories import actions
from trajectories.actions.messages import why_no_message
from trajectories.documents import making
from trajectories.journey.core import lock, lock_of
from trajectories.models import (
    Application,
    Contract,
    Deadline,
    GeneratedDocument,
    Paper,
    PlanParty,
    StartPlan,
)
from trajectories.models.plan import Signable
from trajectories.money import rises
from trajectories.process.choices import Party
from trajectories.signing import channels
from trajectories.signing.messages import contact_words
from trajectories.timing.owners import owner_id_of

Kind = GeneratedDocument.Kind


@handler("render_plan", label=_lazy("Startplan als PDF maken"))
def render_plan(plan: int) -> None:
    """Make the PDF of a sent version and store it with its fingerprint; the personal links follow (decision 16)."""
    _keep_document(lambda: StartPlan.objects.with_names().get(pk=plan), making.render_plan, Kind.PLAN)


@handler("render_signed_plan", label=_lazy("Getekend startplan als PDF maken"))
def render_signed_plan(plan: int) -> None:
    """Make the second PDF: the signed version with its page of signatures, and tell every party that all have signed."""
    _keep_signed(lambda: StartPlan.objects.with_names().get(pk=plan), making.render_signed_plan, Kind.PLAN_SIGNED)


@handler("render_paper", label=_lazy("Document als PDF maken"))
def render_paper(paper: int) -> None:
    """The same for another document than the startplan."""
    _keep_document(lambda: Paper.objects.with_parts().get(pk=paper), making.render_paper, Kind.PAPER)


@handler("render_signed_paper", label=_lazy("Getekend document als PDF maken"))
def render_signed_paper(paper: int) -> None:
    """The same for another document that all have signed."""
    _keep_signed(lambda: Paper.objects.with_parts().get(pk=paper), making.render_signed_paper, Kind.PAPER_SIGNED)


def _keep_document(load: Callable[[], Any], render: Callable[[Any], bytes], kind: str) -> None:
    content = render(load())
    trajectory = lock(load().trajectory)
    row = load()  # read again under the lock: it may have been withdrawn meanwhile
    if row.document_id is None and row.status == StartPlan.Status.SENT:
        _attach(actions.attach_document, row, making.store(trajectory, kind, content))


def _keep_signed(load: Callable[[], Any], render: Callable[[Any], bytes], kind: str) -> None:
    row = load()
    if row.signed_document_id is not None or row.signed_at is None:
        return
    content = render(row)
    trajectory = lock_of(row)
    row = load()
    if row.signed_document_id is None:
        _attach(actions.attach_signed_document, row, making.store(trajectory, kind, content))


def _attach(action: Any, signable: Signable, document: GeneratedDocument) -> None:
    """Tie a stored document to what it was made of; the file goes when that fails."""
    try:
        action(signable, document, by=SYSTEM)
    except BaseException:
        making.forget([document])
        raise


@handler("mailbox_confirmed", label=_lazy("Links sturen die op het e-mailadres wachtten"))
def mailbox_confirmed(candidate: int) -> None:
    """A youth's mailbox was confirmed: what waited for it goes."""
    actions.send_what_waited(candidate)


@handler("mail_deadlines", label=_lazy("Termijnen mailen"), leaves=True)
def mail_deadlines(owner: int, deadlines: list[int]) -> None:
    """One mail to a guide with everything that came due and still stands: what, when and where, nothing about health."""
    subject = ngettext_lazy("Eén termijn vraagt aandacht", "%(n)d termijnen vragen aandacht", "n")
    _mail_about(owner, deadlines, "deadlines", subject)


@handler("mail_escalated", label=_lazy("Doorgegeven termijnen mailen"), leaves=True)
def mail_escalated(owner: int, deadlines: list[int]) -> None:
    """One mail to the coordinator with what stayed late with its owner."""
    subject = ngettext_lazy("Eén termijn blijft liggen", "%(n)d termijnen blijven liggen", "n")
    _mail_about(owner, deadlines, "escalated", subject)


@handler("mail_handed_over", label=_lazy("Mailen dat trajecten zijn overgedragen"), leaves=True)
def mail_handed_over(user: int, left: int, role: str, count: int) -> None:
    """Tell whoever took over somebody's cases; which ones stands on their own list."""
    people = User.objects.in_bulk([user, left])
    if not people[user].is_active:
        return
    link = mail.absolute(f"{reverse('trajectories:list')}?guide=ik")
    context = {"name": people[user].name, "left": people[left], "role": str(Role(role).label).lower()}
    subject = _("Trajecten van %(name)s zijn nu van jou") % {"name": people[left].name}
    mail.send(people[user].email, subject, "handed_over", context | {"count": count, "link": link})


def message_not_delivered(moment: int) -> None:
    """A message didn't arrive, or nobody knows: the file says so, and whoever wrote it is told."""
    row = ContactMoment.objects.filter(pk=moment).first()
    if row is None or row.status == ContactMoment.Status.CANCELLED:
        return
    ContactMoment.objects.filter(pk=moment).update(status=ContactMoment.Status.CANCELLED)
    outbox.enqueue("mail_message_returned", key=f"message-returned-{moment}", moment=moment)


@handler("mail_message", label=_lazy("Bericht mailen"), leaves=True, given_up=message_not_delivered)
def mail_message(moment: int) -> None:
    """Mail somebody what was written to them; whose address is gone meanwhile gets nothing."""
    row = ContactMoment.objects.select_related("candidate", "by").filter(pk=moment).first()
    if row is None or why_no_message(row.candidate):
        return message_not_delivered(moment)
    # After all, when it was given up before.
    ContactMoment.objects.filter(pk=moment).update(status=ContactMoment.Status.HELD)
    context = {"name": row.candidate.call_name, "text": row.notes, "contact": contact_words(row.by)}
    return mail.send(row.candidate.email, row.subject, "message", context)


@handler("mail_message_returned", label=_lazy("Mailen dat een bericht niet aankwam"), leaves=True)
def mail_message_returned(moment: int) -> None:
    """Tell whoever wrote a message that it didn't arrive for certain; what it said stays in the file."""
    row = ContactMoment.objects.select_related("candidate", "by").filter(pk=moment).first()
    if row is None or not row.by.is_active:
        return
    words = {"name": row.candidate.full_name}
    link = mail.absolute(reverse("candidates:contacts", args=[row.candidate_id]))
    subject = _("Je bericht aan %(name)s kwam misschien niet aan") % words
    mail.send(row.by.email, subject, "message_returned", {"name": row.by.name, "person": words["name"], "link": link})


def _mail_about(owner: int, deadlines: list[int], template: str, subject: Any) -> None:
    user = User.objects.filter(pk=owner, is_active=True).first()
    rows = (
        Deadline.objects.open()
        .filter(pk__in=deadlines)
        .select_related("trajectory__candidate", "owner")
        .order_by("due_on", "pk")
    )
    lines = [_line(row) for row in rows]
    if user is None or not lines:
        return
    mail.send(user.email, subject % {"n": len(lines)}, template, {"name": user.name, "lines": lines})


def _line(row: Deadline) -> dict[str, Any]:
    """What, whose and where; the beheerder, who opens no files, gets a number and the page of retention."""
    if row.kind == Deadline.Kind.RETENTION:
        who = _("traject %(n)s") % {"n": row.trajectory_id}
        return {"deadline": row, "who": who, "link": mail.absolute(reverse("trajectories:retention"))}
    return {"deadline": row, "who": row.trajectory.candidate.full_name, "link": _case_page(row.trajectory_id)}


def _case_page(pk: int) -> str:
    return mail.absolute(reverse("trajectories:detail", args=[pk]))


@handler("mail_proposal", label=_lazy("Werkgever een voorstel laten zien"), spreads=True)
def mail_proposal(application: int) -> None:
    """Tell the employer's people that a candidate waits in the portal: a mail of their own each, so that one fails alone."""
    row = Application.objects.get(pk=application)
    for user in User.objects.speaking_for(row.organisation_id):
        key = f"mail-proposal-{row.pk}-{user.pk}"
        outbox.enqueue("mail_proposal_to", key=key, application=row.pk, user=user.pk)


@handler("mail_proposal_to", label=_lazy("Voorstel mailen"), leaves=True)
def mail_proposal_to(application: int, user: int) -> None:
    """Tell one of them; who the candidate is stands only in the portal (R16)."""
    row = Application.objects.select_related("vacancy").get(pk=application)
    if row.status != Application.Status.INTRODUCED:
        return
    person = User.objects.get(pk=user)
    link = mail.absolute(reverse("trajectories:portal_proposals"))
    context = {"name": person.name, "vacancy": row.vacancy, "link": link}
    mail.send(person.email, _("Er is een kandidaat voor uw vacature"), "proposal", context)


@handler("mail_consent_taken_back", label=_lazy("Mailen dat een kandidaat een toestemming introk"), leaves=True)
def mail_consent_taken_back(application: int) -> None:
    """Tell the guide whose turn it is, once; the company isn't told, it just sees less."""
    row = Application.objects.select_related("organisation", "trajectory__candidate").get(pk=application)
    case = row.trajectory
    person = User.objects.filter(pk=owner_id_of(case, case.turn), is_active=True).first()
    if person is None or case.candidate.consents.valid().filter(organisation=row.organisation_id).exists():
        return
    has_talk = row.talk_at is not None and not row.talk_held and clock.local(row.talk_at) >= clock.today()
    link = mail.absolute(reverse("trajectories:detail", args=[case.pk]))
    context = {"name": person.name, "who": case.candidate.full_name, "company": row.organisation, "link": link}
    context |= {"talk_at": row.talk_at if has_talk else None}
    mail.send(person.email, _("Een kandidaat trok een toestemming in"), "consent_taken_back", context)


@handler("mail_place_off", label=_lazy("Werkgever laten weten dat een plek niet doorgaat"), spreads=True)
def mail_place_off(application: int) -> None:
    """Tell the employer's people that a candidate isn't coming: each a mail of their own, unless they heard it as signers."""
    row = Application.objects.get(pk=application)
    told = PlanParty.objects.filter(plan__application=row, plan__document__isnull=False, party=Party.EMPLOYER)
    heard = {channels.mailbox(address) for address in told.values_list("email", flat=True)}
    for user in User.objects.speaking_for(row.organisation_id):
        if channels.mailbox(user.email) not in heard:
            key = f"mail-place-off-{row.pk}-{user.pk}"
            outbox.enqueue("mail_place_off_to", key=key, application=row.pk, user=user.pk)


@handler("mail_place_off_to", label=_lazy("Mailen dat een plek niet doorgaat"), leaves=True)
def mail_place_off_to(application: int, user: int) -> None:
    """Tell one of them; who the candidate was stands only in the portal, and is gone from there (R16)."""
    row = Application.objects.select_related("vacancy", "trajectory__job_broker").get(pk=application)
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None:
        return
    has_talk = row.talk_at is not None and not row.talk_held and clock.local(row.talk_at) >= clock.today()
    context = {"name": person.name, "vacancy": row.vacancy, "talk_at": row.talk_at if has_talk else None}
    context |= {"was_accepted": bool(row.construction), "contact": contact_words(row.trajectory.job_broker)}
    mail.send(person.email, _("De kandidaat voor uw vacature gaat niet door"), "place_off", context)


def _rising(contract: int, deadline: int) -> tuple[Contract, Deadline] | None:
    """The contract and the rise that is told; nothing where the contract ended meanwhile."""
    row = Contract.objects.select_related("organisation", "trajectory__candidate").get(pk=contract)
    return (row, Deadline.objects.get(pk=deadline)) if row.ended_early_on is None else None


@handler("mail_wage_rise", label=_lazy("Mailen dat het loon omhooggaat"), leaves=True)
def mail_wage_rise(contract: int, deadline: int) -> None:
    """Tell the youth from when the wage is at least how much."""
    found = _rising(contract, deadline)
    if found is None or why_no_message(found[0].trajectory.candidate):
        return
    row, rise = found
    person = row.trajectory.candidate
    context = {"name": person.call_name, "company": row.organisation.name, "rise": rise.reason}
    context |= {"contact": contact_words(row.trajectory.contact)}
    mail.send(person.email, _("Je loon gaat omhoog"), "wage_rise", context)


@handler("mail_wage_rise_to", label=_lazy("Werkgever mailen dat een loon omhooggaat"), leaves=True)
def mail_wage_rise_to(contract: int, deadline: int, user: int) -> None:
    """Tell one of the employer's people; who it is and how much stands only in the portal (R16)."""
    found = _rising(contract, deadline)
    reader = User.objects.filter(pk=user, is_active=True).first()
    if found is None or reader is None:
        return
    row, rise = found
    context = {"name": reader.name, "day": rises.day_of(rise.subject_id)}
    context |= {"link": mail.absolute(reverse("trajectories:portal_people"))}
    context |= {"contact": contact_words(row.trajectory.contact)}
    mail.send(reader.email, _("Een loon gaat omhoog met het minimumloon"), "wage_rise_to", context)


@handler("candidate_invitation", label=_lazy("Uitnodiging voor de eigen pagina mailen"), leaves=True)
def candidate_invitation(user: int) -> None:
    """Invite a youth to their own page; whoever was shut out meanwhile gets nothing."""
    person = User.objects.filter(pk=user, is_active=True).select_related("candidate").first()
    if person is None:
        return
    context = {
        "name": person.candidate.call_name,
        "link": password_link(person),
        "my_case": mail.absolute(reverse("trajectories:my_case")),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    mail.send(person.email, _("Je eigen pagina bij Top Job"), "candidate_invitation", context)
