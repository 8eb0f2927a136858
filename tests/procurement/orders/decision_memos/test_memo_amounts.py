"""Tests of amounts in a memo: converted at the order's own rate, with the payments that count.

They use no database.
"""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from procurement.orders.decision_memos.content.money import payments_section
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment


def test_amounts_in_city_currency_are_converted_at_the_orders_own_rate():
    order = Order(
        goods_total=Decimal(5000), extra_costs=Decimal(100), total_in_city_currency=Decimal("7194.24")
    )
    assert order.to_city_currency(Decimal("0.50")) == Decimal("0.7053")
    assert (order.to_city_currency(Decimal(5100)), Order().to_city_currency(Decimal(1))) == (
        Decimal("7194.24"),
        None,
    )


@pytest.mark.parametrize(("status", "share", "rows"), [("approved", "20%", 1), ("cancelled", "50%", 2)])
def test_rescheduled_or_cancelled_payment_does_not_count_as_deposit_in_the_memo(status, share, rows):
    deposit = {"milestone": "deposit", "amount": Decimal(10), "currency": "USD"}
    payments = [
        Payment(percent=30, status="cancelled", **deposit),
        Payment(percent=20, status="planned", **deposit),
    ]
    order = Order(kind="purchase", status=status)
    told = payments_section(SimpleNamespace(order=order, payments=payments))["blocks"]
    assert len(told[0]["rows"]) == rows
    assert told[1]["lines"][0].startswith(f"{share} before shipping")
