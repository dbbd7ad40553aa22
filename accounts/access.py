"""Who may open which page. One gate: every view declares a rule, and the middleware asks it.

Foreign looks like nonexistent: whoever may not open a page gets 404; whoever isn't logged in goes to the login page.
Rows are a second question, answered by each queryset's `visible_to(user)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve

from accounts import proving, resuming, second, sessions
from accounts.models.roles import CASE_ROLES, STAFF_ROLES, Role
from topjob.going_back import goes_back
from topjob.once import answered_once

View = Callable[..., HttpResponseBase]
# What a view declares that shows no person's data.
NOBODY = "niemand"


@dataclass(frozen=True)
class Rule:
    """A named answer to "may this person open this page?"."""

    name: str
    allows: Callable[[HttpRequest], bool]
    needs_login: bool = True


def roles(*allowed: str) -> Rule:
    """People holding one of these roles."""
    return Rule(f"rollen: {', '.join(sorted(allowed))}", lambda request: request.user.has_role(*allowed))


PUBLIC = Rule("openbaar", lambda request: True, needs_login=False)
LOGGED_IN = Rule("ingelogd", lambda request: True)
STAFF = roles(*STAFF_ROLES)
CASE_WORKERS = roles(*CASE_ROLES)
BEHEERDER = roles(Role.BEHEERDER)
EMPLOYER_PORTAL = roles(Role.WERKGEVER)
CANDIDATE_PORTAL = roles(Role.KANDIDAAT)
CLIENT_PORTAL = roles(Role.OPDRACHTGEVER)
DEMO_ONLY = Rule("alleen in de demo", lambda request: settings.TOPJOB_MODE != "production", needs_login=False)

# Views of libraries, by the module they come from.
LIBRARY_RULES = {
    "allauth": PUBLIC,
    "django.contrib.staticfiles": PUBLIC,
    "django.views.static": PUBLIC,
    "django.views.generic.base": PUBLIC,
}


# Whoever opens these pages showed a short while ago that it is them: password, code or passkey.
STEP_UP = "step_up"  # as often as the setting says
ALWAYS = "always"  # whatever the setting says


def access(rule: Rule, *, shows: str, step_up: str | proving.Asks = "") -> Callable[[View], View]:
    """Declare who may open this view, and whose data it shows: a kind of page, or `NOBODY` (decision 28).

    With `step_up`, for all rows or for those it says, they show anew who they are. What is sent to it is done once, and leads
    back to where its page was opened from (`topjob.going_back`).
    """

    def declare(view: View) -> View:
        page = answered_once(goes_back(view))
        page.access_rule = rule  # type: ignore[attr-defined]
        page.shows = shows  # type: ignore[attr-defined]
        page.step_up = step_up  # type: ignore[attr-defined]
        return page

    return declare


def rule_of(view: View) -> Rule | None:
    """The rule declared on a view, or the one for the library it comes from."""
    declared = getattr(view, "access_rule", None)
    if declared is not None:
        return declared
    module = getattr(view, "__module__", "")
    owner = getattr(view, "view_class", None) or getattr(view, "model_admin", None)
    modules = [module, getattr(owner, "__module__", "")]
    for prefix, rule in LIBRARY_RULES.items():
        if any(name == prefix or name.startswith(prefix + ".") for name in modules):
            return rule
    return None


def opens_for(user: Any, path: str) -> bool:
    """Whether the rule of a page of ours lets this person in; which rows they find there is a second question."""
    rule = rule_of(resolve(path).func)
    return rule is not None and rule.allows(SimpleNamespace(user=user))  # type: ignore[arg-type]


class GateMiddleware:
    """Asks the view's rule before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple, kwargs: dict) -> HttpResponse | None:
        rule = rule_of(view)
        if rule is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no access rule")
        sessions.end_if_over(request)
        second.end_if_over(request)
        if not rule.needs_login:
            if not rule.allows(request):
                raise Http404
            return None
        if not request.user.is_authenticated:
            if request.path == "/" and settings.TOPJOB_MODE == "demo":
                return redirect("demo:home")  # a stranger here looks round; whoever works here logs in
            page = resuming.page_of(request)
            resuming.keep(request, page)
            return redirect_to_login(page)
        if not rule.allows(request):
            raise Http404
        if second.is_missing(request):
            return second.to_switching_on(request)
        if not proving.is_recent(request, getattr(view, "step_up", ""), kwargs):
            return proving.ask(request)
        request.is_let_in = True  # type: ignore[attr-defined]
        return None
