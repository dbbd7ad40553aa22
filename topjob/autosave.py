"""What a page that saves by itself hears: when it was kept, or in words why not and at which field.

With a word (`why`) it waits until something is changed; without one the connection failed, and it tries again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.forms import BaseForm
from django.http import JsonResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from topjob import clock

CLASH, WRONG = 409, 422


def kept(fields: dict[str, Any] | None = None) -> JsonResponse:
    """It was kept; `fields` is what the page has to know of it."""
    moment = clock.now().astimezone(clock.AMSTERDAM)
    return JsonResponse({"saved_at": f"{moment:%H:%M}"} | ({} if fields is None else {"fields": fields}))


def not_kept(forms: Iterable[BaseForm], *, is_clash: bool) -> JsonResponse:
    """It wasn't: somebody else changed the same, or something is wrong, of which the first is said."""
    if is_clash:
        text = _("Niet opgeslagen: iemand anders heeft dit intussen gewijzigd. Kies Opslaan om te zien wat.")
        return JsonResponse({"why": text}, status=CLASH)
    wrong = next((line for form in forms for line in _wrong_in(form)), _("er klopt iets niet."))
    return JsonResponse({"why": _("Nog niet opgeslagen. %(wrong)s") % {"wrong": wrong}}, status=WRONG)


def _wrong_in(form: BaseForm) -> Iterator[str]:
    """What is wrong, with the field's own name before it."""
    for name, errors in form.errors.items():
        for error in errors:
            text = strip_tags(str(error))
            yield f"{_name_of(form, name)}: {text}" if name in form.fields else text


def _name_of(form: BaseForm, name: str) -> str:
    return str(form.fields[name].widget.attrs.get("aria-label") or form[name].label)
