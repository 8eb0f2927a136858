"""Tests of the facts that an order's page reads once: they equal those that a move reads, in the same order."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.orders.models import Order
from procurement.orders.rules.blockers import GOODS_RELATIONS, companies_of, leads_of, lines_of
from procurement.orders.rules.fact_cache import cache_order_facts
from tests.worlds.need_to_order import Story


def test_cached_facts_equal_the_facts_read_in_whatever_order_their_lines_come(story: Story) -> None:
    makers = [story.company(name) for name in ("番禺制造 DEMO", "黄埔制造 DEMO")]
    line = story.line(40_000)
    goods = [
        story.promise(line=line, maker=maker, price=price)
        for maker, price in zip(makers, ("0.50", "0.60"), strict=True)
    ]
    order = story.draft(*reversed(goods), story.promise(line=line, price="0.70"))
    read = Order.objects.get(pk=order.pk)
    facts = lines_of(read), leads_of(read), companies_of(read)
    assert [len(each) for each in facts] == [3, 3, 3]
    for rows in (facts[0], list(reversed(facts[0]))):
        page = Order.objects.select_related("supplier", "city").get(pk=order.pk)
        lines = page.lines.select_related(*GOODS_RELATIONS).in_bulk([row.pk for row in rows])
        cache_order_facts(page, [lines[row.pk] for row in rows])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert (lines_of(page), leads_of(page), companies_of(page)) == facts
            suppliers = [lead.supplier for lead in leads_of(page)]
            cities = [lead.city for lead in leads_of(page)]
        assert len(queries) == 0
        assert all(one is page.supplier for one in suppliers)
        assert all(one is page.city for one in cities)


def test_facts_of_an_order_without_cache_are_read_each_time(story: Story) -> None:
    order = story.draft()
    before = lines_of(order)
    order.lines.update(quantity=7)
    assert [line.quantity for line in before] == [10_000]
    assert [line.quantity for line in lines_of(order)] == [7]
