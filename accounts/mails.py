"""Mails about accounts, sent by the outbox.

Staff are "je" and employers "u": what anybody with an account may get says neither.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import identity
from accounts.models import Absence, AddressChange, User
from topjob import certificates, clock, mail, outbox
from topjob.models import SealCertificate
from topjob.rehearsing import secret


def password_link(user: User) -> str:
    """A personal link to choose a password."""
    parts = {"uidb36": user_pk_to_url_str(user), "key": secret(lambda: default_token_generator.make_token(user))}
    return mail.absolute(reverse("account_reset_password_from_key", kwargs=parts))


@outbox.handler("accounts.invitation", label=_lazy("Uitnodiging om in te loggen mailen"), leaves=True)
def send_invitation(user: int) -> None:
    """Invite somebody to choose a password; whoever was shut out meanwhile gets nothing."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None:
        return
    context = {
        "name": person.name,
        "link": password_link(person),
        "login_link": mail.absolute(settings.LOGIN_URL),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    mail.send(person.email, _("Een account bij Top Job"), "invitation", context)


@outbox.handler("accounts.password_reset", label=_lazy("Mailen hoe je een nieuw wachtwoord kiest"), leaves=True)
def send_password_reset(user: int) -> None:
    """Mail a link to choose a new password to whoever asked for it."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None:
        return
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    context = {"name": person.name, "link": password_link(person), "days": days}
    mail.send(person.email, _("Nieuw wachtwoord kiezen"), "password_reset", context)


@outbox.handler("accounts.confirm_address", label=_lazy("Vragen of een e-mailadres klopt"), leaves=True)
def send_confirm_address(change: int, side: str) -> None:
    """Ask one of the two mailboxes whether the address may change; what was replaced meanwhile isn't asked."""
    row = AddressChange.objects.select_related("user").filter(pk=change, ended_at=None).first()
    if row is None:
        return
    link = mail.absolute(reverse("accounts:confirm_address", args=[identity.token(row, side)]))
    context = {"name": "", "old": row.old_email, "new": row.new_email, "link": link, "days": identity.VALID_FOR.days}
    to = row.old_email if side == identity.OLD else row.new_email
    mail.send(to, _("Klopt dit nieuwe e-mailadres?"), "address_confirm", context)


@outbox.handler("accounts.address_changed", label=_lazy("Het oude adres laten weten dat het gewijzigd is"), leaves=True)
def send_address_changed(change: int) -> None:
    """Tell the mailbox that opened the account until now."""
    row = AddressChange.objects.get(pk=change)
    mail.send(row.old_email, _("Het e-mailadres bij Top Job is gewijzigd"), "address_changed", {"name": ""})


@outbox.handler("accounts.login_bound", label=_lazy("Mailen dat er een manier van inloggen bij kwam"), leaves=True)
def send_login_bound(user: int) -> None:
    """Tell somebody that their account can be opened with the organisation's own login from now on."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is not None:
        context = {"name": person.name, "provider": settings.OIDC_NAME}
        mail.send(person.email, _("Nieuwe manier van inloggen bij Top Job"), "login_bound", context)


@outbox.handler("accounts.login_unbound", label=_lazy("Mailen dat het organisatie-account is losgemaakt"), leaves=True)
def send_login_unbound(user: int) -> None:
    """Tell somebody that they are logged out, and what happens at the next login; whoever was shut out gets nothing."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is not None:
        context = {"name": person.name, "provider": settings.OIDC_NAME, "link": mail.absolute(settings.LOGIN_URL)}
        mail.send(person.email, _("Je organisatie-account is losgemaakt van Top Job"), "login_unbound", context)


@outbox.handler("accounts.second_removed", label=_lazy("Mailen dat de tweede stap is weggehaald"), leaves=True)
def send_second_removed(user: int) -> None:
    """Tell somebody that their account can be opened with a password alone until they set up a second step."""
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is not None:
        context = {"name": person.name, "link": mail.absolute(settings.LOGIN_URL)}
        mail.send(person.email, _("Stel inloggen in twee stappen opnieuw in"), "second_removed", context)


@outbox.handler("mail_seal_ends", label=_lazy("Mailen dat het zegel afloopt"), leaves=True)
def mail_seal_ends(certificate: int, user: int) -> None:
    """Tell a beheerder that the certificate of the seal ends, unless it has been replaced meanwhile."""
    row = SealCertificate.objects.get(pk=certificate)
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None or row != certificates.current():
        return
    context = {"name": person.name, "certificate": row, "link": mail.absolute(reverse("accounts:manage"))}
    mail.send(person.email, _("Het zegel onder de documenten loopt af"), "seal_ends", context)


@outbox.handler("accounts.cover", label=_lazy("Mailen dat iemand waarneemt"), leaves=True)
def mail_cover(absence: int) -> None:
    """Tell whoever covers for a colleague; what was taken back or is over needs no mail."""
    row = (
        Absence.objects.select_related("person", "cover", "region")
        .filter(pk=absence, ends_on__gte=clock.today())
        .first()
    )
    if row is None or not row.cover.is_active:
        return
    context = {"name": row.cover.name, "absence": row, "link": mail.absolute("/")}
    mail.send(row.cover.email, _("Je neemt waar voor %(name)s") % {"name": row.person.name}, "cover", context)
