"""Tests of the goods of a shipment as customs sees them: their countries, declared use, receivers and lines."""

import pytest

from procurement.customs.rules import shipment_consignment, travelling_lines
from procurement.orders.actions.approve import mark_ready
from procurement.shipments.models import Shipment
from tests.worlds.need_to_order import AT
from tests.worlds.rejected_goods import return_rejected_goods
from tests.worlds.shipments import Journey


@pytest.fixture
def shipment(story: Journey) -> Shipment:
    """Return a shipment by air of masks that were bought and masks that were given."""
    bought = story.ready(story.promise(10_000, line=story.line(10_000, facility_kinds=["hospital"])))
    given = story.accepted(story.promise(20_000, kind="donation"))
    return story.plan(bought, mark_ready(given, by=story.officer.by, at=AT))


def test_consignment_for_customs_has_countries_use_and_receiver_of_each_line(
    shipment: Shipment,
) -> None:
    lines = travelling_lines(shipment)
    seen = shipment_consignment(shipment, lines, AT.date())
    assert (seen.origin, seen.destination, seen.mode, seen.consignee) == ("CN", "CA", "air", "")
    assert [(one.use, one.acquisition_type, one.end_user_type) for one in seen.goods] == [
        ("medical", "purchase", "hospital"),
        ("medical", "donation", "municipality"),
    ]


def test_return_shipment_contains_the_lines_that_go_back(story: Journey, shipment: Shipment) -> None:
    story.delivered(shipment)
    first, second = shipment.lines.order_by("pk")
    wet = story.count(second, rejected=40, reason="Wet cartons.")
    story.receive(shipment, story.count(first), wet)
    returned = return_rejected_goods(story, shipment)
    assert travelling_lines(returned) == [second]
    assert travelling_lines(shipment) == [first, second]
