"""Tests of how an order ends (cancelled, lost, reduced or completed) and of the effect on its allocations."""

from decimal import Decimal

from django.db import transaction

from procurement.orders.actions.close import (
    cancel_order,
    close_moot_orders,
    complete_order,
    reduce_quantity,
    thank_donor,
    write_off_order,
)
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.requests.actions.requests import withdraw_request
from tests.procurement.refusals import assert_refused
from tests.worlds.completed_orders import LATE, completed_order, mark_all_goods_released
from tests.worlds.need_to_order import AT, LATER, Story


def only_allocation(order: Order) -> OrderLine:
    return order.lines.get()


def test_cancelled_order_undoes_its_allocations_and_cancels_its_payments(story: Story) -> None:
    line = story.line(20_000)
    order = story.placed(story.promise(line=line), story.promise(line=line, price="0.60"))
    cancel_order(order, reason="The price was raised.", by=story.officer.by, at=LATER)
    assert order.status == "cancelled"
    assert {one.allocation.status for one in order.lines.all()} == {"undone"}
    assert {payment.status for payment in order.payments.all()} == {"cancelled"}
    line.refresh_from_db()
    assert (line.allocated, line.verified_free) == (0, 20_000)


def test_cancelling_an_order_keeps_paid_payments(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    deposit = order.payments.get(milestone="deposit")
    propose_payment(deposit, by=story.officer.by, at=LATE)
    record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
    cancel_order(order, reason="They raised the price.", by=story.officer.by, at=LATE)
    assert list(order.payments.order_by("pk").values_list("status", flat=True)) == [
        "paid",
        "cancelled",
        "cancelled",
    ]


def test_ready_order_is_cancelled_only_if_no_goods_are_in_a_shipment(story: Story) -> None:
    order = story.ready()
    line = only_allocation(order)
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(shipped=1)})
    with assert_refused("not_ready", order, line) as caught:
        cancel_order(order, reason="Changed our mind.", by=story.officer.by, at=AT)
    assert "in a shipment" in str(caught.value)
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(shipped=-1)})
    cancel_order(order, reason="Changed our mind.", by=story.officer.by, at=AT)
    assert (order.status, only_allocation(order).allocation.status) == ("cancelled", "undone")


def test_lost_order_frees_goods_that_never_arrived(story: Story) -> None:
    order = story.ready()
    write_off_order(order, reason="The maker is gone.", by=story.officer.by, at=LATER)
    assert order.status == "lost"
    assert only_allocation(order).allocation.status == "undone"


def test_lost_order_keeps_the_released_quantity_allocated(story: Story) -> None:
    order = story.ready()
    line = only_allocation(order)
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(shipped=4_000, departed=4_000, released=4_000)})
    write_off_order(order, reason="The rest was sold to someone else.", by=story.officer.by, at=LATER)
    line.refresh_from_db()
    assert (line.allocation.status, line.allocation.quantity) == ("fulfilled", 4_000)
    lead = line.allocation.lead
    assert lead.allocated == 4_000


def test_order_cannot_be_written_off_while_goods_are_in_transit(story: Story) -> None:
    order = story.ready()
    with transaction.atomic():
        apply_quantity_changes({only_allocation(order).pk: QuantityDelta(shipped=10_000, departed=10_000)})
    with assert_refused("not_ready", order, only_allocation(order)) as caught:
        write_off_order(order, reason="No news.", by=story.officer.by, at=LATER)
    assert caught.value.details["pieces"] == 10_000


def test_order_is_completed_when_all_goods_are_released(story: Story) -> None:
    order = completed_order(story)
    assert (order.status, order.completed_at) == ("completed", LATE)
    assert only_allocation(order).allocation.status == "fulfilled"


def test_order_without_received_goods_cannot_be_completed(story: Story) -> None:
    order = story.ready()
    with assert_refused("not_ready", order):
        complete_order(order, by=story.officer.by, at=LATER)


def test_order_with_open_quantities_cannot_be_completed(story: Story) -> None:
    order = story.ready()
    with transaction.atomic():
        apply_quantity_changes(
            {only_allocation(order).pk: QuantityDelta(shipped=9_000, departed=9_000, released=9_000)}
        )
    with assert_refused("not_ready", order) as caught:
        complete_order(order, by=story.officer.by, at=LATER)
    assert caught.value.details["pieces"] == 1_000


