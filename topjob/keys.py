"""Keys for one purpose, made from the installation's own."""

from __future__ import annotations

import base64
import hashlib


def fernet_key(purpose: str, secret: str) -> bytes:
    """A Fernet key that opens nothing of another purpose."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}-{secret}".encode()).digest())
