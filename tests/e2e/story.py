"""What the chapters of the journey share: who is who, the case, the days, and reading (never writing) the database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from dateutil.relativedelta import relativedelta
from django.test import override_settings

from accounts.models import AuditEntry
from demo.people import DEMO_PASSWORD, address
from tests.e2e.people import PHONE, Opener, Person, link_in
from tests.live import LiveStack
from topjob import clock
from trajectories.models import GeneratedDocument, PlanParty, Trajectory
from trajectories.process.choices import Party

OWN_PASSWORD = "straten-maken-in-raalte-8"
YOUTH, YOUTH_MAIL = "Noor van der Velde", "noor@velde.example"
COMPANY = "Straatwerk Salland"
SIGNATORY, SIGNATORY_MAIL = "Karin Bos", "karin@straatwerk.example"
PARTIES = (Party.YOUTH, Party.EMPLOYER, Party.JOBCOACH)


class Story:
    """The stack with everybody in it. People log in when they first do something."""

    case: int
    candidate: int
    company: int

    def __init__(self, stack: LiveStack, new_page: Opener) -> None:
        self.stack, self.new_page = stack, new_page
        self.people: dict[str, Person] = {}
        self.first_day = stack.today()
        # A Monday some weeks away: the trial begins then.
        later = self.first_day + timedelta(days=14)
        self.trial_start = later + timedelta(days=-later.weekday() % 7)
        self.trial_end = self.trial_start + relativedelta(months=3) - timedelta(days=1)

    # --- people ---
    def staff(self, role: str) -> Person:
        """One of the team (or a client), by the first part of the address."""
        return self._somebody(role, lambda person: person.log_in(address(role), DEMO_PASSWORD))

    def visitor(self, name: str) -> Person:
        """Somebody on a phone who doesn't log in."""
        return self._somebody(name, lambda person: None, viewport=PHONE)

    def _somebody(self, name: str, begin: Callable[[Person], Any], **options: Any) -> Person:
        if name not in self.people:
            person = Person(self.stack, self.new_page(**options), name)
            begin(person)
            self.people[name] = person
        return self.people[name]

    def newcomer(self, name: str, email: str, mail_about: str, **options: Any) -> Person:
        """Somebody who was invited: chooses a password through the mailed link and logs in with it."""

        def begin(person: Person) -> None:
            mail = self.stack.wait_for_mail(email, mail_about)
            person.choose_password(link_in(mail, "/account/"), OWN_PASSWORD)
            person.log_in(email, OWN_PASSWORD)

        return self._somebody(name, begin, **options)

    # --- addresses ---
    def here(self, page: str = "") -> str:
        return f"/trajecten/{self.case}/{page}"

    def file(self, page: str = "") -> str:
        return f"/personen/{self.candidate}/{page}"

    def step(self, name: str) -> str:
        return self.here(f"stap/{name}/")

    # --- time and mail ---
    def move_to(self, day: date) -> None:
        """The clock only goes forward."""
        assert day > self.today
        self.stack.move_clock(day)

    @property
    def today(self) -> date:
        return self.stack.today()

    @property
    def now(self) -> datetime:
        """The moment it is in the story, as somebody would type it."""
        with override_settings(CLOCK_FILE=str(self.stack.clock_file)):
            return clock.now().astimezone(clock.AMSTERDAM)

    def personal_link(self, party: str, about: str) -> tuple[EmailMessage, str]:
        """The mail to a party with its own link, and the link."""
        with self.stack.orm():
            row = PlanParty.objects.filter(plan__trajectory=self.case, party=party).latest("pk")
        mail = self.stack.wait_for_mail(row.email, about, seconds=60)
        return mail, link_in(mail).removeprefix(self.stack.base_url)

    # --- reading ---
    @property
    def trajectory(self) -> Trajectory:
        with self.stack.orm():
            return Trajectory.objects.select_related("candidate", "client").get(pk=self.case)

    def is_in(self, state: str) -> None:
        assert self.trajectory.state == state

    def comes_to(self, state: str) -> None:
        """By itself: worker and beat, nobody presses anything."""
        self.stack.wait_until(lambda: self.trajectory.state == state, f"stand {state}", seconds=60)

    def ask(self, question: Callable[[], Any]) -> Any:
        """The answer of a query in the stack's database."""
        with self.stack.orm():
            return question()

    def sha256_of(self, document: GeneratedDocument) -> str:
        """The fingerprint of the file as it lies on the disk."""
        return hashlib.sha256(self.bytes_of(document)).hexdigest()

    def bytes_of(self, document: GeneratedDocument) -> bytes:
        return (self.stack.folder / "media" / document.file.name).read_bytes()

    def _all_that_is(self) -> tuple[Any, ...]:
        """State and log of the case: what may not change when a step is refused. What the worker does meanwhile is its own."""
        with self.stack.orm():
            case = Trajectory.objects.get(pk=self.case)
            deeds = AuditEntry.objects.about_candidate(case.candidate_id)
            by_people = deeds.exclude(party=AuditEntry.Party.SYSTEM).order_by("pk")
            return (case.state, case.state_since, list(by_people.values_list("verb", "actor")))

    def refuses(self, person: Person, step: str, *reasons: str, linked: bool = True) -> None:
        """The screen says why a step can't be taken, with links to where it is put right; who posts all the same
        gets the same words, and nothing changes."""
        before = self._all_that_is()
        person.open(self.step(step)).sees(*reasons)
        links = person.page.locator("main .notice ul.reasons a")
        targets = [links.nth(number).get_attribute("href") for number in range(links.count())]
        assert bool(targets) == linked
        status, text = person.force(self.step(step))
        assert status == 409, status
        for reason in reasons:
            assert reason in text, reason
        for target in targets:
            person.open(target)
        assert self._all_that_is() == before

    def take(self, person: Person, step: str, label: str, **values: Any) -> None:
        """A step by its own page."""
        person.open(self.step(step)).fill(values).press(label)
        person.sees(f"{label}: gedaan")

    def sign_on_a_phone(self, party: str, name: str) -> Person:
        """A party reads the plan behind its own link, confirms each statement, and signs with the code from its SMS."""
        _mail, link = self.personal_link(party, "startplan")
        phone = self.visitor(f"{party} op de telefoon")
        phone.open(link).sees("Tekenen", COMPANY).is_accessible()
        boxes = phone.page.locator("main [name^=statement_]")
        assert boxes.count() >= 3
        for number in range(boxes.count()):
            boxes.nth(number).check()
        phone.fill(typed_name=name).press("Stuur de code").sees("Vul").is_accessible()
        with self.stack.orm():
            number = PlanParty.objects.filter(plan__trajectory=self.case, party=party).latest("pk").phone.as_e164
        phone.fill(code=self.code_sent_to(number)).press("Ik teken")
        return phone.sees("Getekend op")

    def code_sent_to(self, number: str) -> str:
        """The code from the page with the demo's SMS messages."""
        reader = self.visitor("lezer van sms'en")

        def latest() -> str:
            found = re.findall(r"\b(\d{6}) is de code", reader.open(f"/demo/sms/?to={number[1:]}").text)
            return found[0] if found else ""

        return self.stack.wait_until(latest, f"sms met code aan {number}", seconds=60)

    def give_view_on_a_phone(self, party: str) -> Person:
        """A party tells through its own link how the trial went."""
        _mail, link = self.personal_link(party, "proefperiode")
        phone = self.visitor(f"{party} op de telefoon")
        phone.open(link).is_accessible().follow("Begin").is_accessible()
        while phone.page.locator(".answer b").count():
            phone.press("4 Lukt meestal zelf")
        phone.fill(went_well="Het werk buiten en de collega's.", can_improve="Eerder om hulp vragen.").press("Verder")
        phone.press("Ja, samen verder").sees("Kloppen").is_accessible()
        return phone.press("Versturen").sees("Bedankt")
