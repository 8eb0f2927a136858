"""A purchase of Burnaby in Zhongshan, from the need to the released lot, through pages, links, periodic job and API."""

import pytest

from tests.journeys import steps
from tests.journeys.people_and_ticks import PartnerContact, Town, mails_to, move_clock_to
from tests.journeys.steps import (
    answer_blocking_findings,
    assign_checks,
    post_a_need,
    submit_documents,
    write_the_order,
)
from workflow.outbox.models import Notification

pytestmark = pytest.mark.usefixtures("journey")


@pytest.mark.every_way  # half a minute; test_zhongshan_to_burnaby.py covers the part from the order on in the usual run
def test_masks_bought_in_zhongshan_reach_ward_as_released_lot():
    town, li_wei = Town(limit="1000"), PartnerContact()

    # Burnaby asks; the letter arrives in the morning in Zhongshan, in Chinese, with a link.
    need = post_a_need(town)
    inquiry = steps.ask(town, need)
    assert li_wei.mails() == [], "it is past midnight in Zhongshan"
    move_clock_to("2020-04-17T01:00")
    assert len(li_wei.mails()) == 1

    # Li Wei opens the link and answers two days later, without an account.
    li_wei.opens()
    move_clock_to("2020-04-19T01:00")
    lead = steps.offer(li_wei.opens(), price="3.50", currency="CNY", remark="厂家可以安排看货。")
    inquiry.refresh_from_db()
    assert (inquiry.status, lead.status, lead.line.supply_request) == ("answered", "received", need)
    assert "厂家可以安排看货。" in town.officer.open(inquiry).follow(lead.reference)

    # Checks are assigned. One report comes only after a reminder, is returned with a question, and comes again.
    helpers = (PartnerContact("Wang Fang"), li_wei)
    *tasks, (slow, late) = assign_checks(town, lead, *helpers)
    move_clock_to("2020-04-20T02:00")
    for helper in helpers:
        checks, rest = [task for task, who in tasks if who is helper], [slow] if helper is late else []
        steps.report(helper.opens_about(*checks, *rest), *checks, later=rest)
    for task, _helper in tasks:
        town.officer.open(task).press("Accept the report")
    before = len(late.mails())
    move_clock_to("2020-04-23T02:00")
    slow.refresh_from_db()
    assert slow.reminder_count >= 1
    assert len(late.mails()) > before
    steps.report(late.opens_about(slow), slow, seen_on="2020-04-21")
    town.officer.open(slow).do("return", question="能否说明见到了多少箱？")
    move_clock_to("2020-04-24T02:00")
    again = late.opens_about(slow)
    assert "能否说明见到了多少箱？" in again
    steps.report(again, slow, seen_on="2020-04-21", summary="约两百箱。")
    assert "约两百箱。" in town.officer.open(slow)
    town.officer.open(slow).press("Accept the report")

    # A second person verifies; the goods are allocated and ordered; a third person approves.
    answer_blocking_findings(town, lead)
    town.verifier.open(lead).press("Verify offer")
    assert "Allocate goods" in town.officer.open(need)
    steps.allocate(town, need, lead, "10 000")
    order = write_the_order(town, lead)
    town.officer.open(order).do("edit", offers_sought="1", few_offers_reason="Only one maker had stock.")
    town.officer.open(order).do("submit")
    assert order.reference in town.approver.open("/").text
    town.approver.open(order).do("approve")
    for verb in ("place", "confirm", "ready"):
        town.officer.open(order).do(verb)

    # The shipment departs after its documents are submitted and export customs released it; the carrier's system sends its events.
    shipment = steps.ship(town, order)
    assert "What is blocking this shipment" in town.logistics.open(shipment)
    submit_documents(town, shipment, "depart")
    clearance = shipment.clearances.get(side="export")
    town.logistics.open(shipment).do("file", clearance, office="广州海关")
    town.logistics.open(shipment).do("release", clearance)
    town.logistics.open(shipment).do("depart")
    heard = {
        "shipment": shipment.reference,
        "code_system": "iata",
        "code": "DEP",
        "occurred_at": "2020-04-24T02:00:00Z",
        "place": "CAN",
    }
    town.program.post("tracking-events/", heard)
    assert town.program.get(f"shipments/{shipment.reference}/")["status"] == "in_transit"
    town.logistics.open(shipment).do("arrive")

    # Import customs holds the shipment until the question is answered.
    clearance = shipment.clearances.get(side="import")
    town.logistics.open(shipment).do("file", clearance, office="CBSA Vancouver")
    town.logistics.open(shipment).follow("Record customs hold").press(
        "Add", reason="No value", question="Value of the goods?"
    )
    hold = clearance.holds.get()
    assert "Value of the goods?" in town.logistics.open(shipment)
    assert town.logistics.client.post(f"{shipment.get_absolute_url()}deliver/").status_code == 422
    assert town.program.get(f"shipments/{shipment.reference}/")["held"] is True
    town.logistics.open(shipment).do("end", hold, answer="CNY 35,000, see the invoice.")
    submit_documents(town, shipment, "deliver")
    town.logistics.open(shipment).do("release", clearance)
    town.logistics.open(shipment).do("deliver")

    # Received, inspected, released: the need is covered; Li Wei sees the result by the old link.
    steps.release(town, steps.count(town, shipment))
    town.logistics.open(shipment).do("close")
    order.refresh_from_db()
    assert order.status == "completed"
    (line,) = town.program.get(f"supply-requests/{need.reference}/")["lines"]
    assert (line["quantity"], line["allocated"], line["released"]) == (10_000, 10_000, 10_000)
    town.officer.open(need).do("fulfil")
    need.refresh_from_db()
    assert need.status == "fulfilled"
    move_clock_to("2020-04-25T02:00")
    heard = Notification.objects.filter(recipient=town.officer_person).values_list("kind", flat=True)
    assert set(heard) == {"questions", "checks", "orders"}, (
        "the officer heard of the answer, reports and approval"
    )
    assert {mail["Subject"].rpartition(" · ")[2] for mail in mails_to(town.officer_person)} == {
        "A payment is due"
    }, "answer, reports and approval were acted on before their mail could go; only the payments wait"
