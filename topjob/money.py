"""Amounts the way Dutch people read them."""

from __future__ import annotations

from decimal import Decimal


def dutch(number: Decimal, places: int | None = None) -> str:
    """1.250,50: points between thousands, a comma before the rest; as many decimals as there are, or `places`."""
    text = f"{number:,f}" if places is None else f"{number:,.{places}f}"
    return text.replace(",", "\x00").replace(".", ",").replace("\x00", ".")


def euro(amount: Decimal | None) -> str:
    """€ 1.250,50, never broken after the sign; empty where there is no amount."""
    return "" if amount is None else f"€\N{NO-BREAK SPACE}{dutch(Decimal(amount), 2)}"
