"""Work that follows a change in a trajectory, done once by the worker: documents, personal links, mails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.audit import SYSTEM
from accounts.mails import password_link
from accounts.models import Role, User
from topjob import clock, mail, outbox, sms
from topjob.outbox import handler
from topjob.templatetags.topjob import nl_date
from trajectories import actions, channels, documents
from trajectories.access import name_for_party
from trajectories.actions.core import lock, lock_of, touch
from trajectories.actions.signing import code_hash, code_validity, new_code, new_token, token_hash
from trajectories.models import (
    Application,
    Deadline,
    GeneratedDocument,
    Paper,
    PartyLink,
    PlanParty,
    SigningCode,
    StartPlan,
)
from trajectories.models.plan import Channel, Party, Signable
from trajectories.tasks import refresh_deadlines

Kind = GeneratedDocument.Kind


@handler("render_plan", label=_lazy("Startplan als PDF maken"))
def render_plan(plan: int) -> None:
    """Make the PDF of a sent version and store it with its fingerprint; the personal links follow (decision 16)."""
    _keep_document(lambda: StartPlan.objects.with_names().get(pk=plan), documents.render_plan, Kind.PLAN)


@handler("render_signed_plan", label=_lazy("Getekend startplan als PDF maken"))
def render_signed_plan(plan: int) -> None:
    """Make the second PDF: the signed version with its page of signatures, and tell every party that all have signed."""
    _keep_signed(lambda: StartPlan.objects.with_names().get(pk=plan), documents.render_signed_plan, Kind.PLAN_SIGNED)


@handler("render_paper", label=_lazy("Document als PDF maken"))
def render_paper(paper: int) -> None:
    """The same for another document than the startplan."""
    _keep_document(lambda: Paper.objects.with_parts().get(pk=paper), documents.render_paper, Kind.PAPER)


@handler("render_signed_paper", label=_lazy("Getekend document als PDF maken"))
def render_signed_paper(paper: int) -> None:
    """The same for another document that all have signed."""
    _keep_signed(lambda: Paper.objects.with_parts().get(pk=paper), documents.render_signed_paper, Kind.PAPER_SIGNED)


def _keep_document(load: Callable[[], Any], render: Callable[[Any], bytes], kind: str) -> None:
    content = render(load())
    trajectory = lock(load().trajectory)
    row = load()  # read again under the lock: it may have been withdrawn meanwhile
    if row.document_id is None and row.status == StartPlan.Status.SENT:
        _attach(actions.attach_document, row, documents.store(trajectory, kind, content))


def _keep_signed(load: Callable[[], Any], render: Callable[[Any], bytes], kind: str) -> None:
    row = load()
    if row.signed_document_id is not None or row.signed_at is None:
        return
    content = render(row)
    trajectory = lock_of(row)
    row = load()
    if row.signed_document_id is None:
        _attach(actions.attach_signed_document, row, documents.store(trajectory, kind, content))


def _attach(action: Any, signable: Signable, document: GeneratedDocument) -> None:
    """Tie a stored document to what it was made of; the file goes when that fails."""
    try:
        action(signable, document, by=SYSTEM)
    except BaseException:
        documents.forget([document])
        raise


def link_not_delivered(link: int) -> None:
    """A personal link didn't arrive: its regisseur finds that among the deadlines (fault 25)."""
    touch(lock(PartyLink.objects.select_related("trajectory").get(pk=link).trajectory))


