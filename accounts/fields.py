"""A form field for choices that can grow: type a name, the page suggests, the server decides; no script needed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext as _

from accounts.models import Organisation

SUGGESTIONS = 8
NUMBER = re.compile(r"\(#(\d{1,18})\)\s*$", re.ASCII)


def organisation_choice(organisation: Organisation) -> str:
    """How an organisation is written in the field; the number makes it unique."""
    place = f", {organisation.city}" if organisation.city and organisation.city not in organisation.name else ""
    return f"{organisation.name}{place} (#{organisation.pk})"


def suggestions(query: str, *kinds: str) -> list[Organisation]:
    """Active organisations whose name contains these words."""
    found = Organisation.objects.filter(is_active=True, name__icontains=query.strip())
    if kinds:
        found = found.filter(kind__in=kinds)
    return list(found.order_by("name", "pk")[:SUGGESTIONS])


class OrganisationField(forms.CharField):
    """The name of an organisation, cleaned to the organisation itself."""

    def __init__(self, *, suggest_url: Any, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.widget.attrs |= {
            "list": "organisation-options",
            "autocomplete": "off",
            "hx-get": lazystr(suggest_url),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#organisation-options",
        }

    def prepare_value(self, value: Any) -> Any:
        return organisation_choice(value) if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Organisation | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        number = NUMBER.search(text)
        wanted = {"pk": number[1]} if number else {"name__iexact": text}
        found = list(Organisation.objects.filter(is_active=True, **wanted)[:2])
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._which_one(text))

    def _which_one(self, text: str) -> str:
        near = "; ".join(organisation_choice(organisation) for organisation in suggestions(NUMBER.sub("", text)))
        if not near:
            return _("Er is geen organisatie met deze naam.")
        return _("Kies een van deze en neem de naam met het nummer over: %(near)s.") % {"near": near}
