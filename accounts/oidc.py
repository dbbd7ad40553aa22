"""Logging in with an organisation's own account (OpenID Connect, by allauth), where the settings name its provider.

Staff only, and only who has an account here already: what the provider says opens the account whose verified address it
vouches for, once; from then on the account is bound to who that was there (`sub`), whatever address they get later. Nobody
gets an account by it, and nobody's address is taken over (DECISIONS 27).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Any

import jwt
import requests
import structlog
from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import second, verbs
from accounts.audit import record
from accounts.models import User
from topjob import limits, mail, outbox

log = structlog.get_logger()

# Only what needs a key that nobody but the provider has.
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ALSO_SECRET = "userinfo_endpoint"  # gets our token, where there is one
# How much the clocks of the provider and of this machine may differ, in seconds.
SLACK = 60
# Each time we call the provider several times; a whole office comes from one address.
MOST_PER_HOUR = 600
# What the library keeps of who somebody is there; the protocol lets a provider use more.
LONGEST_UID = 191
# What goes wrong when the provider is away, or says something that is no answer.
BROKEN = (
    ArithmeticError,
    AttributeError,
    DataError,
    KeyError,
    OAuth2Error,
    RecursionError,
    TypeError,
    ValueError,
    jwt.PyJWTError,
    requests.RequestException,
)


class Stranger(Exception):
    """Who came from the provider isn't let in; says why, for the log."""


def is_on() -> bool:
    """Whether logging in this way is offered."""
    return bool(settings.OIDC_ISSUER)


class Provider(OpenIDConnectProvider):
    """The one provider of the settings."""

    def get_oauth2_adapter(self, request: HttpRequest) -> OpenIDConnectOAuth2Adapter:
        return Protocol(request)

    def extract_uid(self, data: dict) -> str:
        uid = super().extract_uid(data)
        return uid if len(uid) <= LONGEST_UID else f"sha256:{hashlib.sha256(uid.encode()).hexdigest()}"

    def extract_extra_data(self, data: dict) -> dict:
        return {}  # who somebody is there is enough; their name and the rest stay there

    def extract_email_addresses(self, data: dict) -> list:
        return []  # the address is looked at in `bind`, and nowhere else


def the_provider(request: HttpRequest) -> Provider:
    """The provider; people are told apart by its address as well, so that another one starts anew."""
    how = {"server_url": settings.OIDC_ISSUER.rstrip("/"), "oauth_pkce_enabled": True, "scope": ["openid", "email"]}
    names = {"name": settings.OIDC_NAME, "client_id": settings.OIDC_CLIENT_ID, "secret": settings.OIDC_CLIENT_SECRET}
    app = SocialApp(provider="openid_connect", provider_id=settings.OIDC_ISSUER, settings=how, **names)
    return Provider(request, app=app)


class Protocol(OpenIDConnectOAuth2Adapter):
    """allauth's OpenID Connect, stricter: the token's signature, issuer and number used once are always looked at."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, settings.OIDC_ISSUER)

    def get_provider(self) -> Provider:
        return the_provider(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return mail.absolute(reverse("accounts:oidc_back"))

    @property
    def openid_config(self) -> dict:
        config = super().openid_config
        if config["issuer"] != settings.OIDC_ISSUER:
            raise OAuth2Error("another issuer answers at this address")
        asked = [config[name] for name in ENDPOINTS] + [config[ALSO_SECRET]] * (ALSO_SECRET in config)
        plain = [address for address in asked if not address.startswith("https://")]
        if plain and settings.OIDC_ISSUER.startswith("https://"):
            raise OAuth2Error("an address of the provider isn't https")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        claims = self._claims(app, kwargs["response"]["id_token"])
        if "email" not in claims:
            said = self._fetch_user_info(token.token)
            if said["sub"] == claims["sub"]:
                claims |= {name: said.get(name) for name in ("email", "email_verified")}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.claims = claims
        return login

    def _claims(self, app: SocialApp, id_token: str) -> dict:
        header = jwt.get_unverified_header(id_token)
        if header["alg"] not in ALGORITHMS:
            raise OAuth2Error("not signed with a key of the provider's own")
        asked = {"issuer": settings.OIDC_ISSUER, "audience": app.client_id, "leeway": SLACK}
        needed: Any = {"require": ["iss", "sub", "aud", "exp", "iat"]}
        claims = jwt.decode(id_token, self._key(header), algorithms=[header["alg"]], options=needed, **asked)
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("made for another client")
        return claims

    def _key(self, header: dict) -> Any:
        """The key that the token names; it may leave that out when the provider has only one."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.public_key_use in (None, "sig")]
        found = [key for key in keys if "kid" not in header or key.key_id == header["kid"]]
        if len(found) != 1:
            raise OAuth2Error("the provider has no such key")
        return found[0].key


def begin(request: HttpRequest, *, anew: bool = False) -> HttpResponse:
    """To the provider; with `anew` somebody shows there who they are even when they are still logged in there."""
    if limits.too_many(request, "oidc", per_hour=MOST_PER_HOUR):
        return render(request, "429.html", status=429)
    asked = {"nonce": secrets.token_urlsafe(24)}
    extra = {"prompt": "login", "max_age": "0"} if anew else {}
    kept = {**asked, "anew_since": int(time.time()) if anew else 0}
    where = get_next_redirect_url(request)
    try:
        return the_provider(request).redirect(request, "login", next_url=where, auth_params=asked | extra, **kept)
    except BROKEN as error:
        return away(request, error)


