"""A mail server that keeps what it gets, and that can be away, put off or refuse."""

from __future__ import annotations

import email
import socketserver
import threading
import time
from email.message import EmailMessage
from email.policy import default as email_policy


class _Talk(socketserver.StreamRequestHandler):
    """One conversation in SMTP."""

    server: _Server
    timeout = 30

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 sink")
        recipients: list[str] = []
        while line := self.rfile.readline().decode(errors="replace").strip():
            verb = line.upper()
            if verb.startswith(("EHLO", "HELO", "MAIL", "RSET", "NOOP")):
                self.say("250 ok")
            elif verb.startswith("RCPT"):
                recipients.append(line.partition("<")[2].partition(">")[0])
                self.say(self.server.sink.answer_to(recipients[-1]))
            elif verb == "DATA":
                self.say("354 go on")
                self._receive(recipients)
                recipients = []
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("500 what?")

    def _receive(self, recipients: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.sink.hangs_up:
            self.server.sink.keep(recipients, b"".join(lines))
            return self.connection.close()
        self.server.sink.keep(recipients, b"".join(lines))
        return self.say("250 kept")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    sink: Sink

    def handle_error(self, request, client_address) -> None:
        """A client that was killed while it spoke is what these tests are about."""


class Sink:
    """The mail server of the faults."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.kept: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.hangs_up = False
        self._server: _Server | None = None

    def start(self) -> None:
        if self._server is None:
            self._server = _Server(("127.0.0.1", self.port), _Talk)
            self._server.sink = self
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def reset(self) -> None:
        self.kept, self.answers, self.hangs_up = [], {}, False
        self.start()

    def answer_to(self, address: str) -> str:
        return self.answers.get(address, self.answers.get("*", "250 ok"))

    def keep(self, recipients: list[str], content: bytes) -> None:
        message = email.message_from_bytes(content, policy=email_policy)
        self.kept += [(address, message) for address in recipients]

    def mails(self, to: str = "", about: str = "") -> list[EmailMessage]:
        return [
            message
            for address, message in list(self.kept)
            if to in ("", address) and about.lower() in str(message["Subject"]).lower()
        ]

    def quiet(self, seconds: float = 1.5) -> None:
        """Wait until nothing has come in for a while."""
        before, since = len(self.kept), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.1)
            if len(self.kept) != before:
                before, since = len(self.kept), time.monotonic()
