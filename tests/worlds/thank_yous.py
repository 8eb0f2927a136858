"""Relief claims, and donations that are on their way, made by actions."""

from decimal import Decimal
from typing import Any

from partners.contacts.models import Organization
from procurement.customs.actions import DeclaredLine, add_declaration
from procurement.customs.duty_relief.actions import ClaimEdit, correct_claim
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.distribution.actions import distribute_lot
from procurement.orders.actions.approve import mark_ready
from procurement.quality.models import Lot
from procurement.shipments.models import Shipment
from procurement.thanks.models import ThankYou
from tests.workflow.files import picture, upload
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.base_models import JournaledModel
from workflow.comments_and_files.actions import attach_file
from workflow.uploads.models import File


def declared_relief_claim(story: Journey, shipment: Shipment | None = None, **facts: Any) -> ReliefClaim:
    """Declare one line, and return its relief claim.

    The goods are masks for a Canadian city, relieved as goods for emergency use.
    """
    given = {
        "hs_code": "6307909870",
        "origin": "CN",
        "value": Decimal(5000),
        "currency": "USD",
        "relief": "CA-20-08",
        **facts,
    }
    clearance = story.clearance(shipment or story.plan(), "import")
    made = add_declaration(clearance, number="1", lines=[DeclaredLine(**given)], by=story.logistics.by, at=AT)
    claim: ReliefClaim = made.relief_claims.get()
    return claim


def correct_amounts(story: Journey, claim: ReliefClaim, **facts: Any) -> ReliefClaim:
    return correct_claim(claim, ClaimEdit(**facts), reason="From the tariff.", by=story.logistics.by, at=AT)


def enter_rates(story: Journey, claim: ReliefClaim, **facts: Any) -> ReliefClaim:
    """Enter both rates of the claim, and their sources."""
    told = {"duty_percent": Decimal(18), "duty_source": "The tariff, 6307.90.99"}
    told |= {"tax_percent": Decimal(5), "tax_source": "Excise Tax Act, section 165"}
    return correct_amounts(story, claim, **{**told, **facts})


def attach_photo(story: Journey, thing: JournaledModel, name: str = "receipt.jpg") -> File:
    return attach_file(thing, upload(picture(), name), by=story.officer.by, at=AT)


def add_hospital(story: Journey) -> Organization:
    return Organization.objects.create(city=story.city, kind="hospital", name_en="North Shore Clinic DEMO")


def distribute(story: Journey, lot: Lot, quantity: int, **where: Any) -> None:
    distribute_lot(
        lot,
        quantity,
        distributed_on=DELIVERED_AT.date(),
        author=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
        **where,
    )


def departed_donation(story: Journey) -> Shipment:
    return story.plan(mark_ready(story.accepted(), by=story.officer.by, at=AT))


def thank_you_of(shipment: Shipment) -> ThankYou:
    thank_you: ThankYou = shipment.thank_yous.get()
    return thank_you
