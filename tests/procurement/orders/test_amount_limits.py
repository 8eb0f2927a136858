"""Tests of impossible amounts: actions, pages and the API refuse them at their field, before the database would."""

from decimal import Decimal
from typing import Any

import pytest

from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.create import OrderEdit, edit_order
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story
from workflow.api.sql_cache import clear_cache

TOO_LARGE = Decimal("9999999999999999.99")
INVALID_AMOUNTS = [
    TOO_LARGE,
    Decimal(10**12) + 1,
    Decimal(-1),
    Decimal("NaN"),
    Decimal("Infinity"),
    Decimal("1e400"),
]


@pytest.mark.parametrize("field", ["extra_costs", "taxes"])
@pytest.mark.parametrize("amount", INVALID_AMOUNTS, ids=str)
def test_negative_or_excessive_order_cost_is_refused_at_its_field(
    story: Story, field: str, amount: Decimal
) -> None:
    order = story.draft()
    with assert_refused("bad_amount", order) as caught:
        edit_order(order, OrderEdit(**{field: amount}), by=story.officer.by, at=AT)
    assert caught.value.details["field"] == field
    assert "1,000,000,000,000" in str(caught.value)


def test_highest_allowed_cost_is_stored_and_counted(story: Story) -> None:
    order = story.draft()
    edit_order(
        order, OrderEdit(extra_costs=Decimal(10**12), taxes=Decimal("0.005")), by=story.officer.by, at=AT
    )
    assert order.total == Decimal(10**12) + 5000
    assert sum(one.amount for one in order.payments.all()) == order.total


@pytest.mark.parametrize("value", INVALID_AMOUNTS, ids=str)
def test_negative_or_excessive_donation_value_is_refused_at_its_field(story: Story, value: Decimal) -> None:
    gift = story.gift()
    line = gift.lines.get()
    with assert_refused("bad_amount", gift, line) as caught:
        edit_order(gift, OrderEdit(), unit_values={line.pk: value}, by=story.officer.by, at=AT)
    assert caught.value.details["field"] == "unit_values"


def test_order_above_the_highest_possible_total_is_refused(story: Story) -> None:
    promised = story.promise(10_000)
    SupplierLead.objects.filter(pk=promised.lead_id).update(unit_price=Decimal(9_999_999_999))
    promised.lead.refresh_from_db()
    with assert_refused("bad_amount", promised) as caught:
        story.draft(promised)
    assert caught.value.details["field"] == "allocations"


COSTS: list[Any] = [
    *(
        "9999999999999999.99",
        "1000000000000.01",
        "-1",
        "NaN",
        "Infinity",
        "1e400",
        "1\0",
        "9" * 5000,
        "1.234",
    ),
    *(10**30, 1.5, True, None, [], {}),
]


@pytest.mark.parametrize("field", ["extra_costs", "taxes"])
def test_api_refuses_an_excessive_order_cost(story: Story, field: str, time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    clear_cache()
    order = story.draft()
    program = Program(story.officer.user)
    for value in COSTS:
        told = program.refused(f"orders/{order.reference}/edit/", {field: value})
        assert (told["status"], told["errors"][0]["pointer"]) == (422, f"#/{field}"), str(value)[:40]
    raw = program.client.post(
        f"/api/v1/orders/{order.reference}/edit/",
        f'{{"{field}": NaN}}',
        content_type="application/json",
        headers=program.headers,
    )
    assert raw.status_code in (400, 422)
    told = program.post(f"orders/{order.reference}/edit/", {field: "1000000000000.00"})
    assert told["total"] == "1000000005000.00"


def test_api_refuses_an_invalid_payment_amount_or_date(story: Story, time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    clear_cache()
    deposit = story.placed(bank_account=story.account()).payments.get(milestone="deposit")
    program = Program(story.officer.user)
    for amount in COSTS:
        if amount is None:
            continue
        refusal = program.refused(f"payments/{deposit.pk}/propose/", {"amount": amount, "reason": "x"})
        assert refusal["status"] in (409, 422), str(amount)[:40]
    for day in (
        "0001-01-01",
        "9999-12-31",
        "99999-01-01",
        "2020-02-30",
        "2020-04-16T00:00:00Z",
        20200416,
        None,
    ):
        refusal = program.refused(f"payments/{deposit.pk}/pay/", {"paid_on": day, "transfer": "TT"})
        assert refusal["status"] in (409, 422), day
    deposit.refresh_from_db()
    assert (deposit.status, deposit.amount) == ("planned", 1500)
