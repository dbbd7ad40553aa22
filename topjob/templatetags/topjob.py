"""What templates ask of `topjob`: days, distances and amounts in Dutch, names in plain text, links that keep filters."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html

from topjob import presence
from topjob.dates import days_since, distance, nl_date, nl_moment, urgency
from topjob.going_back import BACK, came_from
from topjob.money import euro
from topjob.names import in_plain_text

register = template.Library()


for each in (nl_date, nl_moment, distance, urgency, days_since):
    register.filter(each)
register.filter("in_euro", euro)


@register.filter
def plain(value: object) -> str:
    """A name for where no elements can stand, such as an attribute; held apart by signs where it needs that."""
    return str(str(value))


@register.simple_block_tag
def plain_text(content: str) -> str:
    """The same for a whole text with names in it, such as the title of a page."""
    return in_plain_text(content)


@register.simple_tag(takes_context=True)
def presence_sign(context: Context, form: object) -> str:
    """The sign with which this page asks who else has its form open; empty for a form that two people can't have open.

    People outside aren't told which of the staff is at work.
    """
    request = context.get("request")
    if request is None or not getattr(form, "merges", False) or not getattr(request.user, "is_staff_member", False):
        return ""
    return presence.sign_of(request.path, request.user.pk)


@register.simple_tag(takes_context=True)
def back_field(context: Context) -> str:
    """For a form that is sent to another address than its page's: where to go once it is saved, when that was asked for."""
    back = came_from(context["request"])
    return format_html('<input type="hidden" name="{}" value="{}">', BACK, back) if back else ""
