"""The file for staff: talks, planned, held or fallen through."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from candidates import actions, rules
from candidates.forms.file import ContactForm, RecordContactForm
from candidates.knowing import parts_of, talks_for
from candidates.models import Candidate, ContactMoment
from candidates.views.common import PERSONAL_FILLERS, file_page, for_change, may_fill, open_file


@access(CASE_WORKERS, shows=Page.CONTACT)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Talks: planned, held or fallen through."""
    if request.method != "POST":
        return _contact_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *PERSONAL_FILLERS)
    form = ContactForm(request.POST, instance=ContactMoment(candidate=candidate, by=request.user))
    if not form.is_valid():
        return _contact_page(request, candidate, form)
    planned = form.instance.status == ContactMoment.Status.PLANNED
    (actions.plan_contact if planned else actions.add_contact)(form.instance, by=request.user)
    messages.success(request, _("Het gesprek is gepland.") if planned else _("Het gesprek is vastgelegd."))
    return redirect("candidates:contacts", pk)


def _contact_page(request: HttpRequest, candidate: Candidate, form: ContactForm | None = None) -> HttpResponse:
    moments = talks_for(candidate.contact_moments.all(), request.user, parts_of(candidate, request.user))
    facts = rules.file_facts(candidate)
    context: dict[str, Any] = {
        "facts": facts,
        "planned": [moment for moment in moments if moment.status == ContactMoment.Status.PLANNED][::-1],
        "past": [moment for moment in moments if moment.status != ContactMoment.Status.PLANNED],
        "form": form or ContactForm(initial=_likely_talk(facts)),
        "editable": may_fill(request, candidate, *PERSONAL_FILLERS),
    }
    return file_page(request, candidate, "contacts", **context)


def _likely_talk(facts: rules.FileFacts) -> dict[str, str]:
    """The first talk is the intake."""
    return {} if facts.intake_held else {"kind": ContactMoment.Kind.INTAKE}


@access(CASE_WORKERS, shows=Page.CONTACT)
def contact_record(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Write down how a planned talk went; whoever was to hold it may always do so."""
    candidate = open_file(request, pk)
    planned = candidate.contact_moments.filter(status=ContactMoment.Status.PLANNED)
    row = next(iter(talks_for(planned.filter(pk=row_pk), request.user, parts_of(candidate, request.user))), None)
    if row is None:
        raise Http404
    if row.by_id != request.user.pk:
        for_change(request, pk, *PERSONAL_FILLERS)
    initial = {"status": ContactMoment.Status.HELD}
    form = RecordContactForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.record_contact(row, status=given["status"], notes=given["notes"], at=given["at"], by=request.user)
        messages.success(request, _("Het gesprek is vastgelegd."))
        return redirect("candidates:contacts", pk)
    return file_page(request, candidate, "contact_record", form=form, moment=row)