@handler("send_link", label=_lazy("Persoonlijke link sturen"), leaves=True, given_up=link_not_delivered)
def send_link(link: int) -> None:
    """Send a party its personal link, by e-mail or by SMS. The token exists only in that message; a link that was closed
    meanwhile isn't sent."""
    row = (
        PartyLink.objects.select_for_update(of=("self",))
        .select_related("party", "plan", "paper", "trajectory__candidate")
        .get(pk=link)
    )
    address = channels.for_link(row.party)
    if not row.is_usable or address is None or channels.awaits_mailbox(row.party):
        return
    token = _new_token_for(row, address)
    is_sign = row.purpose == PartyLink.Purpose.SIGN
    url = mail.absolute(reverse("trajectories:sign" if is_sign else "trajectories:evaluate", args=[token]))
    if address.channel == Channel.SMS:
        sms.send(address.value, _link_in_words(row, url), reference=f"link-{row.pk}")
    else:
        context = _mail_context(row.party) | {"link": url, "until": row.expires_at, "is_reminder": row.reminder > 0}
        mail.send(address.value, _subject(row), "sign" if is_sign else "evaluate", context)


@handler("mailbox_confirmed", label=_lazy("Links sturen die op het e-mailadres wachtten"))
def mailbox_confirmed(candidate: int) -> None:
    """A youth's mailbox was confirmed: what waited for it goes."""
    actions.send_what_waited(candidate)


@handler("nudge", label=_lazy("Sms bij een herinnering sturen"), leaves=True)
def nudge(link: int) -> None:
    """An SMS beside a reminder that went by mail. The link stays out of it: the code that confirms goes to this same phone."""
    row = PartyLink.objects.select_related("party", "plan", "paper", "trajectory__candidate").get(pk=link)
    phone = channels.phone_of(row.party)
    if not row.is_usable or phone is None:
        return
    text = _(
        "%(subject)s. Wij mailden de link naar %(mail)s. Geen mail gezien? Kijk bij ongewenste mail. Groet, Top Job"
    )
    words = {"subject": _subject(row), "mail": channels.masked_email(row.party.email)}
    sms.send(phone.value, text % words, reference=f"nudge-{row.pk}")


def _link_in_words(link: PartyLink, url: str) -> str:
    """The SMS with a personal link."""
    if link.party.party == Party.YOUTH:
        text = _("%(subject)s. Dit is jouw eigen link, geef hem niet door: %(url)s Groet, Top Job")
    else:
        text = _("%(subject)s. Dit is uw eigen link, geef hem niet door: %(url)s Groet, Top Job")
    return text % {"subject": _subject(link), "url": url}


@handler("send_code", label=_lazy("Code om te tekenen sturen"), leaves=True)
def send_code(code: int) -> None:
    """Send a party the code that confirms its signature. The code exists only in that message, and counts from now.

    Nothing goes to somebody who has long left the page, or whose link was closed meanwhile.
    """
    row = (
        SigningCode.objects.select_for_update(of=("self",))
        .select_related("link__party", "link__trajectory")
        .get(pk=code)
    )
    link = row.link
    address = channels.for_code(link.party)
    if row.used_at or row.voided_at or not link.is_usable or row.expires_at <= clock.now() or address is None:
        return
    secret = new_code()
    row.code_hash, row.sent_at = code_hash(row, secret), clock.now()
    row.expires_at = row.sent_at + code_validity(link.trajectory)
    row.save(update_fields=["code_hash", "sent_at", "expires_at"])
    if address.channel == Channel.SMS:
        text = _("%(code)s is de code om te tekenen bij Top Job. Geef hem aan niemand. Geldig tot %(until)s uur.")
        until = row.expires_at.astimezone(clock.AMSTERDAM).strftime("%H:%M")
        sms.send(address.value, text % {"code": secret, "until": until}, reference=f"code-{row.pk}")
    else:
        context = _mail_context(link.party) | {"code": secret, "until": row.expires_at}
        mail.send(address.value, _("De code om te tekenen"), "code", context)


def _subject(link: PartyLink) -> str:
    asked = _asked(link)
    return _("Herinnering: %(asked)s") % {"asked": asked} if link.reminder else asked


def _asked(link: PartyLink) -> str:
    name = name_for_party(link.party)
    is_youth = link.party.party == Party.YOUTH
    if link.paper_id is not None:
        words = {"kind": link.paper.get_kind_display(), "name": name}
        return (
            _("%(kind)s: lees en teken") % words if is_youth else _("%(kind)s van %(name)s: lezen en tekenen") % words
        )
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
        "youth": party.signable.trajectory.candidate,
        "who": name_for_party(party),
        "plan": party.plan,
        "paper": party.paper,
    }


