"""Messages to those who sign or give a view: the link, the code, that all have signed, that it doesn't hold any more.

Sent once, by the worker. A token or a code exists only in its message.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from topjob import clock, mail, sms
from topjob.dates import nl_date
from topjob.errors import promised
from topjob.outbox import handler
from topjob.rehearsing import NO_TOKEN_YET
from trajectories.journey.access import name_for_party
from trajectories.journey.core import lock, touch
from trajectories.models import (
    PartyLink,
    PlanParty,
    SigningCode,
    StartPlan,
)
from trajectories.models.plan import Channel, Signable
from trajectories.process.choices import Party
from trajectories.signing import channels
from trajectories.signing.links import fresh_link, issue_code, open_anew


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
    token = open_anew(row, address.channel)
    letter = _letter_with(row, address, token)
    if address.channel == Channel.SMS:
        sms.send(letter.to, letter.text, reference=f"link-{row.pk}")
    else:
        mail.post(replace(letter, name=row.party.name))


def _letter_with(row: PartyLink, address: channels.Address, token: str) -> mail.Letter:
    """The message that brings a link."""
    is_sign = row.purpose == PartyLink.Purpose.SIGN
    url = mail.absolute(reverse("trajectories:sign" if is_sign else "trajectories:evaluate", args=[token]))
    if address.channel == Channel.SMS:
        return mail.Letter(address.value, _link_in_words(row, url))
    context = _mail_context(row.party) | {"link": url, "until": row.expires_at, "is_reminder": row.reminder > 0}
    return mail.written(address.value, _subject(row), "sign" if is_sign else "evaluate", context)


def letters_when_sent(signable: Signable) -> list[mail.Letter]:
    """What everybody who signs will be sent when this document goes out, in the very words.

    Whoever has no address, or one that isn't confirmed yet, is sent nothing then.
    """
    letters = []
    for party in signable.parties.all():
        address = channels.for_link(party)
        if address is not None and not channels.awaits_mailbox(party):
            link = fresh_link(party, PartyLink.Purpose.SIGN)
            letters.append(replace(_letter_with(link, address, NO_TOKEN_YET), name=party.name))
    return letters


@handler("nudge", label=_lazy("Sms bij een herinnering sturen"), leaves=True)
def nudge(link: int) -> None:
    """An SMS beside a reminder that went by mail. The link stays out of it: the code that confirms goes to this same phone."""
    row = PartyLink.objects.select_related("party", "plan", "paper", "trajectory__candidate").get(pk=link)
    phone = channels.phone_of(row.party)
    if not row.is_usable or phone is None:
        return
    text = _(
        "%(subject)s Wij mailden de link naar %(mail)s. Geen mail gezien? Kijk bij ongewenste mail. Groet, Top Job"
    )
    words = {"subject": _sentence(_subject(row)), "mail": channels.masked_email(row.party.email)}
    sms.send(phone.value, text % words, reference=f"nudge-{row.pk}")


def _link_in_words(link: PartyLink, url: str) -> str:
    """The SMS with a personal link."""
    if link.party.party == Party.YOUTH:
        text = _("%(subject)s Dit is jouw eigen link, geef hem niet door: %(url)s Groet, Top Job")
    else:
        text = _("%(subject)s Dit is uw eigen link, geef hem niet door: %(url)s Groet, Top Job")
    return text % {"subject": _sentence(_subject(link)), "url": url}


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
    secret = issue_code(row)
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


def _sentence(text: str) -> str:
    """As it stands within an SMS, before another sentence."""
    return text if text.endswith(("?", "!", ".")) else f"{text}."


def _asked(link: PartyLink) -> str:
    name = _who(link.party)
    is_youth = link.party.party == Party.YOUTH
    if link.paper_id is not None:
        words = {"kind": promised(link.paper).get_kind_display(), "name": name}
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


def _who(party: PlanParty) -> str:
    """The youth as this party may know them (R16), asked once for a letter: its subject and its text both say it."""
    if "kept_who" not in party.__dict__:
        party.__dict__["kept_who"] = name_for_party(party)
    return party.__dict__["kept_who"]


def _mail_context(party: PlanParty) -> dict[str, Any]:
    youth, is_youth = party.signable.trajectory.candidate, party.party == Party.YOUTH
    return {
        "name": youth.call_name if is_youth else party.name,
        "party": party,
        "is_youth": is_youth,
        "youth": youth,
        "who": _who(party),
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
    url = mail.absolute(reverse("trajectories:signed_copy", args=[open_anew(row, address.channel)]))
    subject = _signed_subject(row.party)
    if address.channel == Channel.SMS:
        text = _("%(subject)s. Het document staat t/m %(day)s hier: %(url)s Groet, Top Job")
        words = {"subject": subject, "day": nl_date(row.expires_at), "url": url}
        sms.send(address.value, text % words, reference=f"signed-{row.pk}")
    else:
        context = _mail_context(row.party) | {"link": url, "until": row.expires_at, "my_case": _my_case(row.party)}
        mail.send(address.value, subject, "signed", context)


def _signed_subject(party: PlanParty) -> str:
    if party.paper is not None:
        words = {"kind": party.paper.get_kind_display(), "name": _who(party)}
        return _("Iedereen heeft getekend: %(kind)s van %(name)s") % words
    return _("Iedereen heeft getekend: startplan van %(name)s") % {"name": _who(party)}


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
        context = _mail_context(row) | {"has_signed": has_signed, "contact": contact_words(guide)}
        mail.send(row.email, subject, "withdrawn", context)
    elif phone is not None:
        sms.send(phone.value, _withdrawn_in_words(row, subject, has_signed, guide), reference=f"withdrawn-{party}")


def _withdrawn_in_words(party: PlanParty, subject: str, has_signed: bool, guide: User | None) -> str:
    """The SMS: what doesn't hold, that nothing is asked any more, and whom to call."""
    is_youth = party.party == Party.YOUTH
    todo = _("Je hoeft niet meer te tekenen.") if is_youth else _("U hoeft niet meer te tekenen.")
    if has_signed:
        todo = _("Je handtekening telt niet meer.") if is_youth else _("Uw handtekening telt niet meer.")
    call = _("Vragen? %(contact)s.") % {"contact": contact_words(guide)} if guide else ""
    return " ".join(filter(None, (f"{subject}.", todo, call, _("Groet, Top Job"))))


def _withdrawn_subject(party: PlanParty) -> str:
    name, is_youth = _who(party), party.party == Party.YOUTH
    if party.paper is not None:
        words = {"kind": party.paper.get_kind_display(), "name": name}
        return _("%(kind)s: ingetrokken") % words if is_youth else _("%(kind)s van %(name)s: ingetrokken") % words
    if promised(party.plan).is_amendment:
        text = _("De wijziging van je startplan gaat niet door")
        return text if is_youth else _("De wijziging van het startplan van %(name)s gaat niet door") % {"name": name}
    text = _("Je startplan gaat niet door")
    return text if is_youth else _("Het startplan van %(name)s gaat niet door") % {"name": name}


def _my_case(party: PlanParty) -> str:
    """The youth's own page, for whoever can log in."""
    has_login = party.party == Party.YOUTH and party.signable.trajectory.candidate.user_id is not None
    return mail.absolute(reverse("trajectories:my_case")) if has_login else ""


def contact_words(guide: User | None) -> str:
    """Whom to call or mail, with what is known; nobody without a guide."""
    phone = guide.phone.as_national if guide and guide.phone else ""
    return ", ".join(filter(None, (str(guide.name), phone, guide.email))) if guide else ""
