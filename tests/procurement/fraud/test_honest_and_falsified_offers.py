"""Offers of 2020 and 2021 from honest companies, and a copy of each with falsified or missing facts.

No honest offer is blocked. The companies, their certificates and their figures are invented; the kinds of
certificates, goods, terms and dates are those of the time.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.suppliers import add_supplier
from procurement.suppliers.models.suppliers import Supplier
from tests.worlds.fraud_cases import FraudStory, offer_facts
from tests.worlds.need_to_order import AT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-corpus")]
FOLDER = Path(__file__).parent
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (FOLDER / "corpus" / "offers.jsonl").read_text(encoding="utf-8").splitlines()
]
CASES = FOLDER.parents[2] / "docs" / "fraud_cases.md"
MIN_OFFERS = 60
DAYS = frozenset({"founded_on", "issued_on", "valid_until", "since", "answered_on"})


def action_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts in the types of the actions: dates, and exact amounts."""
    read = {name: date.fromisoformat(value) if name in DAYS else value for name, value in facts.items()}
    return read | ({"unit_price": Decimal(read["unit_price"])} if "unit_price" in read else {})


def falsified_copy(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same offer with its change made."""
    change = row["change"]
    merged = {name: {**row[name], **change.get(name, {})} for name in ("seller", "offer")}
    return {**row, **change, **merged}


def findings_on_entry(fraud_story: FraudStory, row: Mapping[str, Any]) -> dict[str, Finding]:
    """Return the findings about an offer on its day, by code. The offer is rolled back afterwards."""
    with transaction.atomic():
        lead = enter_and_screen(fraud_story, row)
        found = {one.code: one for one in lead.findings.exclude(status="resolved")}
        transaction.set_rollback(True)
    return found


def enter_and_screen(fraud_story: FraudStory, row: Mapping[str, Any]) -> SupplierLead:
    """Enter an offer with everything known about it, and screen it on its day."""
    offer = action_facts(row["offer"])
    at = datetime.combine(date.fromisoformat(offer.pop("day")), AT.timetz(), tzinfo=UTC)
    if "other" in row:
        enter_company(fraud_story, row["other"], at)
    seller = enter_company(fraud_story, row["seller"], at)
    maker = enter_company(fraud_story, row["maker"], at) if row["maker"] else None
    for paper in row["papers"]:
        fraud_story.enter_certificate(seller, at=at, **action_facts(paper))
    if "same_paper" in row:
        for shows in (seller, fraud_story.enter_company("One more maker")):
            fraud_story.enter_certificate(shows, at=at, **row["same_paper"])
    for look in row.get("lookups", ()):
        fraud_story.record_lookup(seller, at=at, **action_facts(look))
    if "account" in row:
        fraud_story.enter_account(seller, number="6222 0000 0000 0017", at=at, **row["account"])
    return enter_offer(fraud_story, seller, maker, offer, at, row.get("chain", offer.pop("chain", ())))


def enter_company(fraud_story: FraudStory, facts: Mapping[str, Any], at: datetime) -> Supplier:
    """Enter a company on the day of the offer."""
    given = action_facts(facts)
    name = f"{given.pop('name')} DEMO"
    return add_supplier(
        legal_name_local=name, entered_by=fraud_story.officer.user, by=fraud_story.officer.by, at=at, **given
    )


def enter_offer(
    fraud_story: FraudStory,
    seller: Supplier,
    maker: Supplier | None,
    offer: dict[str, Any],
    at: datetime,
    chain: Any,
) -> SupplierLead:
    product, stock = offer.pop("product"), offer.pop("stock")
    line = fraud_story.line(
        stock or 1_000,
        product,
        declared_use=offer.pop("needed", "medical"),
        facility_kinds=offer.pop("facility_kinds", ["municipality"]),
    )
    line.standards.set(Standard.objects.filter(code__in=offer.pop("asked", ())))
    standard = offer.pop("standard", "")
    lead = draft_lead(
        fraud_story.city,
        line=line,
        product=Product.objects.get(code=product),
        supplier=seller,
        maker=maker,
        stock_quantity=stock,
        standard=Standard.objects.get(code=standard) if standard else None,
        referred_by=list(chain),
        author=fraud_story.officer.user,
        by=fraud_story.officer.by,
        at=at,
        **{"declared_use": "medical", **offer_facts(offer, at)},
    )
    submit_lead(lead, by=fraud_story.officer.by, at=at)
    return rescreen_lead(lead, at=at)


@pytest.mark.parametrize(
    "row",
    [  # the usual run takes every fourth offer
        pytest.param(row, id=row["seller"]["name"], marks=[] if number % 4 == 0 else [pytest.mark.every_way])
        for number, row in enumerate(ROWS)
    ],
)
def test_honest_offer_is_not_blocked_and_its_falsified_copy_is_found(fraud_story, row):
    honest = findings_on_entry(fraud_story, row)
    assert not [one.code for one in honest.values() if one.severity == "block"]
    twin = findings_on_entry(fraud_story, falsified_copy(row))
    if row.get("missed"):
        assert set(twin) == set(honest)
        return
    assert row["finds"]
    assert set(row["finds"]) <= set(twin) - set(honest)


def test_fraud_corpus_offers_are_distinct_and_match_the_documented_figures():
    assert len(ROWS) >= MIN_OFFERS
    assert len({row["seller"]["name"] for row in ROWS}) == len(ROWS)
    missed = [row for row in ROWS if row.get("missed")]
    stated = re.search(
        r"(\d+) honest offers, (\d+) of them blocked. (\d+) falsified twins: (\d+) found, (\d+) missed",
        " ".join(CASES.read_text(encoding="utf-8").split()),
    )
    assert stated is not None
    figures = (len(ROWS), 0, len(ROWS), len(ROWS) - len(missed), len(missed))
    assert tuple(map(int, stated.groups())) == figures
