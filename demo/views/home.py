"""The demo's own page: log in as anybody, move the clock, read the mails. Doesn't exist in production."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_filters import CharFilter

from accounts import second
from accounts.access import DEMO_ONLY, NOBODY, access
from demo import bar, mailbox, people
from topjob import clock
from topjob.dates import nl_date
from topjob.filters import ListFilter
from topjob.going_back import safe_next
from topjob.models import StoredSms

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STEPS = {"dag": relativedelta(days=1), "week": relativedelta(weeks=1), "maand": relativedelta(months=1)}
MOST_MAILS = 100
FURTHEST = timedelta(days=366 * 20)


class ClockForm(forms.Form):
    """To which day the clock goes: a step forward, or a date. Never back: what happened stays happened."""

    step = forms.ChoiceField(choices=[(step, step) for step in STEPS], required=False)
    day = forms.DateField(label=gettext_lazy("Naar deze dag"), required=False)

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if day and day <= clock.today():
            raise ValidationError(_("De klok kan alleen vooruit. Kies een latere dag."))
        if day and day > clock.today() + FURTHEST:
            raise ValidationError(_("Kies een dag binnen twintig jaar."))
        return day

    def clean(self) -> dict:
        data = super().clean() or {}
        if not data.get("step") and not data.get("day") and not self.errors:
            self.add_error("day", _("Kies een dag."))
        return data

    @property
    def target(self) -> date:
        """The day that was chosen."""
        if step := self.cleaned_data.get("step"):
            return clock.today() + STEPS[step]
        return self.cleaned_data["day"]


class MailFilterForm(forms.Form):
    """A plain form: mails are files, no rows that a `ListFilter` could narrow."""

    to = forms.CharField(label=gettext_lazy("Aan"), required=False, max_length=120)


class SmsFilter(ListFilter):
    to = CharFilter(label=gettext_lazy("Aan nummer"), max_length=20, method="by_number")

    def by_number(self, rows: QuerySet[StoredSms], name: str, value: str) -> QuerySet[StoredSms]:
        digits = "".join(letter for letter in value if letter.isdigit()).removeprefix("0")
        return rows.filter(to__contains=digits)


@access(DEMO_ONLY, shows=NOBODY)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _page(request, ClockForm())


def _page(request: HttpRequest, form: ClockForm) -> HttpResponse:
    context = {
        "groups": people.logins_per_role(),
        "password": people.DEMO_PASSWORD,
        "form": form,
        "movable": clock.is_movable(),
        "today": clock.today(),
        "second_step": second.DEMO_LOGIN,
    }
    return render(request, "demo/home.html", context)


@access(DEMO_ONLY, shows=NOBODY)
@require_POST
def log_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Log in as one of the demo's people, without a password."""
    user = get_object_or_404(people.demo_users(), pk=pk)
    if second.is_on(user):
        messages.info(
            request, _("Deze login heeft twee stappen: log in met het wachtwoord en de code van je telefoon.")
        )
        return redirect("account_login")
    kept = request.session.get(bar.KEY)
    login(request, user, backend=BACKEND)
    bar.keep(request, kept)
    return redirect(safe_next(request, "/"))


@access(DEMO_ONLY, shows=NOBODY)
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Let time pass, for every process of this installation."""
    if not clock.is_movable():
        raise Http404
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    day = form.target
    clock.move_to(day)
    text = _("Het is nu %(day)s. Wat ervan komt, staat binnen een minuut klaar; herinneringen binnen vijf minuten.")
    messages.success(request, text % {"day": nl_date(day)})
    return redirect(safe_next(request, reverse("demo:home")))


@access(DEMO_ONLY, shows=NOBODY)
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The mails that went out, newest first."""
    form = MailFilterForm(request.GET)
    recipient = form.cleaned_data["to"] if form.is_valid() else ""
    found = list(islice(mailbox.stored_mails(recipient), MOST_MAILS))
    return render(request, "demo/mails.html", {"mails": found, "filter_form": form, "most": MOST_MAILS})


@access(DEMO_ONLY, shows=NOBODY)
@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail, with links that work."""
    found = mailbox.find(key)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})


@access(DEMO_ONLY, shows=NOBODY)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """The SMS messages that would have gone out, newest first."""
    found = SmsFilter(request.GET, StoredSms.objects.order_by("-sent_at", "-pk"))
    context = {"texts": found.qs[:MOST_MAILS], "filter_form": found.form, "most": MOST_MAILS}
    return render(request, "demo/texts.html", context)
