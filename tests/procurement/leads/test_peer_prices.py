"""Tests of peer quotes for a price: the latest quote of each other company, with merged companies counted as one."""

from decimal import Decimal

import pytest

from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import usual_mode
from procurement.leads.queries.prices import comparable_quotes
from procurement.leads.rules.landed_cost import TransportMode
from procurement.suppliers.actions.merging import merge_suppliers
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT


def priced_offer(story, company, price):
    facts = {"currency": "CAD", "unit_price": Decimal(price), "incoterm": "FCA"}
    return submitted_offer(story, supplier=company, **facts)


def test_merged_companies_count_as_one_peer_with_their_latest_quote(story):
    mine = priced_offer(story, story.supplier, "0.50")
    names = ("甲", "乙", "丙", "丁", "戊", "己")
    first, second, third, *own = [story.company(f"{name}口罩厂 DEMO") for name in names]
    for company, price in (
        (second, "0.61"),
        (third, "0.62"),
        (first, "0.60"),
        (own[0], "0.70"),
        (own[1], "0.71"),
    ):
        priced_offer(story, company, price)
    for row, into in ((first, second), (second, third), (own[0], own[1]), (own[1], story.supplier)):
        merge_suppliers(row, into=into, reason="one company", by=story.officer.by, at=AT)
    mine.refresh_from_db()
    assert comparable_quotes(mine, AT.date()).prices == [Decimal("0.6000")]


@pytest.mark.parametrize(
    ("incoterm", "mode"), [("FAS", TransportMode.SEA), ("fas", TransportMode.SEA), ("fca", TransportMode.AIR)]
)
def test_incoterm_is_recognized_in_any_spelling(incoterm, mode):
    assert usual_mode(SupplierLead(incoterm=incoterm)) is mode
