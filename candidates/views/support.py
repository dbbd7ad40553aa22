"""The file for staff: support questions, finances, and the toets of both (R3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from candidates import actions
from candidates.forms.file import FinanceForm, NeedForm, ReviewForm, SettleNeedForm
from candidates.models import Candidate, FinanceCheck, SupportNeed
from candidates.views.common import FILLERS, FILLING, IN_REGION, file_page, for_change, may_fill, open_file


@access(CASE_WORKERS, shows=Page.SUPPORT)
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """Support questions per life area, and the toets that all were asked."""
    if request.method != "POST":
        return _support_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *FILLERS)
    form = NeedForm(request.POST, instance=SupportNeed(candidate=candidate))
    if not form.is_valid():
        return _support_page(request, candidate, form)
    actions.add_support_need(form.instance, by=request.user)
    messages.success(request, _("De vraag is vastgelegd. Geef aan hoe die wordt opgepakt."))
    return redirect("candidates:support", pk)


def _support_page(
    request: HttpRequest, candidate: Candidate, form: NeedForm | None = None, review_form: ReviewForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "needs": candidate.support_needs.select_related("area", "owner"),
        "reviews": candidate.support_reviews.select_related("by")[:5],
        "form": form or NeedForm(),
        "review_form": review_form or ReviewForm(auto_id="id_toets_%s"),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "support", **context)


@access(FILLING, shows=Page.SUPPORT)
def need(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """How one support question is taken up, and by whom."""
    candidate = for_change(request, pk, *FILLERS)
    row = get_object_or_404(candidate.support_needs.select_related("area", "candidate__region"), pk=row_pk)
    form = SettleNeedForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        actions.settle_support_need(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("De aanpak is opgeslagen."))
        return redirect("candidates:support", pk)
    return file_page(request, candidate, "need", form=form, need=row)


@access(FILLING, shows=Page.SUPPORT)
@require_POST
def support_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The toets: everything was asked (R3)."""
    candidate = for_change(request, pk, *FILLERS)
    form = ReviewForm(request.POST, auto_id="id_toets_%s")
    if not form.is_valid():
        return _support_page(request, candidate, review_form=form)
    actions.review_support(candidate, conclusion=form.cleaned_data["conclusion"], by=request.user)
    messages.success(request, _("De toets is vastgelegd."))
    return redirect("candidates:support", pk)


@access(IN_REGION, shows=Page.FINANCE)
def finance(request: HttpRequest, pk: int) -> HttpResponse:
    """The toets of finances (R3). Neither jobcoach nor employer sees it."""
    if request.method != "POST":
        return _finance_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *FILLERS)
    form = FinanceForm(request.POST, instance=FinanceCheck(candidate=candidate))
    if not form.is_valid():
        return _finance_page(request, candidate, form)
    actions.check_finance(form.instance, by=request.user)
    messages.success(request, _("De toets financiën is vastgelegd."))
    return redirect("candidates:finance", pk)


def _finance_page(request: HttpRequest, candidate: Candidate, form: FinanceForm | None = None) -> HttpResponse:
    payer = actions.client_of(candidate)
    initial = {"client": payer, "source": FinanceCheck.Source.CLIENT if payer else ""}
    context: dict[str, Any] = {
        "checks": candidate.finance_checks.select_related("client", "by")[:10],
        "form": form or FinanceForm(initial=initial),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "finance", **context)