@handler(
    "mail_signed", label=_lazy("Laten weten dat een document is getekend"), leaves=True, given_up=link_not_delivered
)
def mail_signed(link: int) -> None:
    """Tell a party that everybody signed, with a link of its own to the document; by SMS to whoever has no e-mail."""
    case = ("plan__trajectory__candidate", "paper__trajectory__candidate")
    rows = PartyLink.objects.select_for_update(of=("self",)).select_related(
        "party", "plan", "paper", "trajectory__candidate"
    )
    row = rows.select_related(*(f"party__{name}" for name in case)).get(pk=link)
    address = channels.for_link(row.party)
    if not row.is_usable or address is None or row.signable.status == StartPlan.Status.WITHDRAWN:
        return
    if channels.awaits_mailbox(row.party):
        return
    url = mail.absolute(reverse("trajectories:signed_copy", args=[_new_token_for(row, address)]))
    subject = _signed_subject(row.party)
    if address.channel == Channel.SMS:
        text = _("%(subject)s. Het document staat t/m %(day)s hier: %(url)s Groet, Top Job")
        words = {"subject": subject, "day": nl_date(row.expires_at), "url": url}
        sms.send(address.value, text % words, reference=f"signed-{row.pk}")
    else:
        context = _mail_context(row.party) | {"link": url, "until": row.expires_at, "my_case": _my_case(row.party)}
        mail.send(address.value, subject, "signed", context)


def _new_token_for(link: PartyLink, address: channels.Address) -> str:
    """The token that opens this link from now on; an earlier one, in a message that went wrong, opens nothing."""
    token = new_token()
    link.token_hash, link.sent_at, link.channel = token_hash(token), clock.now(), address.channel
    link.save(update_fields=["token_hash", "sent_at", "channel"])
    return token


def _signed_subject(party: PlanParty) -> str:
    if party.paper is not None:
        words = {"kind": party.paper.get_kind_display(), "name": name_for_party(party)}
        return _("Iedereen heeft getekend: %(kind)s van %(name)s") % words
    return _("Iedereen heeft getekend: startplan van %(name)s") % {"name": name_for_party(party)}


@handler("mail_withdrawn", label=_lazy("Laten weten dat een document is ingetrokken"), leaves=True)
def mail_withdrawn(party: int) -> None:
    """Tell a party that what it signed, or was asked to sign, doesn't hold any more; by SMS to whoever has no e-mail."""
    case = ("regisseur", "career_adviser", "department", "candidate")
    related = (f"{what}__trajectory__{name}" for what in ("plan", "paper") for name in case)
    row = PlanParty.objects.select_related(*related, "plan__application__organisation").get(pk=party)
    if channels.awaits_mailbox(row):
        return
    has_signed, guide = row.signatures.exists(), row.signable.trajectory.contact
    subject, phone = _withdrawn_subject(row), channels.phone_of(row)
    if row.email:
        context = _mail_context(row) | {"has_signed": has_signed, "contact": _contact(guide)}
        mail.send(row.email, subject, "withdrawn", context)
    elif phone is not None:
        sms.send(phone.value, _withdrawn_in_words(row, subject, has_signed, guide), reference=f"withdrawn-{party}")


def _withdrawn_in_words(party: PlanParty, subject: str, has_signed: bool, guide: User | None) -> str:
    """The SMS: what doesn't hold, that nothing is asked any more, and whom to call."""
    is_youth = party.party == Party.YOUTH
    todo = _("Je hoeft niet meer te tekenen.") if is_youth else _("U hoeft niet meer te tekenen.")
    if has_signed:
        todo = _("Je handtekening telt niet meer.") if is_youth else _("Uw handtekening telt niet meer.")
    call = _("Vragen? %(contact)s.") % {"contact": _contact(guide)} if guide else ""
    return " ".join(filter(None, (f"{subject}.", todo, call, _("Groet, Top Job"))))


