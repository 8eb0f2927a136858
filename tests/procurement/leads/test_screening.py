"""Tests of screening: each case with its finding, and an honest offer without findings.

They use no database.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.labels import DOWNGRADE_REASONS
from procurement.leads.screening.prices import is_outlier
from procurement.leads.screening.screen_offer import OFFER_RULE_CODES, screen_offer
from tests.procurement.leads.screening_cases import (
    ACCOUNT,
    CASES,
    HONEST,
    KIND,
    LISTED,
    NORMAL,
    PAPER,
    WHY,
    paper,
    priced,
    register_lookups,
)


@pytest.mark.parametrize(
    ("facts", "code", "severity"), CASES, ids=[f"{code}-{severity}" for _facts, code, severity in CASES]
)
def test_screening_finds_each_defect_with_its_severity(facts, code, severity):
    found = {one.code: one for one in screen_offer(replace(HONEST, **facts))}
    assert found[code].severity == severity
    with translation.override("en"):
        assert "%(" not in finding_sentence(code, found[code].figures)


BLOCKS_WHERE_FIRM = {code for _facts, code, severity in CASES if severity == "block"}


@pytest.mark.parametrize(
    ("facts", "code", "severity"), CASES, ids=[f"{code}-{severity}" for _facts, code, severity in CASES]
)
def test_finding_that_would_block_with_a_reliable_source_says_why_it_warns(facts, code, severity):
    """A certificate that ends on the way is a warning of its own, not a doubt about a source."""
    found = {one.code: one for one in screen_offer(replace(HONEST, **facts))}[code]
    assert bool(found.downgrade_reason) == (severity == "warn" and code in BLOCKS_WHERE_FIRM)
    assert found.downgrade_reason in {"", *DOWNGRADE_REASONS}


def test_honest_offer_has_no_finding():
    assert screen_offer(HONEST) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"founded_on": date(2019, 10, 15)},
        {"intermediaries": ["a", "b"]},
        {"email": "sales@outlook.example.com"},
        {"email": "sales@livemask.com"},
        {"prepayment_percent": None},
        {"prepayment_percent": None, "mentions_advance": True, "stated_advance_percent": 30},
        {"prepayment_percent": 30, "mentions_advance": True, "stated_advance_percent": 30},
        {"prepayment_percent": 30, "full_payment_time_unstated": True},
        {"prepayment_percent": 30, "presses_for_payment": True},
        {"prepayment_percent": None, "presses_for_payment": True},
        {"stock": 2_000_000, "capacity": 0, "family": "mask"},
        {"stock": 20_000_000, "capacity": 0, "family": "glove"},
        {"stock": 100_000, "capacity": 0, "family": "mask", "founded_on": date(2019, 9, 1)},
        {
            "stock": 9_000_000,
            "capacity": 0,
            **register_lookups("production_count", "counted", existing_piece_count=9_000_000),
        },
        {"stock": 60_000},
        {"seller_country": "KR", "registration_number": ""},
        {"seller_role": "trader", "stock": 0, "capacity": 0},
        {"standard_match": "unknown", "required_standards": ""},
        {"price": None},
        {"need_declared_use": ""},
        {"capacity": 499_999, "founded_on": date(2019, 4, 18)},
        {"capacity": 500_000, "founded_on": date(2019, 4, 17)},
        {"accounts": [ACCOUNT]},
        paper(valid_until=date(2020, 4, 16)),
        {"arrives_on": date(2020, 4, 25), "travel_days": 9, **paper(valid_until=date(2020, 4, 25))},
        paper(module="", signer="0370"),
        paper(issuer_asked_on=date(2020, 1, 17), issuer_result="confirms"),
        {"model": "AL-S3", **paper(models="AL-S3", covers_model=True)},
        {"model": "AL-S3", **paper(covers_model=None)},
        {
            "certificates": [
                replace(PAPER, module="B", signer="0370"),
                replace(PAPER, module="C2", signer="0370"),
            ]
        },
        paper(issued=date(2020, 4, 17)),  # it is already tomorrow in China
        paper(issued=date(2020, 1, 1), number_year=2020),
        paper(max_validity_years=5, issued=date(2020, 3, 1), valid_until=date(2026, 3, 1)),  # a renewal
        paper(issued=date(2010, 1, 1)),
        paper(issued=date(2009, 12, 31), held_by_company=False),
        register_lookups("production_count", "counted", existing_piece_count=10_000),
        register_lookups("domain", "owner_fits", effective_since=date(2019, 10, 16)),
        register_lookups("company_register", "in_order"),
        {"intermediaries": ["a", "b"], **register_lookups("distributor", "confirmed")},
        priced(unit_price=Decimal("2.40")),
        priced(highest_reliable_price=Decimal("1.05")),
        priced(unit_price=Decimal("2.10"), price_floor=Decimal("2.10"), price_floor_published=NORMAL),
        priced(unit_price=Decimal("2.30"), price_limit=Decimal("2.30")),
        priced(manufacturer_price_list=LISTED),
        priced(unit_price=Decimal("2.40"), manufacturer_price_list=LISTED),
        priced(unit_price=Decimal("2.30"), ex_works_price=Decimal("0.40")),
        priced(
            unit_price=Decimal("2.45"), ex_works_price=Decimal("2.40"), manufacturer_price_list=LISTED
        ),  # freight is no part of a list price
    ],
)
def test_offer_just_within_a_threshold_has_no_finding(facts):
    assert screen_offer(replace(HONEST, **facts)) == []


def test_certificate_ending_before_arrival_is_warned_about():
    (found,) = screen_offer(
        replace(HONEST, arrives_on=date(2020, 5, 10), **paper(valid_until=date(2020, 5, 9)))
    )
    assert (found.code, found.severity, found.subject) == ("certificate_expired", "warn", "CE-2020-0001")


@pytest.mark.parametrize(
    ("issued", "code"),
    [
        (date(2016, 2, 29), "certificate_no_end"),
        (date(2015, 4, 16), "certificate_no_end"),
        (date(2015, 4, 15), "certificate_long_ago"),
        (date(2012, 2, 29), "certificate_long_ago"),
    ],
)
def test_certificate_without_an_end_date_is_limited_to_its_types_longest_validity(issued, code):
    (found,) = screen_offer(replace(HONEST, **paper(max_validity_years=5, issued=issued)))
    assert found.code == code


def test_certificate_of_another_standard_is_reported_once():
    (found,) = screen_offer(
        replace(
            HONEST,
            **paper(
                covers_offered_standard=False,
                line_standard_match="no",
                line_match_reason=WHY,
                standards="YY/T 0969",
            ),
        )
    )
    assert found.code == "certificate_other_standard"


def test_finding_sentences_are_translated_for_the_reader():
    with translation.override("fr-ca"):
        assert "pourquoi" in finding_sentence("certificate_worthless", {"kind": KIND, "why": WHY})
    with translation.override("zh-hans"):
        assert "检测报告" in finding_sentence("certificate_worthless", {"kind": KIND, "why": WHY})


def test_every_finding_code_has_a_test_case():
    assert {code for _facts, code, _severity in CASES} == OFFER_RULE_CODES


def test_price_differing_by_a_quarter_from_equal_quotes_is_an_outlier():
    flat = [Decimal(2)] * 5
    assert not is_outlier(Decimal("2.50"), flat)
    assert is_outlier(Decimal("2.51"), flat)
    assert is_outlier(Decimal("1.49"), flat)


@given(
    st.lists(st.decimals("0.01", "100", places=2), min_size=5, max_size=30),
    st.decimals("0.01", "100", places=2),
)
def test_price_outlier_does_not_depend_on_the_currency(peers, value):
    assert is_outlier(value, peers) == is_outlier(value * 7, [peer * 7 for peer in peers])
