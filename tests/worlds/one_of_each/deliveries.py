"""Delivered goods: cartons, receipt, discrepancy, lot, destruction, return, distribution and thanks."""

from procurement.distribution.actions import distribute_lot
from procurement.logistics.actions.returns import plan_return
from procurement.quality.actions import record_inspection
from procurement.receiving.actions.cartons import record_carton
from procurement.receiving.actions.destruction import record_destruction
from procurement.receiving.actions.discrepancies import answer_discrepancy, settle_discrepancy
from procurement.receiving.rules.rejected_goods import RejectedPortion
from procurement.shipments.models import Shipment
from procurement.thanks.actions import ThankYouText, send_thank_you
from tests.worlds.one_of_each.marked_city import MarkedCity
from tests.worlds.shipments import DELIVERED_AT, passing_readings


def play_receipt(story: MarkedCity) -> None:
    """Receive a delivery with a damaged carton and ten rejected pieces."""
    things = story.things
    arrived = things["arrived shipment"] = story.delivered(story.plan(story.ready(story.allocated())))
    box = things["carton"] = arrived.cartons.order_by("pk")[0]
    seen = {"state": "damaged", "remark": story.say("carton"), "seen_by": story.logistics.user}
    record_carton(arrived, box, **seen, **story.at_arrival)
    line = arrived.lines.get()
    things["arrived allocation"] = line.order_line.allocation
    words = {"lot_number": story.say("lot"), "reason": story.say("discrepancy")}
    things["receipt"] = story.receive(
        arrived, story.count(line, rejected=10, **words), remark=story.say("receipt")
    )
    things |= {"lot": arrived.lots.get(), "thank_you": arrived.thank_yous.get()}


def play_rejected(story: MarkedCity) -> None:
    """Settle the discrepancy of the rejected goods, destroy some of them and send some back."""
    things, arrived, say = story.things, story.things["arrived shipment"], story.say
    line, me = arrived.lines.get(), {"author": story.logistics.user}
    case = things["discrepancy"] = things["receipt"].discrepancies.get()
    answer_discrepancy(case, answer=say("discrepancy"), **story.by_logistics)
    settle_discrepancy(case, outcome="accepted", words=say("discrepancy"), **story.by_officer)
    gone = {"reason": say("destruction"), "destroyed_on": DELIVERED_AT.date(), **me, **story.at_arrival}
    things["destruction"] = record_destruction(arrived, line, 2, **gone)
    back = {"mode": "sea", **story.texts("back shipment", "carrier", "reason"), **me, **story.by_logistics}
    things["back shipment"] = plan_return(arrived, [RejectedPortion(line, 2)], **back)


def play_distribution(story: MarkedCity) -> None:
    """Inspect the lot; release another one, distribute some of it and thank the contact."""
    things, lot = story.things, story.things["lot"]
    found = {"sampled": 200, "defects": 0, "verdict": "conditional", "readings": passing_readings(lot)}
    words = story.texts("inspection", "measured", "justification")
    things["inspection"] = record_inspection(
        lot, inspector=story.logistics.user, **found, **words, **story.at_arrival
    )
    released = story.released(story.plan(story.ready(story.allocated())))
    things["distribution"] = distribute_lot(
        released.lots.get(),
        10,
        distributed_on=DELIVERED_AT.date(),
        email="ward@roy.example",
        author=story.logistics.user,
        **story.texts("distribution", "place", "name"),
        **story.at_arrival,
    )
    text = ThankYouText(contact=story.contact, **story.texts("thank_you_message", "subject", "body"))
    who = {"author": story.officer.user, "by": story.officer.by, "at": DELIVERED_AT}
    sent = send_thank_you(released.thank_yous.get(), [text], language_pair="zh-en", **who)
    things["thank_you_message"] = sent.messages.get()


def play_open_delivery(story: MarkedCity) -> None:
    """Receive half of a delivery, with a thousand pieces missing and a damaged carton."""
    promised = story.allocated(quantity=2_000)
    shipment: Shipment = story.delivered(story.plan(story.ready(promised)))
    line, reason = shipment.lines.get(), story.say("open discrepancy")
    count = story.count(line, accepted=500, missing=500, reason=reason)
    receipt = story.receive(shipment, count, more_to_come=True)
    seen = {"state": "damaged", "pieces": 1_000, "unusable": 1_000, "remark": story.say("carton")}
    box = shipment.cartons.order_by("pk")[0]
    story.things |= {
        "dock": shipment,
        "carton seen": record_carton(shipment, box, seen_by=story.logistics.user, **seen, **story.at_arrival),
        "open discrepancy": receipt.discrepancies.get(),
        "quarantined lot": shipment.lots.get(),
    }
