"""Tells mypy that a view's `request.user` is somebody who has logged in, a `User`.

The gate (accounts/access.py) lets nobody else into a view that needs a login; without this, each view would have to say so
again in its types. Where nobody need log in, a view asks `is_authenticated`, which a `User` answers too.
"""

from collections.abc import Callable

from mypy.nodes import MypyFile
from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type
from mypy_django_plugin.lib.helpers import lookup_fully_qualified_typeinfo

USER = "accounts.models.people"


class GatePlugin(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return whoever_came_in if fullname == "django.http.request.HttpRequest.user" else None

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Whatever reads a request must know what a user is, also where it imports nobody's users."""
        return [(10, USER, -1)] if file.fullname.startswith("topjob.") else []


def whoever_came_in(context: AttributeContext) -> Type:
    return Instance(lookup_fully_qualified_typeinfo(context.api, f"{USER}.User"), [])


def plugin(version: str) -> type[Plugin]:
    return GatePlugin
