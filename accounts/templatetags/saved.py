"""The filters that somebody kept above the list they look at, and where the present one can be kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode

from django import template
from django.template import RequestContext
from django.urls import reverse

from accounts.models import SavedFilter
from topjob.filters import PAGES

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_filters(context: RequestContext) -> dict[str, Any]:
    """Own ones and those shared with this person, each as a link; empty where nothing can be kept."""
    request: Any = context.get("request")
    page = getattr(getattr(request, "resolver_match", None), "view_name", "")
    if page not in PAGES or not getattr(request.user, "is_staff_member", False):
        return {}
    here = parse_qs(request.GET.urlencode())
    rows = SavedFilter.objects.visible_to(request.user).filter(page=page).select_related("region", "owner")
    links = [
        {
            "label": row.name,
            "url": f"?{row.query}",
            "active": parse_qs(row.query) == here,
            "by": "" if row.owner_id == request.user.pk else row.owner.name,
        }
        for row in rows
    ]
    keep = urlencode({"page": page, "query": request.GET.urlencode()})
    return {"links": links, "keep_url": f"{reverse('accounts:keep_filter')}?{keep}"}
