"""Secret addresses of calendar feeds: only the fingerprint of the secret is stored."""

from __future__ import annotations

import hashlib
import secrets

from accounts.models import CalendarFeed, User


def new_token() -> str:
    """256 random bits, as they stand in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(token: str) -> User | None:
    """Whose feed this is, if it still is one and that person may still log in."""
    feeds = CalendarFeed.objects.select_related("user").filter(token_hash=token_hash(token), user__is_active=True)
    row = feeds.first()
    return row.user if row else None
