"""Tests of the status changes of an order and a payment that each role may make, in each status.

The table is written by hand and compared with the rules.
"""

from collections.abc import Callable

import pytest

from procurement.orders.actions.approve import mark_ready, submit_order
from procurement.orders.actions.close import cancel_order, decline_donation, write_off_order
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import PAYMENT_MOVES
from procurement.orders.rules.orders import ORDER_MOVES
from tests.procurement.refusals import open_verbs
from tests.worlds.completed_orders import LATE, completed_order, thanked_donation
from tests.worlds.need_to_order import AT, Story

PEOPLE = ("author", "second_officer", "approver", "verifier", "logistics", "observer", "stranger")


def cancelled_order(story: Story) -> Order:
    return cancel_order(story.placed(), reason="they raised the price", by=story.officer.by, at=AT)


def lost_order(story: Story) -> Order:
    return write_off_order(story.placed(), reason="the maker is gone", by=story.officer.by, at=AT)


def declined_donation(story: Story) -> Order:
    return decline_donation(story.gift(), reason="no room to store it", by=story.officer.by, at=AT)


def submitted_order(story: Story) -> Order:
    return submit_order(story.draft(), by=story.officer.by, at=AT)


def ready_donation(story: Story) -> Order:
    return mark_ready(story.accepted(), by=story.officer.by, at=AT)


# Status: how to reach it, and what each person may do then. No other person may do anything.
ORDER_ROWS: list[tuple[str, Callable[[Story], Order], dict[str, str]]] = [
    (
        "draft",
        lambda story: story.draft(),
        {
            "author": "edit share use_account submit approve hold cancel",
            "second_officer": "edit share use_account submit hold cancel",
            "approver": "hold",
            "logistics": "hold",
        },
    ),
    (
        "awaiting_approval",
        submitted_order,
        {
            "author": "use_account return hold cancel",
            "second_officer": "use_account hold cancel",
            "approver": "return approve hold",
            "logistics": "hold",
        },
    ),
    (
        "approved",
        lambda story: story.approved(),
        {
            "author": "use_account place hold cancel",
            "second_officer": "use_account place hold cancel",
            "approver": "hold",
            "logistics": "hold",
        },
    ),
    (
        "placed",
        lambda story: story.placed(),
        {
            "author": "use_account confirm reduce_quantity hold cancel write_off",
            "second_officer": "use_account confirm reduce_quantity hold cancel write_off",
            "approver": "hold",
            "logistics": "hold write_off",
        },
    ),
    (
        "confirmed",
        lambda story: story.confirmed(),
        {
            "author": "use_account correct_confirmation reduce_quantity ready hold cancel write_off",
            "second_officer": "use_account correct_confirmation reduce_quantity ready hold cancel write_off",
            "approver": "hold",
            "logistics": "hold write_off",
        },
    ),
    (
        "ready_to_ship",
        lambda story: story.ready(),
        {
            "author": "use_account correct_confirmation reduce_quantity hold cancel write_off",
            "second_officer": "use_account correct_confirmation reduce_quantity hold cancel write_off",
            "approver": "hold",
            "logistics": "hold write_off",
        },
    ),
    (
        "completed",
        completed_order,
        {"author": "hold", "second_officer": "hold", "approver": "hold", "logistics": "hold"},
    ),
    ("cancelled", cancelled_order, {}),
    ("lost", lost_order, {}),
    (
        "offered",
        lambda story: story.gift(),
        {
            "author": "edit accept decline hold",
            "second_officer": "edit accept decline hold",
            "approver": "accept hold",
            "logistics": "hold",
        },
    ),
    (
        "accepted",
        lambda story: story.accepted(),
        {
            "author": "edit reduce_quantity ready hold cancel write_off",
            "second_officer": "edit reduce_quantity ready hold cancel write_off",
            "approver": "edit hold",
            "logistics": "hold write_off",
        },
    ),
    (
        "ready_to_ship",
        ready_donation,
        {
            "author": "reduce_quantity hold cancel write_off",
            "second_officer": "reduce_quantity hold cancel write_off",
            "approver": "hold",
            "logistics": "hold write_off",
        },
    ),
    (
        "completed",
        lambda story: completed_order(story, gift=True),
        {"author": "thank", "second_officer": "thank"},
    ),
    ("thanked", thanked_donation, {}),
    ("declined", declined_donation, {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), ORDER_ROWS)
def test_allowed_order_actions_by_status_and_role(
    story: Story, status: str, reach: Callable[[Story], Order], expected: dict[str, str]
) -> None:
    order = reach(story)
    assert order.status == status
    people = {name: getattr(story, "officer" if name == "author" else name).by for name in PEOPLE}
    found = {name: open_verbs(ORDER_MOVES, order, by) for name, by in people.items()}
    assert found == {name: expected.get(name, "") for name in PEOPLE}


def test_order_permission_table_covers_every_status() -> None:
    assert {status for status, _reach, _expected in ORDER_ROWS} == set(Order.Status.values)


PAYMENT_ROWS: list[tuple[str, dict[str, str]]] = [
    (
        "planned",
        {
            "author": "recalculate set_due record_early_request propose cancel",
            "second_officer": "recalculate set_due record_early_request propose cancel",
            "approver": "recalculate set_due record_early_request propose",
            "logistics": "recalculate cancel",
        },
    ),
    (
        "proposed",
        {
            "author": "set_due withdraw_proposal cancel",
            "second_officer": "set_due withdraw_proposal pay cancel",
            "approver": "set_due withdraw_proposal pay",
            "logistics": "cancel",
        },
    ),
    ("paid", {}),
    ("cancelled", {}),
]


@pytest.mark.parametrize(("status", "expected"), PAYMENT_ROWS)
def test_allowed_payment_actions_by_status_and_role(
    story: Story, status: str, expected: dict[str, str]
) -> None:
    order = story.placed(bank_account=story.account())
    deposit = order.payments.get(milestone="deposit")
    if status in {"proposed", "paid"}:
        propose_payment(deposit, by=story.officer.by, at=LATE)
    if status == "paid":
        record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
    if status == "cancelled":
        cancel_order(order, reason="no longer needed", by=story.officer.by, at=LATE)
    deposit.refresh_from_db()
    assert deposit.status == status
    people = {name: getattr(story, "officer" if name == "author" else name).by for name in PEOPLE}
    found = {name: open_verbs(PAYMENT_MOVES, deposit, by) for name, by in people.items()}
    assert found == {name: expected.get(name, "") for name in PEOPLE}


def test_payment_permission_table_covers_every_status() -> None:
    assert {status for status, _expected in PAYMENT_ROWS} == set(Payment.Status.values)
