"""What the beheerder takes away of how somebody logs in, for a reason: the second step, and the organisation's own login.

Who lost telephone, keys and recovery codes sets the second step up anew; who was bound to the wrong account is bound anew.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import oidc, second, verbs
from accounts.audit import By, actor, record
from accounts.models import User
from topjob import outbox
from topjob.errors import Reason, Refused


def may_remove_second(user: User, *, by: By) -> Reason | None:
    """Nobody gets round their own second step; and there must be one."""
    if actor(by).user == user:
        return Reason(_("Je eigen tweede stap kan alleen een andere beheerder weghalen."))
    if not second.is_on(user):
        return Reason(_("%(name)s heeft geen tweede stap aanstaan.") % {"name": user.name})
    return None


@transaction.atomic
def remove_second(user: User, *, reason: str, by: By) -> None:
    """Take away app, passkeys and recovery codes, end every session and tell the person; raises Refused.

    Where a second step is required, the next login sets it up anew before anything else (`second.is_missing`).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if refusal := may_remove_second(locked, by=by):
        raise Refused(refusal, title=_("Tweede stap weghalen"))
    Authenticator.objects.filter(user=locked).delete()
    locked.end_sessions()
    entry = record(verbs.SECOND_STEP_REMOVED_BY_BEHEER, locked, by=by, reason=reason)
    outbox.enqueue("accounts.second_removed", key=f"second-removed-{entry.pk}", user=locked.pk)


def may_unbind(user: User) -> Reason | None:
    """There must be a binding; one's own may go too, for there may be no other beheerder and it lets nobody in."""
    if not oidc.is_bound(user):
        return Reason(_("Dit account is niet gekoppeld aan een organisatie-account."))
    return None


@transaction.atomic
def unbind(user: User, *, reason: str, by: By) -> None:
    """Take the binding with the organisation's own login away, end every session and tell the person; raises Refused.

    Whoever was shut out can be unbound as well: until then nobody else's account here opens with that login. They get no mail,
    for there is nothing that they can do (`mails.send_login_unbound`).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if refusal := may_unbind(locked):
        raise Refused(refusal, title=_("Losmaken van het organisatie-account"))
    oidc.unbind(locked)
    locked.end_sessions()
    entry = record(verbs.LOGIN_UNBOUND, locked, by=by, reason=reason)
    outbox.enqueue("accounts.login_unbound", key=f"login-unbound-{entry.pk}", user=locked.pk)