def finish(request: HttpRequest) -> HttpResponse:
    """Back from the provider: lets in whom it vouches for, or says plainly that it didn't."""
    if limits.too_many(request, "oidc", per_hour=MOST_PER_HOUR):
        return render(request, "429.html", status=429)
    try:
        return OAuth2CallbackView.adapter_view(Protocol(request))(request)
    except BROKEN as error:
        return away(request, error)


class Adapter(DefaultSocialAccountAdapter):
    """What allauth asks us on the way."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        return the_provider(request)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """From here the login is ours: allauth's next steps would make accounts and keep what it was told."""
        try:
            recognise(sociallogin)
        except Stranger as stranger:
            raise ImmediateHttpResponse(refused(request, str(stranger))) from stranger
        raise ImmediateHttpResponse(come_in(request, sociallogin))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        broken = exception is not None and not isinstance(exception, PermissionDenied)
        raise ImmediateHttpResponse(away(request, exception) if broken else refused(request, "not this browser's"))


def recognise(login: SocialLogin) -> None:
    """Find whose account this opens, and bind it on first sight; raises Stranger for whoever has none."""
    claims, state = login.claims, login.state
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), state["nonce"].encode()):
        raise Stranger("made for another login")
    if state["anew_since"] and shown_at(claims) < state["anew_since"] - SLACK:
        raise Stranger("did not show anew who they are")
    if not login.is_existing:
        login.account = bind(claims, login.account.uid)
        login.user = login.account.user
    if not may_come_in(login.user):
        raise Stranger("no active member of staff")


def come_in(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Log in as with a password: a second step where one is asked, and the session's time begins.

    Who shows anew who they are keeps the session, with what was typed; somebody else's ends.
    """
    if request.user.is_authenticated and request.user != login.user:
        account_adapter(request).logout(request)
    record_authentication(request, login.user, "socialaccount", at=min(shown_at(login.claims), time.time()))
    there, has_second = login.get_redirect_url(request), shows_second(login.claims)
    if (
        request.user == login.user
    ):  # no second step: they are in, and the page for it would lead away from what they did
        if has_second:
            request.session[second.KEY] = True
        return redirect(there or "/")
    return perform_login(request, Login(user=login.user, redirect_url=there, state={second.BY_PROVIDER: has_second}))


def shown_at(claims: dict[str, Any]) -> int:
    """When they last showed there who they are; long ago when it isn't said.

    The provider lets a browser in that was left open, so coming from there says nothing about now (`proving`).
    """
    return int(claims.get("auth_time") or 0)


def may_come_in(user: User) -> bool:
    """Staff who weren't shut out; candidates, employers and opdrachtgevers log in here and nowhere else."""
    return user.is_active and user.is_staff_member


@transaction.atomic
def bind(claims: dict[str, Any], uid: str) -> SocialAccount:
    """Bind the account with this verified address to who it is at the provider; raises Stranger when there is none.

    Both must be sure of the address: the provider (`email_verified`), and we, who saw that the mailbox is theirs. An account
    that is bound stays bound: somebody else who gets that address at the provider isn't the same person.
    """
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        raise Stranger("the provider does not vouch for the address")
    if not email.isascii():  # other letters may become the same when made small
        raise Stranger("an address in other letters")
    user = User.objects.select_for_update().filter(email=email.lower(), is_active=True).first()
    if user is None or user.email_verified_at is None or not may_come_in(user):
        raise Stranger("no member of staff with this verified address")
    if SocialAccount.objects.filter(user=user, provider=settings.OIDC_ISSUER).exists():
        raise Stranger("bound to somebody else at the provider")
    account = SocialAccount.objects.create(user=user, provider=settings.OIDC_ISSUER, uid=uid)
    record(verbs.LOGIN_BOUND, user, by=user)
    outbox.enqueue("accounts.login_bound", key=f"login-bound-{account.pk}", user=user.pk)
    return account


def shows_second(claims: dict[str, Any]) -> bool:
    """Whether the provider says that it asked for a second factor, in words that the setting trusts."""
    amr = claims.get("amr")
    said = {str(claims.get("acr", "")), *map(str, amr if isinstance(amr, list) else [])}
    return bool(said & set(settings.OIDC_SECOND_FACTOR))


def refused(request: HttpRequest, why: str) -> HttpResponse:
    """The one page for whoever isn't let in: it tells nobody who has an account."""
    log.warning("provider_login_refused", why=why)
    return _failed(request, {"title": _("Inloggen is niet gelukt"), "is_away": False}, status=403)


def away(request: HttpRequest, error: Exception | None) -> HttpResponse:
    """The page for when the provider gives no answer that is one."""
    log.error("provider_login_broken", error=type(error).__name__, said=str(error).partition(":")[0][:100])
    return _failed(request, {"title": _("Inloggen lukt nu niet"), "is_away": True}, status=503)


def _failed(request: HttpRequest, what: dict[str, Any], *, status: int) -> HttpResponse:
    return render(request, "account/provider_failed.html", what | {"name": settings.OIDC_NAME}, status=status)


def is_bound(user: User) -> bool:
    """Whether this account is tied to a person at the provider."""
    return SocialAccount.objects.filter(user=user).exists()


def unbind(user: User) -> None:
    """Take the binding away; the next login by the provider binds anew."""
    SocialAccount.objects.filter(user=user).delete()
