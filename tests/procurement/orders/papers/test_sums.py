"""The sums that a memo and a page tell of an order: what is still to be paid. Pure."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from procurement.orders.gathering import money
from procurement.orders.models import Order, Payment


@pytest.mark.parametrize(("status", "share", "rows"), [("approved", "20%", 1), ("cancelled", "50%", 2)])
def test_a_payment_that_was_divided_otherwise_is_no_part_of_the_deposit(status, share, rows):
    deposit = {"milestone": "deposit", "amount": Decimal(10), "currency": "USD"}
    payments = [
        Payment(percent=30, status="cancelled", **deposit),
        Payment(percent=20, status="planned", **deposit),
    ]
    order = Order(kind="purchase", status=status)
    told = money.payments(SimpleNamespace(order=order, payments=payments))["blocks"]
    assert len(told[0]["rows"]) == rows
    assert told[1]["lines"][0].startswith(f"{share} before anything is shipped")
