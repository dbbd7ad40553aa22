"""Signing as people do it, through the link in their mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import mail

from tests.faults.browser import Answer, Browser, fields_of
from tests.faults.stack import FaultStack
from tests.faults.world import World
from tests.trajectories.personal import code_to, run_outbox, token_in
from trajectories import actions
from trajectories.models import StartPlan


@dataclass
class Press:
    """The last press of the button, with everything before it done."""

    path: str
    fields: dict[str, str]


@dataclass
class Signer:
    """One party with its link."""

    stack: FaultStack
    party: str
    name: str
    token: str

    @property
    def path(self) -> str:
        return f"/tekenen/{self.token}/"

    def look(self, suffix: str = "", method: str = "GET") -> Answer:
        return Browser(self.stack.port).get(self.path + suffix, method)

    def ready(self) -> Press | None:
        """Read and tick everything and type the name; only the last press is left. Nothing when the page has no form."""
        page = self.look().text
        if 'name="typed_name"' not in page:
            return None
        ticked = {**dict(fields_of(page, "typed_name", ticked=True)), "typed_name": self.name}
        return self._with_code(ticked)

    def _with_code(self, ticked: dict[str, str]) -> Press:
        """Confirm everything, and read the code where it was sent."""
        answer = Browser(self.stack.port).post(self.path, **ticked)
        assert answer.status == 302, answer.text[-2000:]
        run_outbox("send_code")
        return Press(answer.headers["Location"], {"code": code_to(actions.link_for(self.token).party.phone.as_e164)})

    def press(self, press: Press) -> Answer:
        """The page that follows: 200 when the signature is there, 410 when the link is closed."""
        answer = Browser(self.stack.port).post(press.path, **press.fields)
        return self.look() if answer.status == 302 else answer

    def sign(self) -> Answer:
        press = self.ready()
        return self.press(press) if press else self.look()


def sent(stack: FaultStack, world: World) -> dict[str, Signer]:
    """The plan is sent and its links are mailed, in this process; who got which."""
    plan = StartPlan.objects.get(trajectory=world.draft)
    actions.send_plan(plan, by=world.user("regisseur"))
    run_outbox()
    return signers(stack, StartPlan.objects.get(pk=plan.pk))


def signers(stack: FaultStack, plan: StartPlan) -> dict[str, Signer]:
    """Everybody who may sign this version, with the link of the latest mail."""
    return {
        party.party: Signer(stack, party.party, party.name, token_in(mail.outbox, party.email))
        for party in plan.parties.all()
    }
