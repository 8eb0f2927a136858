"""Tests of creating an order: lines from allocations, totals and planned payments."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.allocations.actions import reduce_allocation, undo_allocation
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.create import (
    OrderEdit,
    choose_account,
    create_donation,
    create_order,
    edit_order,
)
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import PaymentShare
from procurement.suppliers.actions.bank_accounts import retire_account
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry


def test_order_takes_lines_prices_and_terms_from_its_allocations(story: Story) -> None:
    promised = story.promise(10_000, price="0.50")
    order = story.draft(promised)
    line = order.lines.get()
    assert (order.reference, order.status, order.kind) == ("PO-2020-0001", "draft", "purchase")
    assert (order.supplier, order.city, order.author) == (story.supplier, story.city, story.officer.user)
    assert (line.allocation, line.quantity, line.unit_price) == (promised, 10_000, Decimal("0.5000"))
    assert (order.currency, order.goods_total, order.total) == ("USD", Decimal("5000.00"), Decimal("5000.00"))
    assert (order.incoterm, order.incoterm_place) == ("FCA", "Zhongshan")
    promised.refresh_from_db()
    assert promised.status == Allocation.Status.ORDERED


def test_order_total_is_converted_at_the_stored_exchange_rate_of_the_day(story: Story) -> None:
    order = story.draft()
    assert order.total_in_city_currency == Decimal("7053.18")
    assert order.rate_on == date(2020, 4, 16)


def test_journal_entry_of_a_new_order_lists_its_lines(story: Story) -> None:
    promised = story.promise()
    order = story.draft(promised)
    entry = Entry.objects.get(thing_label="procurement.order", thing_id=order.pk)
    assert entry.verb == "draft"
    assert entry.facts["lines"] == [
        {"allocation": promised.reference, "quantity": 10_000, "unit_price": "0.5000"}
    ]


def test_planned_payments_of_a_new_order_add_up_to_the_cent(story: Story) -> None:
    order = story.draft(story.promise(7_001, price="0.3333"))
    planned = list(order.payments.order_by("pk").values_list("milestone", "percent", "status"))
    assert planned == [
        ("deposit", 30, "planned"),
        ("against_documents", 40, "planned"),
        ("after_inspection", 30, "planned"),
    ]
    assert sum(payment.amount for payment in order.payments.all()) == order.total
    assert {payment.currency for payment in order.payments.all()} == {"USD"}


def test_two_offers_of_one_supplier_become_one_order(story: Story) -> None:
    line = story.line(20_000)
    two = [story.promise(10_000, line=line), story.promise(10_000, line=line, price="0.60")]
    order = story.draft(*two)
    assert order.goods_total == Decimal("11000.00")
    assert [line.allocation for line in order.lines.order_by("pk")] == two


def test_order_without_an_allocation_is_refused(story: Story) -> None:
    with assert_refused("no_allocations"):
        create_order(story.city, [], author=story.officer.user, by=story.officer.by, at=AT)


def test_order_with_an_allocation_of_another_city_is_refused(story: Story) -> None:
    promised = story.promise()
    with assert_refused("another_city", promised):
        create_order(
            cities.city("markham"), [promised], author=story.officer.user, by=story.officer.by, at=AT
        )


def test_order_with_several_suppliers_is_refused(story: Story) -> None:
    line = story.line(20_000)
    other = story.company("江门另一家有限公司 DEMO")
    two = [story.promise(line=line), story.promise(line=line, supplier=other)]
    with assert_refused("several_suppliers", *two):
        story.draft(*two)


def test_order_with_several_currencies_is_refused(story: Story) -> None:
    line = story.line(20_000)
    two = [story.promise(line=line), story.promise(line=line, currency="CNY", price="3.50")]
    with assert_refused("several_currencies", *two):
        story.draft(*two)


def test_purchase_of_donated_goods_and_donation_of_goods_for_sale_are_refused(story: Story) -> None:
    sold, given = story.promise(), story.promise(kind="donation")
    with assert_refused("wrong_kind", given):
        story.draft(given)
    with assert_refused("wrong_kind", sold):
        story.gift(sold)


def test_order_of_an_offer_without_a_price_is_refused(story: Story) -> None:
    promised = story.promise(price=None)
    with assert_refused("price_missing", promised):
        story.draft(promised)


def test_allocation_already_ordered_cannot_be_ordered_again(story: Story) -> None:
    order = story.draft()
    promised = order.lines.get().allocation
    with assert_refused("wrong_status", promised, order):
        story.draft(promised)


def test_ordered_allocation_cannot_be_undone_or_reduced_directly(story: Story) -> None:
    promised = story.draft().lines.get().allocation
    with assert_refused("wrong_status", promised):
        undo_allocation(promised, reason="changed my mind", by=story.officer.by, at=AT)
    with assert_refused("wrong_status", promised):
        reduce_allocation(promised, 10, reason="changed my mind", by=story.officer.by, at=AT)


def test_order_by_a_role_without_ordering_permission_is_refused(story: Story) -> None:
    promised = story.promise()
    for person in (story.approver, story.verifier, story.logistics, story.observer, story.stranger):
        with assert_refused("not_allowed", promised):
            create_order(story.city, [promised], author=person.user, by=person.by, at=AT)


def test_order_with_invalid_payment_shares_stores_nothing(story: Story) -> None:
    promised = story.promise()
    with assert_refused("bad_shares", promised):
        story.draft(promised, shares=[PaymentShare("deposit", 30), PaymentShare("against_documents", 60)])
    assert not Order.objects.exists()
    assert not Payment.objects.exists()


def test_deposit_above_30_percent_requires_a_reason(story: Story) -> None:
    promised = story.promise()
    shares = [PaymentShare("deposit", 50), PaymentShare("after_inspection", 50)]
    with assert_refused("deposit_too_high", promised) as caught:
        story.draft(promised, shares=shares)
    assert caught.value.details["field"] == "deposit_reason"
    order = story.draft(promised, shares=shares, deposit_reason="Every maker asks half at the moment.")
    assert order.payments.count() == 2


def test_bank_account_of_another_supplier_or_retired_account_is_refused(story: Story) -> None:
    promised = story.promise()
    other = story.account(story.company("江门另一家有限公司 DEMO"))
    with assert_refused("another_account", promised):
        story.draft(promised, bank_account=other)
    retired = retire_account(story.account(), reason="closed", by=story.officer.by, at=AT)
    with assert_refused("another_account", promised):
        story.draft(promised, bank_account=retired)


def test_bank_account_of_a_placed_order_is_changed_with_a_reason(story: Story) -> None:
    order = story.placed()
    account = story.account(confirmed=False)
    with assert_refused("reason_missing", order):
        choose_account(order, account, reason=" ", by=story.officer.by, at=AT)
    choose_account(
        order, account, reason="They wrote that the old one is closed.", by=story.officer.by, at=AT
    )
    assert order.bank_account == account


def test_added_costs_change_totals_and_planned_payments(story: Story) -> None:
    order = story.draft()
    edit_order(
        order,
        OrderEdit(extra_costs=Decimal(400), taxes=Decimal(100), promised_on=date(2020, 5, 1)),
        by=story.officer.by,
        at=AT,
    )
    assert (order.total, order.promised_on) == (Decimal("5500.00"), date(2020, 5, 1))
    assert order.total_in_city_currency is not None
    assert order.total_in_city_currency > Decimal("7053.18")
    assert list(order.payments.order_by("pk").values_list("amount", flat=True)) == [1650, 2200, 1650]


def test_edit_without_a_change_of_total_does_not_recalculate_payments(story: Story) -> None:
    order = story.draft()
    edit_order(order, OrderEdit(budget_line="4711"), by=story.officer.by, at=AT)
    assert not Entry.objects.filter(verb="recalculate").exists()


def test_goods_total_and_offer_values_of_an_order_cannot_be_edited(story: Story) -> None:
    order = story.draft()
    with pytest.raises(TypeError, match="goods_total"):
        OrderEdit(goods_total=Decimal(1))
    line = order.lines.get()
    with assert_refused("not_editable", order, line):
        edit_order(order, OrderEdit(), unit_values={line.pk: Decimal(1)}, by=story.officer.by, at=AT)


# --- donations --------------------------------------------------------------------------------------------------
def test_donation_names_the_city_of_its_contact_as_donor(story: Story) -> None:
    gift = story.gift()
    assert (gift.reference, gift.status) == ("DN-2020-0001", "offered")
    assert gift.donor_city == story.contact.city
    assert not gift.payments.exists()


def test_donation_without_a_contact_names_the_suppliers_city_as_donor(story: Story) -> None:
    promised = story.promise(kind="donation")
    SupplierLead.objects.filter(pk=promised.lead_id).update(contact=None)
    assert story.gift(promised).donor_city == cities.city("zhongshan")


def test_donation_without_a_price_has_no_total_until_a_value_is_given(story: Story) -> None:
    promised = story.promise(kind="donation", price=None)
    gift = story.gift(promised)
    assert (gift.currency, gift.goods_total, gift.total_in_city_currency) == ("CAD", 0, None)
    line = gift.lines.get()
    edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal("0.45")}, by=story.officer.by, at=AT)
    assert (gift.goods_total, gift.total_in_city_currency) == (Decimal("4500.00"), Decimal("4500.00"))


def test_value_and_donor_city_of_a_donation_may_be_given_on_creation(story: Story) -> None:
    promised = story.promise(kind="donation", price=None)
    gift = story.gift(promised, unit_values={promised.pk: Decimal("0.40")}, donor_city=cities.city("foshan"))
    assert gift.goods_total == Decimal("4000.00")
    assert gift.donor_city == cities.city("foshan")


@pytest.mark.parametrize("role", ["approver", "logistics", "observer"])
def test_donation_entered_by_approver_logistics_or_observer_is_refused(story: Story, role: str) -> None:
    promised = story.promise(kind="donation")
    person = getattr(story, role)
    with assert_refused("not_allowed", promised):
        create_donation(story.city, [promised], author=person.user, by=person.by, at=AT)


def test_number_of_recorded_quotes_follows_the_record_unless_edited(story: Story) -> None:
    order = story.draft()
    assert (order.offers_sought, order.offers_recorded) == (1, 1)
    line = order.lines.get().allocation.line
    for name in ("佛山安洁 DEMO", "东莞安洁 DEMO"):
        story.lead(line, supplier=story.company(name))
    edit_order(order, OrderEdit(budget_line="MED"), by=story.officer.by, at=AT)
    assert (order.offers_sought, order.offers_recorded) == (3, 3), "the record's number follows the record"
    edit_order(order, OrderEdit(offers_sought=4), by=story.officer.by, at=AT)
    story.lead(line, supplier=story.company("珠海安洁 DEMO"))
    edit_order(order, OrderEdit(budget_line="MED-2"), by=story.officer.by, at=AT)
    assert (order.offers_sought, order.offers_recorded) == (4, 4)
    story.lead(line, supplier=story.company("中山安洁 DEMO"))
    edit_order(order, OrderEdit(offers_sought=2), by=story.officer.by, at=AT)
    assert (order.offers_sought, order.offers_recorded) == (2, 5)
