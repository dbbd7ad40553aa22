"""Who somebody is here: the address that was shown to be theirs (DECISIONS 27).

`User.email` and `User.email_verified_at` are the one source. PostgreSQL keeps allauth's own table (`EmailAddress`) equal to them,
and takes the proof away from an address that changes without one (`sql/topjob_user_before.sql`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.signals import password_reset
from django.core import signing
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import record
from accounts.models import AddressChange, User
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.rehearsing import secret

SALT = "accounts.address"
VALID_FOR = timedelta(days=3)
OLD, NEW = "old", "new"


@dataclass(frozen=True)
class Link:
    """What a mailed link says: which change, and which of the two mailboxes got it."""

    change: AddressChange
    side: str


def token(change: AddressChange, side: str) -> str:
    """What goes into the link to one of the two mailboxes."""
    return secret(lambda: signing.dumps([change.pk, side], salt=SALT))


def link_for(text: str) -> Link | None:
    """What is behind a mailed link; None when it is made up, too old, done or replaced by a later wish."""
    try:
        pk, side = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    change = AddressChange.objects.select_related("user").filter(pk=pk, ended_at=None, user__is_active=True).first()
    return Link(change, side) if change and change.user.email == change.old_email else None


@transaction.atomic
def ask_new_address(user: User, new: str) -> AddressChange:
    """Somebody wants another address: both mailboxes are asked. A later wish replaces an earlier one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    now = clock.now()
    AddressChange.objects.filter(user=user, ended_at=None).update(ended_at=now)
    change = AddressChange.objects.create(user=user, old_email=user.email, new_email=new.lower(), asked_at=now)
    record(verbs.EMAIL_CHANGE_ASKED, user, by=user, change=change.pk)
    for side in (OLD, NEW):
        outbox.enqueue("accounts.confirm_address", key=f"address-{change.pk}-{side}", change=change.pk, side=side)
    return change


@transaction.atomic
def agree(link: Link) -> AddressChange:
    """One of the two mailboxes agrees; when both have, the address is the new one."""
    user = User.objects.select_for_update().get(pk=link.change.user_id)
    change = AddressChange.objects.select_for_update().get(pk=link.change.pk)
    if change.ended_at or user.email != change.old_email:
        raise Refused(_("Deze wijziging is al klaar of vervangen door een andere."))
    setattr(change, f"{link.side}_agreed_at", clock.now())
    if change.is_agreed:
        _change(user, change)
    change.save()
    return change


def _change(user: User, change: AddressChange) -> None:
    if User.objects.filter(email__iexact=change.new_email).exclude(pk=user.pk).exists():
        raise Refused(_("Dit e-mailadres hoort al bij een ander account. Kies een ander adres."))
    change.ended_at = clock.now()
    user.email, user.email_verified_at = change.new_email, clock.now()
    user.save(update_fields=["email", "email_verified_at"])
    record(verbs.EMAIL_CHANGED, user, by=user, change=change.pk)
    _tell_old_address(change)


def changed_by_beheer(user: User, old: str) -> None:
    """The beheerder gave somebody another address: the mailbox that opened the account until now hears that it is over."""
    now = clock.now()
    AddressChange.objects.filter(user=user, ended_at=None).update(ended_at=now)
    facts = {"old_email": old, "new_email": user.email, "asked_at": now, "ended_at": now}
    _tell_old_address(AddressChange.objects.create(user=user, **facts))


def _tell_old_address(change: AddressChange) -> None:
    outbox.enqueue("accounts.address_changed", key=f"address-changed-{change.pk}", change=change.pk)


def may_be_trusted_with_access(user: User) -> bool:
    """Whether what is given to this address reaches who holds the mailbox: it was shown to be theirs, or nobody got in yet."""
    nobody_got_in = not user.has_usable_password() and user.last_login is None
    return user.email_verified_at is not None or nobody_got_in


@receiver(password_reset)
def mailbox_was_read(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever chose a password through a mailed link reads that mailbox."""
    if User.objects.filter(pk=user.pk, email_verified_at=None).update(email_verified_at=clock.now()):
        record(verbs.EMAIL_CONFIRMED, user, by=user)
