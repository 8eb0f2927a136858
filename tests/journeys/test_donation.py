"""Masks are donated: offered by link, accepted, shipped, received with damage, inspected, thanked for."""

import pytest

from partners.exchanges.models import Exchange
from tests.journeys import steps
from tests.journeys.people_and_ticks import PartnerContact, Town, chinese_text, move_clock_to
from tests.journeys.steps import (
    answer_blocking_findings,
    assign_checks,
    post_a_need,
    submit_documents,
    write_the_order,
)

pytestmark = pytest.mark.usefixtures("journey")


@pytest.mark.every_way  # half a minute; test_huaian_to_oakville.py covers the part from the offer on in the usual run
def test_donation_of_zhongshan_arrives_partly_damaged_and_is_thanked():
    town, li_wei = Town(limit="100000"), PartnerContact()
    need = post_a_need(town)
    inquiry = steps.ask(town, need)
    move_clock_to("2020-04-17T01:00")

    # Zhongshan offers a donation: no price, one tick.
    lead = steps.offer(li_wei.opens(), gift="on", remark="山川异域，风月同天。")
    assert (lead.kind, lead.unit_price) == ("donation", None)
    helpers = (li_wei, PartnerContact("Wang Fang"))
    tasks = assign_checks(town, lead, *helpers)
    move_clock_to("2020-04-20T02:00")  # no mail goes out on a weekend
    for helper in helpers:
        checks = [task for task, who in tasks if who is helper]
        steps.report(helper.opens_about(*checks), *checks)
    for task, _who in tasks:
        town.officer.open(task).press("Accept the report")
    answer_blocking_findings(town, lead)
    town.verifier.open(lead).press("Verify offer")
    steps.allocate(town, need, lead, "10 000")

    # Customs needs the true value; then the city accepts.
    gift = write_the_order(town, lead)
    assert gift.reference.startswith("DN-")
    assert gift.donor_city.slug == "zhongshan"
    line = gift.lines.get()
    town.officer.open(gift).do("edit", **{f"value{line.pk}": "0,40"})
    town.officer.open(gift).do("accept")
    town.officer.open(gift).do("ready")

    # The goods come by air; one carton in ten is wet and half a carton is missing.
    shipment = steps.ship(town, gift)
    for side, due, leaves in (("export", "depart", "depart"), ("import", "deliver", "deliver")):
        clearance = shipment.clearances.get(side=side)
        submit_documents(town, shipment, due)
        town.logistics.open(shipment).do("file", clearance)
        town.logistics.open(shipment).do("release", clearance)
        town.logistics.open(shipment).do(leaves)
        if side == "export":
            town.logistics.open(shipment).do("arrive")
    lot = steps.count(
        town, shipment, accepted="8 500", rejected="1 000", missing="500", reason="箱子受潮，缺半箱"
    )
    shipped = shipment.lines.get()
    assert (shipped.accepted, shipped.rejected, shipped.missing) == (8_500, 1_000, 500)
    steps.release(town, lot)
    town.logistics.open(shipment).do("close")

    # The released pieces become an exchange, the rest of the need is open again, and Zhongshan is thanked.
    given = Exchange.objects.get(shipment_reference=shipment.reference)
    assert (given.from_city.slug, given.to_city.slug, given.quantity) == ("zhongshan", "burnaby", 8_500)
    (line,) = town.program.get(f"supply-requests/{need.reference}/")["lines"]
    assert (line["allocated"], line["released"]) == (8_500, 8_500)
    assert "8,500" in town.officer.open(f"/cities/{town.city.slug}/")
    town.officer.open(gift).do("thank")
    gift.refresh_from_db()
    assert gift.status == "thanked"
    move_clock_to("2020-04-22T02:00")
    mine = li_wei.opens_about(inquiry)
    assert lead.reference in mine
    assert shipment.reference in mine
    assert chinese_text("Check and send") in mine.buttons, "more may be added"
