"""How we speak with PostgreSQL, beyond what Django's settings can say."""

from __future__ import annotations

from typing import Any

# How many questions a connection keeps the plans of. With the library's hundred, one walk through the pages of a case pushes out
# the plans it needs next; these few hundred are all that the product asks over and over.
PLANS_KEPT = 400


def keep_plans(connection: Any, **signal: Any) -> None:
    """Called for each new connection (`settings.PLANNED` says after how many times a plan is kept)."""
    connection.connection.prepared_max = PLANS_KEPT
