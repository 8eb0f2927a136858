"""Tests that a screening rule blocks only if its source is reliable.

Each rule is tried again without the facts that make its source reliable.
"""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from procurement.leads.hooks import screening_rules
from procurement.leads.screening import rationales
from procurement.leads.screening.labels import DOWNGRADE_REASONS
from procurement.leads.screening.screen_offer import screen_offer
from tests.procurement.catalogue import catalogue_in_memory
from tests.procurement.leads.screening_cases import CASES, HONEST

# Grounds without an outside source: own words, one item at two companies, the answer of an issuer or of two people.
NEEDS_NONE = (
    rationales.CONTRADICTION,
    rationales.SHARED_BY_COMPANIES,
    rationales.ISSUER_ANSWER,
    rationales.DECIDED_BY_TWO,
    rationales.CALL_BACK,
)
RATIONALES = {code: rule.rationale for code, rule in screening_rules.get().items()}


def with_unreliable_sources(value: Any) -> Any:
    """Return the same facts without reliable sources: no row is reliable, and no public office has answered."""
    if isinstance(value, list | tuple):
        return [with_unreliable_sources(one) for one in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    weak: dict[str, Any] = {
        one.name: with_unreliable_sources(getattr(value, one.name)) for one in fields(value)
    }
    for name in list(weak):
        if name.endswith("is_reliable") or name in ("is_blocking", "official"):
            weak[name] = False
    if "highest_reliable_price" in weak:
        weak["highest_known_price"] = weak["highest_known_price"] or weak["highest_reliable_price"]
        weak["highest_reliable_price"] = None
    return replace(value, **weak)


@pytest.mark.parametrize(
    ("facts", "code"), [(facts, code) for facts, code, _severity in CASES], ids=[row[1] for row in CASES]
)
def test_screening_rule_without_a_reliable_source_does_not_block(facts, code):
    for found in screen_offer(with_unreliable_sources(replace(HONEST, **facts))):
        if found.severity == "block":
            stands = RATIONALES[found.code] in NEEDS_NONE or bool(found.source)
            assert stands, f"{found.code} blocks without a reliable source"


@pytest.mark.parametrize(
    ("facts", "code"),
    [(facts, code) for facts, code, severity in CASES if severity == "block"],
    ids=[row[1] for row in CASES if row[2] == "block"],
)
def test_finding_without_a_reliable_source_warns_and_says_why(facts, code):
    if RATIONALES[code] in NEEDS_NONE or code == "uscc_malformed":  # its source is a published standard
        return
    said = [
        one for one in screen_offer(with_unreliable_sources(replace(HONEST, **facts))) if one.code == code
    ]
    assert all(one.severity == "warn" for one in said), (
        "a price far above nothing but a reliable figure is not told at all"
    )
    assert all(
        one.downgrade_reason in DOWNGRADE_REASONS or RATIONALES[code] == rationales.OFFICIAL_ANSWER
        for one in said
    )


@pytest.mark.parametrize(
    "rows",
    [catalogue_in_memory.bodies, catalogue_in_memory.statuses, catalogue_in_memory.acceptances],
    ids=["bodies", "statuses", "acceptances"],
)
def test_every_reliable_catalogue_row_names_its_source(rows):
    firm = [row for row in rows() if row.is_reliable]
    assert firm
    assert all(row.source_urls for row in firm), [row.code for row in firm if not row.source_urls]
