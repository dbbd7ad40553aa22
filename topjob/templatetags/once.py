"""`{% csrf_token %}` also gives the form the key by which it is done once; a built-in tag, so no form forgets it."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from topjob import once

register = template.Library()


class FormKeysNode(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        key = format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.new_key())
        return SafeString(super().render(context)) + key


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormKeysNode:
    """Django's hidden token, and beside it the key of this rendering."""
    return FormKeysNode()