def test_order_quantity_can_be_reduced_only_to_the_shipped_quantity(story: Story) -> None:
    order = story.ready()
    line = only_allocation(order)
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(shipped=6_000)})
    with assert_refused("bad_quantity", order, line) as caught:
        reduce_quantity(order, line, 4_001, reason="They cannot make more.", by=story.officer.by, at=LATER)
    assert caught.value.details["left"] == 4_000
    reduce_quantity(order, line, 4_000, reason="They cannot make more.", by=story.officer.by, at=LATER)
    line.refresh_from_db()
    assert (line.quantity, line.unshipped_quantity, line.allocation.quantity) == (6_000, 0, 6_000)
    assert order.goods_total == Decimal("3000.00")
    assert list(order.payments.order_by("pk").values_list("amount", flat=True)) == [900, 1200, 900]


def test_order_line_reduced_to_zero_undoes_its_allocation(story: Story) -> None:
    order = story.placed()
    line = only_allocation(order)
    reduce_quantity(order, line, 10_000, reason="Sold out.", by=story.officer.by, at=LATER)
    line.refresh_from_db()
    assert (line.quantity, line.allocation.status) == (0, "undone")


def test_line_of_another_order_cannot_be_reduced(story: Story) -> None:
    order, other = story.placed(), story.placed(story.promise())
    with assert_refused("bad_quantity", order, only_allocation(other)):
        reduce_quantity(order, only_allocation(other), 10, reason="A slip.", by=story.officer.by, at=LATER)


def test_missing_order_line_cannot_be_reduced(story: Story) -> None:
    order = story.placed()
    with assert_refused("bad_quantity", order) as caught:
        reduce_quantity(order, OrderLine(pk=0), 10, reason="A slip.", by=story.officer.by, at=LATER)
    assert caught.value.details["left"] == 0


def test_shipping_more_than_the_ordered_quantity_is_refused(story: Story) -> None:
    order = story.ready()
    with assert_refused("more_than_ordered", only_allocation(order)) as caught, transaction.atomic():
        apply_quantity_changes({only_allocation(order).pk: QuantityDelta(shipped=10_001)})
    assert (caught.value.details["left"], caught.value.details["asked"]) == (10_000, 10_001)


def test_donor_can_be_thanked_only_once(story: Story) -> None:
    gift = completed_order(story, gift=True)
    thank_donor(gift, by=story.officer.by, at=LATE)
    assert (gift.status, gift.thanked_at) == ("thanked", LATE)
    with assert_refused("wrong_status", gift):
        thank_donor(gift, by=story.officer.by, at=LATE)


def test_purchase_cannot_be_thanked_for(story: Story) -> None:
    order = completed_order(story)
    with assert_refused("not_allowed", order):
        thank_donor(order, by=story.officer.by, at=LATE)


def test_periodic_job_closes_draft_orders_and_donations_of_withdrawn_needs(story: Story) -> None:
    line = story.line(40_000)
    draft = story.draft(story.promise(line=line))
    gift = story.gift(story.promise(line=line, kind="donation"))
    placed = story.placed(story.promise(line=line))
    accepted = story.accepted(story.promise(line=line, kind="donation"))
    other = story.draft(story.promise())
    withdraw_request(line.supply_request, reason="The province sends enough.", by=story.officer.by, at=LATER)
    assert close_moot_orders(LATER) == 4, "two ended, two marked"
    for order in (draft, gift, placed, accepted, other):
        order.refresh_from_db()
    assert (draft.status, gift.status, other.status) == ("cancelled", "declined", "draft")
    assert (placed.status, accepted.status) == ("placed", "accepted")
    assert set(Order.objects.flagged_for_decision()) == {placed, accepted}
    assert close_moot_orders(LATER) == 0
    reduce_quantity(
        placed, only_allocation(placed), 10_000, reason="Not needed any more.", by=story.officer.by, at=LATER
    )
    cancel_order(accepted, reason="Not needed any more.", by=story.officer.by, at=LATER)
    assert close_moot_orders(LATER) == 1, "nothing of the first is for that need any more"
    assert not Order.objects.flagged_for_decision().exists()


def test_released_quantities_leave_nothing_open_in_transit_or_to_ship(story: Story) -> None:
    line = only_allocation(mark_all_goods_released(story.ready()))
    assert (line.in_transit_quantity, line.open_quantity, line.unshipped_quantity) == (0, 0, 0)
