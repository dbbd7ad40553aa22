"""Who lost telephone, keys and recovery codes: somebody who knows them takes the second step away, and they set it up anew."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import oidc, second
from accounts.audit import Actor, actor, record
from accounts.models import User
from topjob import outbox
from topjob.errors import Reason, Refused


def may_remove_second(user: User, *, by: User | Actor) -> Reason | None:
    """Nobody gets round their own second step; and there must be one."""
    if actor(by).user == user:
        return Reason(_("Je eigen tweede stap kan alleen een andere beheerder weghalen."))
    if not second.is_on(user):
        return Reason(_("%(name)s heeft geen tweede stap aanstaan.") % {"name": user.name})
    return None


@transaction.atomic
def remove_second(user: User, *, reason: str, by: User | Actor) -> None:
    """Take away app, passkeys and recovery codes, end every session and tell the person; raises Refused.

    Where a second step is required, the next login sets it up anew before anything else (`second.is_missing`).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if refusal := may_remove_second(locked, by=by):
        raise Refused(refusal, title=_("Tweede stap weghalen"))
    Authenticator.objects.filter(user=locked).delete()
    locked.end_sessions()
    entry = record("tweede stap weggehaald door beheer", locked, by=by, reason=reason)
    outbox.enqueue("accounts.second_removed", key=f"second-removed-{entry.pk}", user=locked.pk)


@transaction.atomic
def unbind(user: User, *, by: User) -> None:
    """Take the binding with the organisation's own login away, and end every session; raises Refused when there is none."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not oidc.unbind(locked):
        raise Refused(_("Dit account is niet gekoppeld."))
    locked.end_sessions()
    record("organisatie-account losgemaakt", locked, by=by)
