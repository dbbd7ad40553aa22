"""What the employer says in the portal about the own functions: what is verplicht, what is a wish (B1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import NOBODY, access
from employers.models import FunctionProfile
from matching import actions
from matching.access import EMPLOYER_PORTAL
from matching.forms import PortalDemandForm
from matching.views.profile import demanded
from topjob.pages import crumbs


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: HttpRequest, function_pk: int) -> HttpResponse:
    """What the work requires and wishes of somebody; only for functions of the own company."""
    rows = FunctionProfile.objects.represented_by(request.user)
    if request.method == "POST":
        FunctionProfile.objects.select_for_update().filter(pk=function_pk).first()
    function = get_object_or_404(rows.select_related("employer__organisation", "demand"), pk=function_pk)
    form = PortalDemandForm(request.POST if request.method == "POST" else None, initial=demanded(function))
    back = reverse("employers:portal_function", args=[function.pk])
    if request.method == "POST" and form.is_valid():
        actions.set_demand(function, form.cleaned_data, by=request.user)
        messages.success(request, _("Uw eisen en wensen zijn opgeslagen. Top Job zoekt er meteen mee."))
        return redirect(back)
    company = reverse("employers:portal_company", args=[function.employer_id])
    context = {
        "form": form,
        "title": _("Wat vraagt u van iemand?"),
        "eyebrow": function.name,
        "form_class": "wide",
        "cancel_url": back,
        "crumbs": crumbs((str(function.employer), company), (function.name, back), (_("Eisen en wensen"), "")),
    }
    return render(request, "matching/portal_demand.html", context)
