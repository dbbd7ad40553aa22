"""The file for staff: who may see what of a person (R16)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from candidates import actions
from candidates.forms.file import ConsentForm
from candidates.models import Candidate, Consent
from candidates.sharing import employer_view, to_share
from candidates.views.common import CONSENT_FILLERS, CONSENTING, file_page, for_change, may_fill, open_file


@access(CASE_WORKERS, shows=Page.CONSENT)
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see what (R16), with "zo ziet de werkgever jou"."""
    if request.method != "POST":
        return _consent_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *CONSENT_FILLERS)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _consent_page(request, candidate, form)
    consent = actions.give_consent(candidate, by=request.user, **form.cleaned_data)
    text = _("De toestemming voor %(company)s is vastgelegd.")
    messages.success(request, text % {"company": consent.organisation.name_and_place})
    return redirect("candidates:consents", pk)


def _consent_page(request: HttpRequest, candidate: Candidate, form: ConsentForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "views": consent_views(candidate),
        "withdrawn": candidate.consents.exclude(withdrawn_at=None).select_related("organisation")[:10],
        "form": form or ConsentForm(),
        "editable": may_fill(request, candidate, *CONSENT_FILLERS),
    }
    return file_page(request, candidate, "consents", **context)


def consent_views(candidate: Candidate) -> list[Any]:
    """Each valid consent with what that employer sees."""
    prefetch_related_objects([candidate], *to_share())
    valid = Consent.objects.valid().filter(candidate=candidate).select_related("organisation", "recorded_by")
    return [employer_view(candidate, consent) for consent in valid]


@access(CONSENTING, shows=Page.CONSENT)
@require_POST
def consent_withdraw(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *CONSENT_FILLERS)
    actions.withdraw_consent(get_object_or_404(candidate.consents, pk=row_pk), by=request.user)
    messages.success(request, _("De toestemming is ingetrokken. De werkgever ziet niet meer wat er gedeeld was."))
    return redirect("candidates:consents", pk)
