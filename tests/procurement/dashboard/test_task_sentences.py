"""Tests of the sentences on the start page ("Today"), which name the goods and the company besides a reference."""

from datetime import date

import pytest

from procurement.dashboard.todo_items import read_items
from procurement.dashboard.views import KIND_BY_CODE
from procurement.orders.actions.holds import hold_order
from procurement.orders.models import Order
from procurement.receiving.models import Discrepancy
from procurement.shipments.models import Shipment
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


def row_sentence(kind, person):
    waiting = {KIND_BY_CODE[kind]: KIND_BY_CODE[kind].first_pks(person.by, DELIVERED_AT.date())}
    return [str(row.sentence) for row in read_items(waiting, person.by, DELIVERED_AT)]


def test_receiving_row_names_goods_and_route(story):
    shipment = story.delivered()
    goods = shipment.lines.get()
    name = goods.order_line.allocation.lead.product.name.partition(" (")[0]
    (words,) = row_sentence("to_receive", story.logistics)
    assert words == f"Receive {name} × {goods.quantity:,}, Guangzhou to Vancouver"


def test_hold_row_of_an_order_names_goods_and_company(story):
    order = story.placed()
    hold_order(
        order, reason="Prices are under review.", held_until=date(2020, 4, 20), by=story.officer.by, at=AT
    )
    line = order.lines.get()
    goods = f"{line.allocation.lead.product.name}, {line.quantity:,} pieces"
    (words,) = row_sentence("held_orders", story.officer)
    assert words.startswith(f"The hold on {goods} from {order.supplier.name} ends on 20 Apr")


def test_rows_of_a_withdrawn_need_name_goods_company_and_route(story):
    order = story.placed()
    line = order.lines.get()
    Order.objects.filter(pk=order.pk).update(decision_needed_since=AT)
    goods = f"{line.allocation.lead.product.name}, {line.quantity:,} pieces"
    (words,) = row_sentence("orders_adrift", story.officer)
    assert words == f"Decide what to do with {goods} from {order.supplier.name}: the need was withdrawn"


def test_alert_row_names_goods_and_route(story):
    shipment = story.delivered()
    Shipment.objects.filter(pk=shipment.pk).update(status="in_transit", risk=5, alerts=["no_hand_over"])
    (words,) = row_sentence("alerts", story.logistics)
    assert ", Guangzhou to Vancouver: " in words


def test_lot_and_discrepancy_rows_name_goods_and_company(story):
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(shipment, story.count(line, rejected=40, reason="Wet cartons."))
    company = line.order_line.order.supplier.name
    name = line.order_line.allocation.lead.product.name.partition(" (")[0]
    (lot,) = row_sentence("lots", story.logistics)
    assert lot == f"Inspect lot L-2020-04 from {company}: {name} × {line.quantity - 40:,}"
    assert Discrepancy.objects.get().created_at > AT
    (case,) = row_sentence("discrepancies", story.officer)
    assert case == f"Settle the discrepancy with {company}: {name} × 40 (rejected)"
