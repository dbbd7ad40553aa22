"""The second factor: a code from an app, a passkey (`passkeys`) or a recovery code, asked of all staff from a day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.models import Login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp import forms as totp
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import resuming, throttle, verbs
from accounts.audit import record
from accounts.models import User
from topjob import clock, saying
from topjob.keys import fernet_key

T = TypeVar("T")
# In the session, so that it isn't looked up for every page.
KEY = "second_factor"
# In a login that is under way: the provider of `oidc` asked for a second factor already.
BY_PROVIDER = "second_factor_by_provider"
# In a login that waits for the second step: what a session that had begun then would have to match.
BEGAN_AS = "began_as"
FIRST = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# The demo's one login that shows it.
DEMO_LOGIN = "tweestappen@demo.example"


class EncryptingAdapter(DefaultMFAAdapter):
    """What a code is made from is kept encrypted, with the keys of personal numbers; and what is wrong is said in our words."""

    error_messages = DefaultMFAAdapter.error_messages | saying.SECOND_STEP

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return ""  # only the person knows what it is on

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def _box() -> MultiFernet:
    return MultiFernet([Fernet(fernet_key("second-factor", key)) for key in settings.SALT_KEY])


def is_required(user: User) -> bool:
    """Whether this person can't work without a second factor: staff, from the day in the setting."""
    if settings.TOPJOB_MODE != "production" and user.email == DEMO_LOGIN:
        return True
    starts: date | None = settings.SECOND_FACTOR_FROM
    return starts is not None and clock.today() >= starts and user.is_staff_member


def is_on(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FIRST).exists()


def is_missing(request: HttpRequest) -> bool:
    """Whether this person must switch it on before anything else."""
    if KEY not in request.session and is_required(request.user) and is_on(request.user):
        request.session[KEY] = True
    return KEY not in request.session and is_required(request.user)


def to_switching_on(request: HttpRequest) -> HttpResponse:
    """To the page where it is switched on, which says why."""
    messages.warning(request, _("Zet eerst inloggen in twee stappen aan. Daarna kun je verder."))
    return redirect("mfa_index")


class SecondStep(AuthenticateStage):
    """The second step of logging in, unless the organisation's own login asked for it, in words that the setting trusts."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.state.get(BY_PROVIDER):
            self.request.session[KEY] = True
            return None, True
        self.login.state[BEGAN_AS] = self.login.user.get_session_auth_hash()
        return super().handle()

    def exit(self) -> HttpResponse:
        """Asked again of the row that the session is made of: what was changed since the gate asked counts too."""
        return super().exit() if _would_last(self.login) else self.abort()


def end_if_over(request: HttpRequest) -> None:
    """A login that waits for the second step ends with the sessions of that person (`User.end_sessions`, a new password).

    And when somebody opens the login page: the library would lead them on to the second step of whoever stopped there on this
    browser, which may be the computer at the counter.
    """
    login = unstash_login(request, peek=True)
    if login is not None and (_begins_anew(request) or not _would_last(login)):
        clear_login(request)


def _begins_anew(request: HttpRequest) -> bool:
    """A script that is led to the login page, because a session ended, begins nothing."""
    return request.path == settings.LOGIN_URL and resuming.is_by_hand(request)


def _would_last(login: Login) -> bool:
    began_as = login.state.get(BEGAN_AS, "")
    return login.user is not None and constant_time_compare(began_as, login.user.get_session_auth_hash())


@receiver([authenticator_added, authenticator_removed])
def look_anew(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session.pop(KEY, None)


@receiver(authenticator_added)
def note_added(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in FIRST:
        record(verbs.SECOND_STEP_ADDED, user, by=user, kind=authenticator.type)


@receiver(authenticator_removed)
def note_removed(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in FIRST:
        record(verbs.SECOND_STEP_REMOVED, user, by=user, kind=authenticator.type)


def counted(user: User, look: Callable[[], T]) -> T:
    """A code or key is counted before it is looked at, as a password is; the right one makes up for it."""
    request, account = context.request, user.email
    try:
        throttle.take(request, throttle.CODE, account)
        try:
            found = look()
        except ValidationError:
            throttle.failed(request, throttle.CODE, account)
            raise
    except throttle.Paused as paused:
        raise ImmediateHttpResponse(paused.page(request)) from paused
    throttle.succeeded(request, throttle.CODE, account)
    return found


def has_app(user: User) -> bool:
    """Whether this person's codes come from an app; otherwise only a recovery code can be typed."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


class _Counted:
    def has_app(self) -> bool:
        return has_app(self.user)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return counted(self.user, super().clean_code)  # type: ignore[attr-defined, misc]


class ActivateForm(totp.ActivateTOTPForm):
    """Switching on the app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code uit de app")


class AuthenticateForm(_Counted, allauth.AuthenticateForm):
    """The second step of logging in."""


class ReauthenticateForm(_Counted, allauth.ReauthenticateForm):
    """Showing anew who one is."""
