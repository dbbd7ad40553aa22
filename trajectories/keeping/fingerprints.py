"""What a decision said, as a fingerprint in its log row, so that `verify` finds words that were changed since (R14).

The log holds no words of a person (decision 11); a fingerprint of them can't be read back.
"""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from trajectories.models import Advice, PayerPermission

# What was decided, by the columns that say it.
SAID: dict[type[Advice | PayerPermission], tuple[str, ...]] = {
    Advice: ("direction", "housing_and_leisure", "destination", "next_level", "plan"),
    PayerPermission: ("client_id", "kind", "is_granted", "valid_from", "valid_until", "decided_on", "reference"),
}


def in_sql(model: type[Advice | PayerPermission], alias: str) -> str:
    """The fingerprint of a row, to be asked of the database."""
    columns = ", ".join(f"{alias}.{name}" for name in SAID[model])
    return f"encode(sha256(convert_to(jsonb_build_array({columns})::text, 'UTF8')), 'hex')"


def fingerprint(row: Advice | PayerPermission) -> str:
    """The same of one stored row. One query."""
    model = type(row)
    asked = RawSQL(in_sql(model, model._meta.db_table), ())  # noqa: S611 - nothing in it comes from outside
    return model._default_manager.filter(pk=row.pk).values_list(asked, flat=True).get()


def changed(model: type[Advice | PayerPermission], verb: str, key: str) -> str:
    """The query for rows that say something else than was logged with them under this verb and key."""
    return f"""SELECT v.id FROM {model._meta.db_table} v JOIN accounts_auditentry a
                 ON a.trajectory_id = v.trajectory_id AND a.verb = '{verb}' AND a.details -> '{key}' = to_jsonb(v.id)
               WHERE a.details ->> 'fingerprint' <> {in_sql(model, "v")}"""  # noqa: S608
