"""Tests of orders that count together against the approval limit, so that splitting an order does not avoid approval."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city, set_approval_limit
from procurement.orders.actions.approve import approve_order, submit_order
from procurement.orders.actions.close import cancel_order
from procurement.orders.models import Order
from procurement.orders.rules.blockers import (
    is_above_approval_limit,
    orders_counted_with,
    total_of_counted_orders,
)
from procurement.suppliers.actions.merging import merge_suppliers
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, LATER, Story
from workflow.errors import Refused

ONE_ORDER = Decimal("7053.18")  # 10,000 pieces in the city's currency


@pytest.fixture
def story() -> Story:
    story = Story()
    story.limit("10000")
    return story


@pytest.mark.django_db
class TestCountedTogether:
    def test_second_half_of_a_split_order_needs_an_approver(self, story: Story) -> None:
        first, second = story.approved(), story.draft(story.promise())
        assert orders_counted_with(second) == [first]
        assert total_of_counted_orders(second) == 2 * ONE_ORDER
        with assert_refused("not_ready", second) as caught:
            approve_order(second, by=story.officer.by, at=AT)
        assert first.reference in str(caught.value)
        submit_order(second, by=story.officer.by, at=AT)
        assert approve_order(second, by=story.approver.by, at=LATER).status == "approved"

    def test_orders_adding_up_exactly_to_the_limit_need_no_approver(self, story: Story) -> None:
        story.limit(str(2 * ONE_ORDER))
        story.approved()
        assert approve_order(story.draft(story.promise()), by=story.officer.by, at=AT).status == "approved"

    def test_draft_and_cancelled_orders_do_not_count_towards_the_limit(self, story: Story) -> None:
        story.draft()
        cancel_order(story.approved(story.promise()), reason="not needed", by=story.officer.by, at=AT)
        assert orders_counted_with(story.draft(story.promise())) == []

    def test_order_awaiting_approval_counts_towards_the_limit(self, story: Story) -> None:
        waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
        assert orders_counted_with(story.draft(story.promise())) == [waiting]

    def test_orders_of_another_supplier_count_only_when_the_maker_is_the_same(self, story: Story) -> None:
        first, trader = story.approved(), story.company("佛山市示例贸易有限公司")
        assert orders_counted_with(story.draft(story.promise(supplier=trader))) == []
        made = story.draft(story.promise(supplier=trader, maker=story.supplier))
        assert orders_counted_with(made) == [first]

    def test_orders_of_merged_companies_count_together(self, story: Story) -> None:
        first, other = story.approved(), story.company("佛山市示例贸易有限公司")
        second = story.draft(story.promise(supplier=other))
        merge_suppliers(story.supplier, into=other, reason="one company", by=story.officer.by, at=AT)
        assert orders_counted_with(Order.objects.get(pk=second.pk)) == [first]

    @pytest.mark.parametrize(("days", "counts"), [(89, True), (90, True), (91, False)])
    def test_orders_of_the_last_90_days_count_together(self, story: Story, days: int, counts: bool) -> None:
        first, second = story.approved(), story.draft(story.promise())
        Order.objects.filter(pk=first.pk).update(created_at=second.created_at - timedelta(days=days))
        assert is_above_approval_limit(second) is counts

    def test_city_setting_decides_how_many_days_of_orders_count_together(self, story: Story) -> None:
        first, second = story.approved(), story.draft(story.promise())
        Order.objects.filter(pk=first.pk).update(created_at=second.created_at - timedelta(days=10))
        correct_city(
            story.city, CityEdit(approval_days=9), by=CONSOLE_ACTOR, at=AT, reason="council decision"
        )
        assert not is_above_approval_limit(Order.objects.get(pk=second.pk))

    def test_order_with_an_unknown_total_makes_the_next_one_need_an_approver(self, story: Story) -> None:
        first, second = story.approved(), story.draft(story.promise())
        Order.objects.filter(pk=first.pk).update(total_in_city_currency=None)
        assert total_of_counted_orders(second) is None
        assert is_above_approval_limit(second)

    @pytest.mark.parametrize("days", [0, 367])
    def test_counting_period_outside_one_year_is_refused_at_its_field(self, story: Story, days: int) -> None:
        with pytest.raises(Refused) as caught:
            set_approval_limit(
                story.city, Decimal(10_000), days=days, by=CONSOLE_ACTOR, at=AT, reason="council decision"
            )
        assert caught.value.details["field"] == "days"


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_halves_approved_at_the_same_moment_passes() -> None:
    story = Story()
    story.limit("10000")
    halves = [story.draft().pk, story.draft(story.promise()).pk]
    barrier = Barrier(len(halves), timeout=20)

    def approve(pk: int) -> bool:
        try:
            barrier.wait()
            approve_order(Order.objects.get(pk=pk), by=story.officer.by, at=AT)
        except Refused as no:
            return no.code != "not_ready"
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(halves)) as pool:
        assert sorted(pool.map(approve, halves)) == [False, True]
