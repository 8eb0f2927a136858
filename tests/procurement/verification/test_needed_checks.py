"""Tests of the checks that an offer needs, and of the checks that already count for it."""

from types import SimpleNamespace

import pytest

from procurement.verification.actions.assignment import reopen_check, request_check
from procurement.verification.actions.checks import open_checks, propose_check
from procurement.verification.models import CheckKind
from procurement.verification.rules.needed_checks import (
    CHECK_REASON_TEXTS,
    CHECK_RULES,
    NOT_NEEDED_REASON_TEXTS,
    REASONS_BY_CHECK,
    CheckFactors,
    check_decisions,
    depends_on_changed_fact,
    needed_checks,
)
from procurement.verification.rules.tasks import fourth_reminder_refusal
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.checks import cancelled_check, declined_check
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT

HONEST = {"quantity": 9_999, "supplier_role": "maker", "country_of_origin": "KR", "is_medical": True}


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        ({}, []),
        ({"certificate_ids": (7,)}, [CheckKind.CERTIFICATE]),
        ({"certificate_ids": (7, 9)}, [CheckKind.CERTIFICATE, CheckKind.CERTIFICATE]),
        ({"quantity": 10_000}, [CheckKind.VISIT]),
        ({"supplier_role": "trader"}, [CheckKind.VISIT]),
        ({"supplier_role": "trader", "quantity": 10_000}, [CheckKind.VISIT]),
        ({"country_of_origin": "CN"}, [CheckKind.EXPORT_PERMISSION]),
        ({"country_of_origin": "CN", "is_medical": False}, []),
        ({"is_price_unusual": True}, [CheckKind.PRICE_EXPLANATION]),
        ({"is_price_unusual": True, "lead_kind": "donation"}, []),
        (
            {"is_price_unusual": True, "is_below_cost": True},
            [CheckKind.SAMPLE_TEST, CheckKind.PRICE_EXPLANATION],
        ),
        ({"is_below_cost": True, "lead_kind": "donation"}, [CheckKind.SAMPLE_TEST]),
        ({"product_family": "respirator"}, []),
        ({"product_family": "respirator", "quantity": 10_000}, [CheckKind.VISIT, CheckKind.SAMPLE_TEST]),
        ({"is_high_value": True}, [CheckKind.BANK_ACCOUNT]),
        ({"is_high_value": True, "lead_kind": "donation"}, []),
        ({"supplier_status": "approved", "quantity": 99_999}, []),
        ({"supplier_status": "approved", "quantity": 100_000}, [CheckKind.VISIT]),
        ({"supplier_status": "approved", "supplier_role": "trader"}, [CheckKind.VISIT]),
        ({"supplier_status": "on_watch"}, [CheckKind.VISIT]),
        ({"supplier_status": "suspended"}, [CheckKind.VISIT]),
        ({"supplier_status": "banned"}, [CheckKind.VISIT]),
    ],
)
def test_needed_checks_follow_from_the_offers_facts(facts, more):
    needed = needed_checks(CheckFactors(**{**HONEST, **facts}))
    assert [one.check for one in needed] == [CheckKind.BUSINESS_LICENCE, *more]
    told = {rule.code: rule.further_sentences for rule in CHECK_RULES}
    assert all(CHECK_REASON_TEXTS[one.reason_code] in told[f"check_{one.check}"] for one in needed), (
        "the rules page says why"
    )


def test_rules_page_shows_every_type_of_check_with_its_numbers():
    numbers = {rule.code: [one.value for one in rule.numbers] for rule in CHECK_RULES}
    assert numbers == {f"check_{check}": [] for check in REASONS_BY_CHECK} | {
        "check_production_and_stock_visit": [10_000, 100_000],
        f"check_{CheckKind.SAMPLE_TEST}": [10_000],
        f"check_{CheckKind.BANK_ACCOUNT}": [30],
    }


@pytest.mark.parametrize(
    ("check", "about", "changed", "anew"),
    [
        (CheckKind.CERTIFICATE, 7, {"certificates", "certificate:7"}, True),
        (CheckKind.CERTIFICATE, 7, {"certificates", "certificate:9"}, False),
        (CheckKind.CERTIFICATE, 7, {"certificates", "certificate:9", "model"}, True),
        (CheckKind.CERTIFICATE, 7, {"certificates"}, True),
        (CheckKind.EXPORT_PERMISSION, None, {"certificates", "certificate:9"}, True),
        (CheckKind.VISIT, None, {"certificates", "certificate:9"}, False),
    ],
)
def test_corrected_certificate_outdates_only_its_own_check(check, about, changed, anew):
    assert depends_on_changed_fact(check, frozenset(changed), about) == anew


