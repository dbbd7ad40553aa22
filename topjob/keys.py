"""Keys for one purpose, made from the installation's own, and marks of what was shown."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESSIV


def fernet_key(purpose: str, secret: str) -> bytes:
    """A Fernet key that opens nothing of another purpose."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}-{secret}".encode()).digest())


def mark_of(told: object) -> str:
    """A mark of exactly this, as it is written out: to see whether what is confirmed is what was shown."""
    return hashlib.sha256(repr(told).encode()).hexdigest()


def encrypted_number(purpose: str, secret: str, number: int) -> str:
    """A number as nobody outside can read it; the same number always looks the same, so that lines about it stay together."""
    key = hashlib.sha512(f"{purpose}-{secret}".encode()).digest()
    return base64.urlsafe_b64encode(AESSIV(key).encrypt(str(number).encode(), None)).decode().rstrip("=")
