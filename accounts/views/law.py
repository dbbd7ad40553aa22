"""The rules of today: what holds now, what held before, what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import BEHEERDER, NOBODY, STEP_UP, access
from accounts.forms import LawSettingForm
from accounts.models import LawSetting
from accounts.rules import VOLUNTEER_KEYS
from accounts.views import crumbs
from topjob import clock


@dataclass(frozen=True)
class RuleOverview:
    """One rule with its values, newest first."""

    key: str
    label: str
    rows: list[LawSetting]
    today: date

    @property
    def current(self) -> LawSetting | None:
        """What holds now for everybody without a value of their own."""
        return next((row for row in self.rows if row.client_id is None and row.valid_from <= self.today), None)

    @property
    def overrides(self) -> list[LawSetting]:
        """What holds now per opdrachtgever."""
        newest: dict[int, LawSetting] = {}
        for row in self.rows:
            if row.client_id is not None and row.valid_from <= self.today:
                newest.setdefault(row.client_id, row)
        return list(newest.values())

    @property
    def coming(self) -> list[LawSetting]:
        return [row for row in self.rows if row.valid_from > self.today]

    @property
    def shown(self) -> list[tuple[LawSetting, str]]:
        """The rows that matter now: for everybody, per opdrachtgever, and what comes."""
        holding = [row for row in [self.current, *self.overrides] if row]
        return [*((row, "now") for row in holding), *((row, "coming") for row in self.coming)]

    @property
    def past(self) -> list[LawSetting]:
        """What held before and was followed by another value."""
        holding = {row.pk for row in [self.current, *self.overrides] if row}
        return [row for row in self.rows if row.valid_from <= self.today and row.pk not in holding]


Key = LawSetting.Key
GROUPS = (
    (
        gettext_lazy("Proefperiode en proefplaatsing"),
        (
            Key.TRIAL_MONTHS,
            Key.PERMISSION_MONTHS,
            Key.PERMISSION_MAX_MONTHS,
            Key.PERMISSION_MODE,
            Key.PERMISSION_WARN_DAYS,
            Key.EXTENSION_NEEDS_PERMISSION,
            Key.DECISION_WEEKS,
            Key.INTENTION_MONTHS,
        ),
    ),
    (
        gettext_lazy("Contract, opleiding en nazorg"),
        (
            Key.CONTRACT_MIN_MONTHS,
            Key.CONTRACT_MAX_MONTHS,
            Key.NOTICE_MONTHS,
            Key.NOTICE_FROM_MONTHS,
            Key.PROBATION_MAX,
            Key.PROBATION_SHORT,
            Key.PROBATION_FROM,
            Key.AFTERCARE_MONTHS,
            Key.COACH_LIGHT,
            Key.COACH_MIDDLE,
            Key.BBL_PRACTICE_HOURS,
            Key.BBL_GUIDED_HOURS,
        ),
    ),
    (gettext_lazy("Werken onder de 18 jaar"), (Key.WORK_FROM_AGE, Key.HOURS_UNDER_16, Key.HOURS_UNDER_18)),
    (gettext_lazy("Vrijwilligerswerk"), VOLUNTEER_KEYS),
    (
        gettext_lazy("Tekenen"),
        (
            Key.LINK_DAYS,
            Key.LINK_PAUSE,
            Key.REMIND_FIRST,
            Key.REMIND_SECOND,
            Key.CODE_MINUTES,
            Key.CODE_ATTEMPTS,
            Key.CODE_PAUSE,
            Key.CODES_PER_DAY,
        ),
    ),
    (
        gettext_lazy("Termijnen"),
        (
            Key.START_NEAR_DAYS,
            Key.PLAN_ANSWER_DAYS,
            Key.EVALUATION_INVITE_DAYS,
            Key.WAGE_VALUE_DAYS,
            Key.VIEWS_DAYS,
            Key.COACHING_DAYS,
            Key.QUALIFICATION_DAYS,
            Key.AGREEMENT_END_DAYS,
            Key.PRACTICE_DAYS,
            Key.WAGE_RISE_DAYS,
            Key.CLOSING_DAYS,
            Key.ESCALATE_DAYS,
        ),
    ),
    (
        gettext_lazy("Gegevens van mensen"),
        (Key.RETENTION_MONTHS, Key.RETENTION_REGISTRATION, Key.BSN_ALLOWED),
    ),
)
OTHER_GROUP = gettext_lazy("Loon, subsidie en quotum")


def overview_by_group(today: date) -> list[tuple[str, list[RuleOverview]]]:
    """The rules in the groups people look for them in; a rule without a group comes last."""
    rules = {rule.key: rule for rule in overview(today)}
    groups = [(str(label), [rules.pop(key) for key in keys]) for label, keys in GROUPS]
    return [*groups, (str(OTHER_GROUP), list(rules.values()))]


def overview(today: date) -> list[RuleOverview]:
    """All rules in the order of the list of keys, read in one query."""
    rows: dict[str, list[LawSetting]] = {}
    for row in LawSetting.objects.select_related("client").order_by("-valid_from", "client__name"):
        rows.setdefault(row.key, []).append(row)
    return [RuleOverview(key, str(label), rows.get(key, []), today) for key, label in LawSetting.Key.choices]


@access(BEHEERDER, shows=NOBODY)
@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """Every rule with the value that holds today."""
    context = {"groups": overview_by_group(clock.today()), "crumbs": crumbs((_("Regels van vandaag"), ""))}
    return render(request, "accounts/law.html", context)


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def add_law_value(request: HttpRequest) -> HttpResponse:
    """A rule changes: a new value from a day on."""
    asked = request.GET.get("key", "")
    initial = {"key": asked if asked in LawSetting.Key.values else None, "certainty": LawSetting.Certainty.VERIFIED}
    form = LawSettingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        setting = actions.add_law_value(form.save(commit=False), by=request.user)
        messages.success(request, _("De waarde is toegevoegd."))
        return redirect(f"{reverse('accounts:law')}#{setting.key}")
    context = {
        "title": _("Nieuwe waarde van een regel"),
        "form": form,
        "cancel_url": reverse("accounts:law"),
        "crumbs": crumbs((_("Regels van vandaag"), reverse("accounts:law")), (_("Nieuwe waarde"), "")),
    }
    return render(request, "accounts/law_form.html", context)


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_law_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a value that doesn't hold yet; asks first."""
    setting = get_object_or_404(LawSetting, pk=pk)
    if request.method == "POST":
        actions.withdraw_law_value(setting, by=request.user)
        messages.success(request, _("De waarde is ingetrokken."))
        return redirect("accounts:law")
    context = {
        "title": _("Waarde intrekken?"),
        "text": _("%(rule)s: %(value)s gaat dan niet in.")
        % {"rule": setting.get_key_display(), "value": setting.value},
        "submit_label": _("Intrekken"),
        "danger": True,
        "cancel_url": reverse("accounts:law"),
    }
    return render(request, "components/confirm.html", context)
