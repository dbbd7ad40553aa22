"""One request after another, by chance: an address, a person, a method, and what is wrong with it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from tests import matrix
from tests.fuzz import values
from tests.test_repository import Route

CSRF = "fuzzfuzzfuzzfuzzfuzzfuzzfuzzfuzz"
METHODS = ["GET"] * 6 + ["POST"] * 10 + ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"]
# What would shut out who asks, move everybody's clock or destroy what the others ask for: tried with nothing that exists.
LEFT = re.compile(
    r"^/(beheer/(gebruikers/<int:pk>/(uit|rol)|bewaren/vernietigen)|uitloggen|demo/(klok|inloggen)|personen/.*/samenvoegen)"
)


@dataclass
class Asked:
    """A request as it goes over the line."""

    who: str
    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def __str__(self) -> str:
        told = ", ".join(
            f"{name}: {said[:60]!r}" for name, said in self.headers if name not in ("Cookie", "Content-Length")
        )
        return f"{self.who}: {self.method} {self.target[:200]} [{told}] {self.body[:300]!r}"


@dataclass
class Maker:
    """Makes requests from the addresses there are, what they name for each relation, and the boxes their forms have."""

    routes: list[Route]
    addresses: dict[str, list[str]]
    boxes: dict[str, list[str]]
    cookies: dict[str, str]
    sink: str
    chance: random.Random

    def __iter__(self) -> Iterator[Asked]:
        while True:
            yield self.next()

    def next(self) -> Asked:
        chance, route = self.chance, self.chance.choice(self.routes)
        who = chance.choice(list(self.cookies))
        method = chance.choice(METHODS)
        asked = Asked(who, method, self._target(route))
        asked.headers.append(("Cookie", f"sessionid={self.cookies[who]}; csrftoken={CSRF}"))
        if method not in ("GET", "HEAD"):
            self._fill(asked, route)
        if chance.random() < 0.15:
            asked.headers.append(chance.choice(values.HEADERS))
        if chance.random() < 0.15:
            asked.headers.append(("HX-Request", "true"))
        asked.headers.append(("Content-Length", str(len(asked.body))))
        return asked

    def _target(self, route: Route) -> str:
        chance = self.chance
        known = [] if LEFT.match(route.pattern) else self.addresses.get(route.pattern, [])
        target = chance.choice(known) if known and chance.random() < 0.6 else self._bent(route)
        if chance.random() < 0.5:
            names = [*self.boxes.get(route.pattern, []), "q", "page", "next", "sorteer", "weergave", "status", "dag"]
            pairs = [(chance.choice(names), values.value(chance, self.sink)) for _ in range(chance.randint(1, 3))]
            target += "?" + "&".join(f"{quoted(name)}={quoted(said)}" for name, said in pairs)
        return target

    def _bent(self, route: Route) -> str:
        """The address with something else for what it names."""
        return matrix.PART.sub(lambda part: values.word(self.chance), route.pattern) or "/"

    def _fill(self, asked: Asked, route: Route) -> None:
        chance = self.chance
        names = self.boxes.get(route.pattern, []) or ["q", "name", "text"]
        pairs = [("csrfmiddlewaretoken", CSRF)]
        pairs += [(name, values.value(chance, self.sink)) for name in names if chance.random() < 0.85]
        pairs += [
            (name + chance.choice(["", "[]", "_0", "-TOTAL_FORMS"]), "9" * 9)
            for name in names[:1]
            if chance.random() < 0.1
        ]
        if chance.random() < 0.3:
            self._as_parts(asked, pairs)
        else:
            asked.body = "&".join(f"{quoted(name)}={quoted(said)}" for name, said in pairs).encode()
            odd = chance.random() < 0.08
            asked.headers.append(("Content-Type", chance.choice(values.TYPES) if odd else values.TYPES[0]))
        if chance.random() < 0.03:
            asked.body = asked.body[: len(asked.body) // 2] + bytes(chance.randrange(256) for _ in range(20))

    def _as_parts(self, asked: Asked, pairs: list[tuple[str, str]]) -> None:
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{_plain(name)}"\r\n\r\n{said}\r\n' for name, said in pairs
        ]
        body = "".join(parts).encode("utf-8", "surrogatepass")
        for name in ("file", "upload", "bestand"):
            title, kind, content = values.file(self.chance, self.sink)
            said = f'form-data; name="{name}"; filename="{_plain(title)}"'
            head = f"--x\r\nContent-Disposition: {said}\r\nContent-Type: {kind}\r\n\r\n"
            body += head.encode("utf-8", "surrogatepass") + content + b"\r\n"
        asked.body = body + b"--x--\r\n"
        asked.headers.append(("Content-Type", "multipart/form-data; boundary=x"))


def quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _plain(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "").replace("\n", "")
