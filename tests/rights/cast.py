"""Two cities with a whole story each, every private text marked with its city's canary; and everybody who may come to the doors."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from partners.models import City
from procurement.allocations import actions as allocations
from procurement.outreach import actions as outreach
from procurement.shipments import actions as shipping
from procurement.suppliers import actions as suppliers
from procurement.verification import actions as verification
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow import actions
from workflow.models import Comment

CANARIES = {"burnaby": "CANARY-BURNABY-7Q", "markham": "CANARY-MARKHAM-4Z"}


@dataclass(frozen=True)
class Things:
    """One of everything a city has, by the name it has in the tables."""

    city: City
    by_name: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]


def play(story: Voyage, canary: str) -> Things:
    """Play a story to a delivered shipment with a hold, a lot in quarantine, an open question, a check and a finding."""
    officer, city = story.officer, story.city
    line = story.line(10_000)
    need = line.supply_request
    lead = story.lead(line, remark=f"{canary} lead")
    promised = allocations.allocate(lead, line, 10_000, author=officer.user, by=officer.by, at=AT)
    order = story.ready(promised)
    shipment = story.plan(order)
    lane = shipping.file_lane(story.lane(shipment, "import"), by=story.logistics.by, at=AT)
    hold = shipping.hold(lane, reason=f"{canary} hold", question=f"{canary}?", by=story.logistics.by, at=AT)
    arrived = story.received(story.plan(story.ready()))
    inquiry = outreach.propose(
        need,
        story.contact,
        subject=f"{canary} ask",
        body=f"{canary} body",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    outreach.send(inquiry, by=officer.by, at=AT)
    task = verification.propose(lead, "sample_test", needed=False, by=officer.by, at=AT)
    verification.offer(task, story.contact, by=officer.by, at=AT)
    standing = suppliers.judge(
        story.supplier,
        city,
        "watched",
        reason=f"{canary} standing",
        starts_on=AT.date(),
        by=officer.by,
        at=AT,
    )
    for thing in (need, lead, order, shipment):
        actions.comment(thing, f"{canary} comment", by=officer.by, at=AT, language="en")
    return Things(
        city,
        {
            "need": need,
            "inquiry": inquiry,
            "lead": lead,
            "finding": lead.findings.first(),
            "check": task,
            "report": lead.checks.filter(status="accepted").first().reports.first(),
            "allocation": order.lines.get().allocation,
            "order": order,
            "payment": order.payments.first(),
            "shipment": shipment,
            "lane": lane,
            "hold": hold,
            "paper": shipment.papers.first(),
            "milestone": shipment.milestones.first(),
            "receipt": arrived.receipts.first(),
            "lot": arrived.lots.first(),
            "standing": standing,
            "supplier": story.supplier,
            "comment": Comment.objects.about(lead).first(),
        },
    )


class People:
    """Everybody who comes to the doors of both cities, signed in."""

    ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")

    def __init__(self, here: Voyage, there: Voyage) -> None:
        self.clients: dict[str, Client] = {"anonymous": Client()}
        self.programs: dict[str, Program] = {}
        for name, story in (("own", here), ("foreign", there)):
            for role in self.ROLES:
                user = story.officer.user if role == "officer" else world.member(role, story.city)
                self._enter(f"{name} {role}", user)
        self._enter("coordinator", world.member("coordinator", None))

    def _enter(self, name: str, user: Any) -> None:
        client = Client()
        client.force_login(user)
        self.clients[name] = client
        self.programs[name] = Program(user)
        self.programs[f"{name}, reading only"] = Program(user, scopes=("read",))