def _contact(guide: User | None) -> str:
    """Whom to call or mail, with what is known; nobody without a guide."""
    phone = guide.phone.as_national if guide and guide.phone else ""
    return ", ".join(filter(None, (str(guide.name), phone, guide.email))) if guide else ""


def _withdrawn_subject(party: PlanParty) -> str:
    name, is_youth = name_for_party(party), party.party == Party.YOUTH
    if party.paper is not None:
        words = {"kind": party.paper.get_kind_display(), "name": name}
        return _("%(kind)s: ingetrokken") % words if is_youth else _("%(kind)s van %(name)s: ingetrokken") % words
    if party.plan.is_amendment:
        text = _("De wijziging van je startplan gaat niet door")
        return text if is_youth else _("De wijziging van het startplan van %(name)s gaat niet door") % {"name": name}
    text = _("Je startplan gaat niet door")
    return text if is_youth else _("Het startplan van %(name)s gaat niet door") % {"name": name}


def _my_case(party: PlanParty) -> str:
    """The youth's own page, for whoever can log in."""
    has_login = party.party == Party.YOUTH and party.signable.trajectory.candidate.user_id is not None
    return mail.absolute(reverse("trajectories:my_case")) if has_login else ""


@handler("mail_deadlines", label=_lazy("Termijnen mailen"), leaves=True)
def mail_deadlines(owner: int, deadlines: list[int]) -> None:
    """One mail to a guide with everything that came due and still stands: what, when and where, nothing about health."""
    _mail_about(owner, deadlines, "deadlines", _("Termijnen: %(n)s vragen aandacht"))


@handler("mail_escalated", label=_lazy("Doorgegeven termijnen mailen"), leaves=True)
def mail_escalated(owner: int, deadlines: list[int]) -> None:
    """One mail to the coordinator with what stayed late with its owner."""
    _mail_about(owner, deadlines, "escalated", _("Termijnen: %(n)s blijven liggen"))


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


def _mail_about(owner: int, deadlines: list[int], template: str, subject: str) -> None:
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


@handler("recount_deadlines", label=_lazy("Termijnen opnieuw tellen na een nieuwe versie"))
def recount_deadlines() -> None:
    """A migration brought new kinds of deadlines: ask for the round of the night at once; were that lost, the night does it."""
    transaction.on_commit(refresh_deadlines.delay, robust=True)


@handler("mail_proposal", label=_lazy("Werkgever een voorstel laten zien"))
def mail_proposal(application: int) -> None:
    """Tell the employer's people that a candidate waits in the portal: a mail of their own each, so that one fails alone."""
    row = Application.objects.get(pk=application)
    members = User.objects.filter(memberships__organisation=row.organisation_id, memberships__role=Role.WERKGEVER)
    for user in members.filter(is_active=True).distinct():
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


@handler("mail_place_off", label=_lazy("Werkgever laten weten dat een plek niet doorgaat"))
def mail_place_off(application: int) -> None:
    """Tell the employer's people that a candidate isn't coming: each a mail of their own, unless they heard it as signers."""
    row = Application.objects.get(pk=application)
    told = PlanParty.objects.filter(plan__application=row, plan__document__isnull=False, party=Party.EMPLOYER)
    heard = {channels.mailbox(address) for address in told.values_list("email", flat=True)}
    members = User.objects.filter(memberships__organisation=row.organisation_id, memberships__role=Role.WERKGEVER)
    for user in members.filter(is_active=True).distinct():
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
    context |= {"was_accepted": bool(row.construction), "contact": _contact(row.trajectory.job_broker)}
    mail.send(person.email, _("De kandidaat voor uw vacature gaat niet door"), "place_off", context)


@handler("candidate_invitation", label=_lazy("Uitnodiging voor de eigen pagina mailen"), leaves=True)
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
