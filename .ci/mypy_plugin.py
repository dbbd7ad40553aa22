"""Tells mypy that a view's `request.user` has logged in.

The gate (accounts/access.py) lets nobody else into a view that needs a login; without this, each view would have to say so
again in its types.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import AnyType, Type, TypeOfAny


class GatePlugin(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return whoever_came_in if fullname == "django.http.request.HttpRequest.user" else None


def whoever_came_in(context: AttributeContext) -> Type:
    return AnyType(TypeOfAny.explicit)


def plugin(version: str) -> type[Plugin]:
    return GatePlugin
