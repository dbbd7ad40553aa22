"""A real OpenID Connect provider in a process of its own, as an organisation has one for its people's accounts."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import requests

from tests.live import free_port


@contextlib.contextmanager
def running_provider() -> Iterator[str]:
    """The provider's address. It takes any client, and asks a number that is used once."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_it_answers(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("De provider is niet gestart.")


def account(issuer: str, sub: str, **claims: object) -> str:
    """Somebody has an account there, with what the provider says of them; answers who they are there."""
    requests.put(f"{issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()
    return sub
