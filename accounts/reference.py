"""Which reference tables the beheerder edits. Apps higher up add theirs from their AppConfig.ready()."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Client, Department, KindOfPlace, Organisation, Region, TopSector


@dataclass(frozen=True)
class Table:
    """One reference table: what is shown, what can be changed, and what only when a row is made."""

    slug: str
    model: type[models.Model]
    group: str | Promise
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    # Code and files refer to these, so they are chosen once.
    fixed: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)
    removable: bool = False
    # What the free-text search looks in.
    search: tuple[str, ...] = ("name",)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name_plural).capitalize()

    @property
    def row_label(self) -> str:
        return str(self.model._meta.verbose_name)


REGISTRY: dict[str, Table] = {}

ROW_FIELDS = ("name", "code", "position", "is_active")
WORK = _("Werk en plekken")
PEOPLE = _("Mensen")
ORGANISATION = _("Organisatie")


def register(table: Table) -> None:
    """Let the beheerder edit this table."""
    REGISTRY[table.slug] = table


def rows(slug: str, model: type[models.Model], group: str | Promise, *extra: str) -> Table:
    """The usual table: name, code, position, in use, and the extra fields."""
    return Table(
        slug=slug,
        model=model,
        group=group,
        fields=(*ROW_FIELDS, *extra),
        columns=("name", "code", *extra[:2], "position", "is_active"),
        fixed=("code",),
    )


for table in (
    Table(
        slug="afdelingen",
        model=Department,
        group=ORGANISATION,
        fields=("number", *ROW_FIELDS),
        columns=("name", "number", "code", "is_active"),
        fixed=("code", "number"),
    ),
    rows("regios", Region, ORGANISATION, "coordinator"),
    Table(
        slug="opdrachtgevers",
        model=Client,
        group=ORGANISATION,
        fields=(
            "name",
            "client_type",
            "kvk_number",
            "email",
            "phone",
            "street",
            "postcode",
            "city",
            "region",
            "is_active",
        ),
        columns=("name", "client_type", "city", "region", "is_active"),
        defaults={"kind": Organisation.Kind.CLIENT},
        search=("name", "city"),
    ),
    rows("soorten-plek", KindOfPlace, WORK, "department", "asks_practice_agreement"),
    rows("branches", Branch, WORK),
    rows("topsectoren", TopSector, WORK),
):
    register(table)
