"""Goods on their way, day by day: each step an action of whoever has it to do, on the practice clock, so that pages show that day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from partners.models.people import Organisation
from procurement.orders.models.order import Order
from procurement.shipments.actions import arrivals, inspections, planning
from procurement.shipments.actions.customs import begin_paper, file_paper, ready_paper
from procurement.shipments.actions.handouts import hand_out
from procurement.shipments.actions.made import make_paper
from procurement.shipments.actions.planning import Load
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.customs import CustomsLane, CustomsPaper
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.inspections import Reading
from procurement.shipments.rules.receipts import Count
from procurement.suppliers.actions import companies
from tests import world
from tests.browsing import Browser, Page
from tests.procurement.shipments.papers.play import keep
from tests.procurement.shipments.play import measured
from tests.procurement.story import AT, Person, Story
from workflow.clock import move_on
from workflow.journal import seals

BOXES = {"carton_pieces": 1_000, "carton_kg": Decimal("8.50"), "pallet_cartons": 4}


class Passage(Story):
    """A city and what travels to it. `at` is the moment it has come to."""

    at: datetime = AT

    def day(self, moment: str) -> None:
        """Let it become this moment (UTC)."""
        self.at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        move_on(self.at)

    def does[T](self, action: Callable[..., T], *things: Any, who: Person | None = None, **facts: Any) -> T:
        """An action of somebody, now; of logistics, unless said otherwise."""
        return action(*things, by=(who or self.logistics).by, at=self.at, **facts)

    def sees(self, person: Person, thing: Any) -> Page:
        """A page as one of them sees it now."""
        return Browser(person.user).open(thing)

    @cached_property
    def broker(self) -> Person:
        """A customs broker of the city."""
        return self.person("broker")

    @cached_property
    def hospital(self) -> Organisation:
        """Where masks are worn."""
        return world.organisation(
            self.city, "hospital", name_en=f"{self.city} Hospital DEMO", phone="+1 905 000 0000"
        )

    def introduce(self) -> None:
        """The maker says where it is."""
        companies.correct(self.supplier, by=self.officer.by, at=AT, address="示范路8号")

    def plan(self, order: Order, **facts: Any) -> Shipment:
        """A shipment of all that an order still has to ship."""
        loads = [Load(line, line.to_ship) for line in order.lines.order_by("pk")]
        return self.does(planning.plan, loads, author=self.logistics.user, **facts)

    def asked(self, shipment: Shipment, side: str) -> set[str]:
        """The papers that are asked for on a side and block."""
        rows = shipment.papers.filter(lane__side=side, blocks=True)
        return set(rows.values_list("code", flat=True))

    def makes(self, kind: str, thing: Shipment | Order, order: Order | None = None) -> MadePaper:
        """A paper made from the record, in Chinese and English."""
        of = {"shipment": thing, "order": order} if isinstance(thing, Shipment) else {"order": thing}
        given = {"tongues": "zh-en", "author": self.officer.user, "who": self.officer, **of}
        made = self.does(make_paper, kind, **given)
        keep(made)
        return made

    def hands_in(self, shipment: Shipment, due: str, who: Person | None = None) -> list[CustomsPaper]:
        """Every paper that blocks a step, from wherever it stands to handed in."""
        steps = {"missing": begin_paper, "draft": ready_paper, "ready": file_paper}
        papers = list(shipment.papers.filter(blocks=True, due_before=due).order_by("pk"))
        for paper in papers:
            while paper.status in steps:
                self.does(steps[paper.status], paper, who=who)
        return papers

    def lane(self, shipment: Shipment, side: str) -> CustomsLane:
        """One of its two customs."""
        return shipment.lanes.get(side=side)

    def counts(self, shipment: Shipment, *counts: Count, **facts: Any) -> None:
        """What is counted at the door."""
        self.does(arrivals.receive, shipment, counts, received_by=self.logistics.user, **facts)

    def inspects(self, lot: Lot, verdict: str = "passed", **found: str) -> None:
        """A sample by the usual plan, with what was measured; the other firm limits are kept."""
        readings = measured(lot, *(Reading(key=key, value=Decimal(value)) for key, value in found.items()))
        self.does(
            inspections.inspect,
            lot,
            sampled=min(200, lot.quantity),
            defects=1,
            verdict=verdict,
            inspector=self.logistics.user,
            readings=readings,
        )

    def hands_out(self, lot: Lot, quantity: int, **where: Any) -> None:
        """So much of a lot, to a place."""
        self.does(
            hand_out,
            lot,
            quantity,
            handed_on=self.city.day_at(self.at),
            author=self.logistics.user,
            **where,
        )


class Gift(Passage):
    """Huai’an gives, Oakville receives."""

    abroad = "huaian"
    maker = "淮安示范防护用品有限公司 DEMO"

    def __init__(self) -> None:
        super().__init__("oakville")

    def offered(self) -> Order:
        """Masks for the hospital and respirators for the town hall, one gift: two needs, two offers of one maker that were verified."""
        world.twinning("oakville", "huaian", signed="2016")
        self.introduce()
        wards = self.line(12_000, deliver_to="325 Reynolds Street, Oakville")
        masks = self.promise(12_000, line=wards, kind="donation", model="HA-2020 Type I", **BOXES)
        hall = self.line(
            2_000, product="RESP_KN95", declared_use="non_medical", deliver_to="1225 Trafalgar Road, Oakville"
        )
        given = {"kind": "donation", "declared_use": "non_medical", "standard": "GB2626-2006-KN95"}
        respirators = self.promise(2_000, line=hall, model="HA-95", **given, **BOXES)
        return self.gift(masks, respirators)


class Purchase(Passage):
    """Burnaby buys in Zhongshan."""

    def __init__(self) -> None:
        super().__init__("burnaby")


def whole() -> bool:
    """Whether every entry of the journal is sealed and fits the one before."""
    while seals.seal():
        pass
    return seals.verify().problem == ""


def on(day: str) -> date:
    """A day."""
    return date.fromisoformat(day)
