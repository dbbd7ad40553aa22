"""Rows of lists are written in Jinja2, which compiles them; everything around them in Django's own language (ADR 28).

A page says `{% rows "rows/trajectories/cases/list.html" %}` where its rows come; the file stands under `templates/rows/` and sees
what the page sees. Fields of forms come from the templates that Django brings for Jinja2.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.template import RequestContext, engines
from django.template.backends.jinja2 import Template
from django.template.defaultfilters import capfirst
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, Undefined

from topjob import clock
from topjob.dates import days_since, distance, nl_date, nl_moment, urgency
from topjob.money import euro

ENGINE = "rows"
# A number that stands in no address, for its place.
PLACE = 918_273_645


class Missing(Undefined):
    """What isn't there may be asked for, as Django's templates of fields do, and never be written."""

    __str__ = Undefined._fail_with_undefined_error


def environment(**options: Any) -> Environment:
    """Jinja2 with what rows ask for: days and amounts in Dutch, addresses, icons and words. Django's engine turns escaping on."""
    made = Environment(  # noqa: S701
        **{**options, "trim_blocks": True, "lstrip_blocks": True, "undefined": Missing},
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        url=address, static=cache(static), query=_query, querystring=_querystring, control=control, kind=kind
    )
    for each in (nl_date, nl_moment, distance, urgency, days_since):
        made.filters[each.__name__] = each
    made.filters.update(in_euro=euro, iso=_iso, clock=_clock, first_up=capfirst, plain=_plain)
    return made


def address(name: str, *numbers: int) -> str:
    """The address of a page; of those with numbers the pattern is looked up once."""
    before, *after = _parts(name, len(numbers))
    return before + "".join(f"{number}{part}" for number, part in zip(numbers, after, strict=True))


@lru_cache(maxsize=1000)
def _parts(name: str, numbers: int) -> list[str]:
    return reverse(name, args=[PLACE] * numbers).split(str(PLACE))


def _plain(value: object) -> str:
    """A name for where no elements can stand, such as an attribute (`topjob.names`)."""
    return str(str(value))


def _iso(value: date | datetime) -> str:
    """A day as machines read it; of a moment the Dutch day."""
    return (clock.local(value) if isinstance(value, datetime) else value).isoformat()


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(clock.AMSTERDAM):%H:%M}"


def _querystring(request: HttpRequest, **changed: Any) -> str:
    """The present address with other values; None takes one away."""
    return querystring(RequestContext(request), **changed)


def _query(**values: str) -> str:
    return urlencode(values)


# --- Fields ------------------------------------------------------------------------------------------------------------
CLASSES = {"check": "form-check-input", "select": "form-select", "text": "form-control"}


def kind(field: BoundField) -> str:
    """Which of `CLASSES` a field of a filter is."""
    asked = getattr(field.field.widget, "input_type", "")
    return {"checkbox": "check", "select": "select"}.get(asked, "text")


def control(field: BoundField) -> SafeString:
    """The box of a field, as the stylesheet knows it."""
    wrong = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": CLASSES[kind(field)] + wrong})


def row_template(name: str) -> Template:
    """A template of this engine."""
    return engines[ENGINE].get_template(name)  # type: ignore[return-value]


class FieldRenderer(TemplatesSetting):
    """Widgets and errors from the templates that Django brings for Jinja2; whole forms of ours from Django's templates."""

    def get_template(self, template_name: str) -> Any:
        if not template_name.startswith("django/forms/"):
            return super().get_template(template_name)
        return row_template(template_name)
