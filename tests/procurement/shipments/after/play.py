"""Claims of reliefs, and gifts on their way, played by actions."""

from decimal import Decimal
from typing import Any

from partners.models.people import Organisation
from procurement.orders.actions import deciding
from procurement.shipments.actions import customs
from procurement.shipments.actions.after.reliefs import correct_claim
from procurement.shipments.actions.customs import DeclaredLine
from procurement.shipments.actions.handouts import hand_out
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.thanks import ThanksPack
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.story import AT
from tests.workflow.files import picture, upload
from workflow import actions
from workflow.models.evidence import File
from workflow.models.tracked import Tracked


def declare(story: Voyage, shipment: Shipment | None = None, **facts: Any) -> ReliefClaim:
    """The claim of one declared line: masks for a Canadian city, relieved as goods for emergency use."""
    given = {
        "hs_code": "6307909870",
        "origin": "CN",
        "value": Decimal(5000),
        "currency": "USD",
        "relief": "CA-20-08",
        **facts,
    }
    lane = story.lane(shipment or story.plan(), "import")
    made = customs.declare(lane, number="1", lines=[DeclaredLine(**given)], by=story.logistics.by, at=AT)
    claim: ReliefClaim = made.relief_claims.get()
    return claim


def correct(story: Voyage, claim: ReliefClaim, **facts: Any) -> ReliefClaim:
    return correct_claim(claim, reason="From the tariff.", by=story.logistics.by, at=AT, **facts)


def rates(story: Voyage, claim: ReliefClaim, **facts: Any) -> ReliefClaim:
    """With both rates, and where they were read."""
    told = {"duty_percent": Decimal(18), "duty_source": "The tariff, 6307.90.99"}
    told |= {"tax_percent": Decimal(5), "tax_source": "Excise Tax Act, section 165"}
    return correct(story, claim, **{**told, **facts})


def brought(story: Voyage, thing: Tracked, name: str = "receipt.jpg") -> File:
    return actions.attach(thing, upload(picture(), name), by=story.officer.by, at=AT)


def hospital(story: Voyage) -> Organisation:
    return Organisation.objects.create(city=story.city, kind="hospital", name_en="North Shore Clinic DEMO")


def give(story: Voyage, lot: Lot, quantity: int, **where: Any) -> None:
    hand_out(
        lot,
        quantity,
        handed_on=DOOR.date(),
        author=story.logistics.user,
        by=story.logistics.by,
        at=DOOR,
        **where,
    )


def travelling_gift(story: Voyage) -> Shipment:
    return story.plan(deciding.ready(story.accepted(), by=story.officer.by, at=AT))


def pack_of(shipment: Shipment) -> ThanksPack:
    pack: ThanksPack = shipment.thanks_packs.get()
    return pack