GOODS = "supplier product standard model maker"
FACTS_OF = {
    CheckKind.BUSINESS_LICENCE: "supplier company register",
    CheckKind.CERTIFICATE: f"{GOODS} company certificates listing origin",
    CheckKind.VISIT: f"{GOODS} company referred_by origin stock_quantity stock_place capacity_per_day ready_on available_until",
    CheckKind.SAMPLE_TEST: f"{GOODS} stock_place",
    CheckKind.PRICE_EXPLANATION: "supplier product kind unit_price currency incoterm",
    CheckKind.EXPORT_PERMISSION: f"{GOODS} kind declared_use certificates listing",
    CheckKind.BANK_ACCOUNT: "supplier kind prepayment_percent company account register domain",
    CheckKind.MISSING_CERTIFICATE: "",  # asked for again on the offer's page
}


@pytest.mark.parametrize("check", CheckKind.values)
def test_each_check_is_repeated_when_one_of_its_facts_changes(check):
    facts = {fact for named in FACTS_OF.values() for fact in named.split()}
    assert {fact for fact in facts if depends_on_changed_fact(check, frozenset({fact}))} == set(
        FACTS_OF[check].split()
    )


def test_opened_checks_are_counted_and_cannot_be_opened_twice(story):
    lead = submitted_offer(story)
    tasks = open_checks(lead, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (lead.status, lead.checks_open, lead.checks_accepted) == ("under_review", len(tasks), 0)
    with assert_refused("check_open", lead):
        propose_check(lead, tasks[0].check_kind, by=story.officer.by, at=AT)


def test_additional_check_that_is_not_needed_does_not_delay_verification(story):
    lead = submitted_offer(story)
    tasks = open_checks(lead, by=story.officer.by, at=AT)
    propose_check(lead, CheckKind.SAMPLE_TEST, needed=False, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.checks_open == len(tasks)


def test_declined_check_stays_open_and_can_be_given_to_another_contact(story):
    task = declined_check(story)
    lead = task.lead
    lead.refresh_from_db()
    before = lead.checks_open
    reopen_check(task, by=story.officer.by, at=AT)
    assert task.contact is None
    request_check(task, cities.contact("zhongshan", "Zhao Lan"), by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.checks_open == before


def test_cancelled_needed_check_stays_open_until_one_of_its_type_is_accepted(story):
    task = cancelled_check(story)
    lead = task.lead
    lead.refresh_from_db()
    before = lead.checks_open
    again = propose_check(lead, task.check_kind, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.checks_open == before
    story.report(again)
    lead.refresh_from_db()
    assert (lead.checks_open, lead.checks_accepted) == (before - 1, 1)


def test_contact_who_stopped_messages_cannot_be_reminded_of_a_check():
    class Left(SimpleNamespace):
        declines_contact = True

        def __str__(self):
            return "Li Wei"

    refusal = fourth_reminder_refusal(SimpleNamespace(contact=Left(), chases=0))
    assert "asked not to receive any more messages" in str(refusal)


@pytest.mark.parametrize(
    ("facts", "why_not"),
    [
        ({}, "no_certificate few_pieces no_filter usual_price not_from_china little_money"),
        ({"certificate_ids": (7,), "lead_kind": "donation"}, "few_pieces no_filter gift not_from_china gift"),
        (
            {"country_of_origin": "CN", "is_medical": False},
            "no_certificate few_pieces no_filter usual_price not_medical little_money",
        ),
        (
            {"product_family": "respirator", "supplier_status": "approved", "quantity": 9_999},
            "no_certificate few_pieces few_respirators usual_price not_from_china little_money",
        ),
        (
            {"supplier_status": "approved", "quantity": 10_000},
            "no_certificate known_manufacturer no_filter usual_price not_from_china little_money",
        ),
    ],
)
def test_each_type_of_check_states_why_it_is_needed_or_not(facts, why_not):
    case = CheckFactors(**{**HONEST, **facts})
    told = check_decisions(case)
    assert [one.check for one in told] == [
        one for one in CheckKind.values if one != CheckKind.MISSING_CERTIFICATE
    ]
    assert {one.check for one in told if one.reason_code} == {one.check for one in needed_checks(case)}
    assert [one.not_needed_code for one in told if one.not_needed_code] == why_not.split()
    assert all(bool(one.reason_code) != bool(one.not_needed_code) for one in told)
    assert {one.not_needed_code for one in told} - {""} <= set(NOT_NEEDED_REASON_TEXTS)
