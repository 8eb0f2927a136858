"""Tests of the boundaries in the rules for needs: days, pieces and values, without a database."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from partners.powers import Power
from procurement.requests.models import SupplyRequest
from procurement.requests.rules import (
    ASK_TO_RECONFIRM,
    FULFIL,
    MAX_DAYS_AHEAD,
    PAUSE_OFFERS,
    REOPEN,
    RESUME_OFFERS,
    WITHDRAW,
    allocated_withdrawal_refusal,
    has_same_value,
    incomplete_need_refusal,
    invalid_needed_by_refusal,
    invalid_reconfirm_day_refusal,
    is_reconfirmation_overdue,
    less_than_allocated_refusal,
    no_recall_refusal,
    unchanged_day_refusal,
    unreleased_lines_refusal,
)
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM

TODAY, DAY = date(2020, 4, 16), timedelta(days=1)
MASKS = SimpleNamespace(
    name="Masks", get_unit_display=lambda: "pieces", unit_for_count=lambda _number: "pieces"
)


def need(*lines: dict[str, int]) -> Any:
    """Return a need with lines of these counters."""
    rows = [
        SimpleNamespace(position=place, product=MASKS, **{"quantity": 100, **counters})
        for place, counters in enumerate(lines, 1)
    ]
    return SimpleNamespace(lines=SimpleNamespace(all=lambda: rows))


@pytest.mark.parametrize("missing", ["lines", "needed_by", "deliver_to", "accepts", "facility_kinds"])
def test_need_can_be_posted_only_with_every_required_field(missing):
    facts = {"needed_by": TODAY, "deliver_to": "4949 Canada Way", "accepts": ["purchase"]}
    facts |= {"pk": 1, "facility_kinds": ["hospital"], "lines": need({}).lines}
    assert incomplete_need_refusal(SimpleNamespace(**facts)) is None
    lacking = need().lines if missing == "lines" else None
    no = incomplete_need_refusal(SimpleNamespace(**facts | {missing: lacking}))
    assert no is not None
    assert no.details["field"] == missing


def test_unsaved_need_has_no_lines():
    no = incomplete_need_refusal(SupplyRequest(needed_by=TODAY))
    assert no is not None
    assert no.details["field"] == "lines"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, ""),
        (TODAY, ""),
        (TODAY - DAY, "day_past"),
        (TODAY + MAX_DAYS_AHEAD, ""),
        (TODAY + MAX_DAYS_AHEAD + DAY, "day_too_far"),
    ],
)
def test_need_or_line_date_must_be_within_ten_years_from_today(day, code):
    for no, field in (
        (invalid_needed_by_refusal(day, TODAY), "needed_by"),
        (invalid_needed_by_refusal(day, TODAY, line=2, within="lines.1."), "lines.1.needed_by"),
        (invalid_reconfirm_day_refusal(day, TODAY, "until"), "until"),
    ):
        assert (no.code if no else "") == code
        assert no is None or no.details["field"] == field
    named = invalid_needed_by_refusal(day, TODAY, line=2)
    assert named is None or "Line 2" in str(named)
    plain = invalid_needed_by_refusal(day, TODAY)
    assert plain is None or "Line" not in str(plain)


@pytest.mark.parametrize(
    ("reconfirm_by", "asked_for", "allowed"),
    [(TODAY, TODAY, False), (TODAY, None, True), (TODAY, TODAY - DAY, True), (TODAY - DAY, TODAY, True)],
)
def test_reconfirmation_until_the_date_just_asked_about_is_refused(reconfirm_by, asked_for, allowed):
    asked = SupplyRequest(reconfirm_by=reconfirm_by, reconfirm_asked_for=asked_for)
    no = unchanged_day_refusal(asked, TODAY)
    assert (no is None) is allowed
    assert no is None or no.details["field"] == "until"


@pytest.mark.parametrize(
    ("released", "missing", "line"),
    [((100, 100), None, None), ((100, 99), 1, 2), ((40, 99), 60, 1), ((101, 100), None, None)],
)
def test_need_is_fulfilled_when_every_line_is_released_and_reopened_otherwise(released, missing, line):
    it = need(*({"released": pieces} for pieces in released))
    no, again = unreleased_lines_refusal(it), no_recall_refusal(it)
    assert (no and (no.details["missing"], no.details["line"])) == (missing and (missing, line))
    assert (again is None) is (no is not None)


@pytest.mark.parametrize(
    ("lines", "on_the_way"),
    [
        ([{"shipped": 0, "arrived": 0}], 0),
        ([{"shipped": 40, "arrived": 40}], 0),
        ([{"shipped": 40, "arrived": 39}, {"shipped": 10, "arrived": 8}], 3),
    ],
)
def test_need_with_shipped_goods_is_not_withdrawn(lines, on_the_way):
    no = allocated_withdrawal_refusal(need(*lines))
    assert (no.details["shipped"] if no else 0) == on_the_way


@pytest.mark.parametrize(("quantity", "allowed"), [(100, True), (99, False), (101, True)])
def test_line_quantity_below_its_allocation_is_refused(quantity, allowed):
    no = less_than_allocated_refusal(SimpleNamespace(allocated=100), quantity)
    assert (no is None) is allowed
    assert no is None or no.details == {"allocated": 100, "field": "quantity"}


@pytest.mark.parametrize(
    ("status", "day", "stale"),
    [
        ("open", TODAY - DAY, True),
        ("open", TODAY, False),
        ("open", None, False),
        ("draft", TODAY - DAY, False),
        ("withdrawn", TODAY - DAY, False),
    ],
)
def test_open_need_is_stale_after_its_reconfirmation_date(status, day, stale):
    assert is_reconfirmation_overdue(SupplyRequest(status=status, reconfirm_by=day), TODAY) is stale


@pytest.mark.parametrize(
    ("stored", "given", "same"),
    [
        (["a", "b"], ["b", "a"], True),
        (["a", "b"], ["a"], False),
        (["a"], "a", False),
        ("a", ["a"], False),
        ("a", "a", True),
        ("ab", "ba", False),
    ],
)
def test_lists_are_equal_in_any_order_but_texts_are_not(stored, given, same):
    assert has_same_value(SimpleNamespace(title=stored), "title", given) is same


@pytest.mark.parametrize(
    ("move", "status", "open_at", "closed_at"),
    [
        (FULFIL, "open", {"released": 100}, {"released": 99}),
        (REOPEN, "fulfilled", {"released": 99}, {"released": 100}),
        (WITHDRAW, "draft", {"shipped": 9, "arrived": 9}, {"shipped": 9, "arrived": 8}),
    ],
)
def test_officer_fulfils_withdraws_or_reopens_a_need_depending_on_its_quantities(
    move, status, open_at, closed_at
):
    officer: Any = SimpleNamespace(may=lambda power, thing: power == Power.POST_REQUEST)
    for counters, closed in ((open_at, False), (closed_at, True)):
        it = need(counters)
        it.status = status
        assert (move.refusal(officer, it, AT) is not None) is closed


def test_only_the_periodic_job_asks_for_reconfirmation():
    everything: Any = SimpleNamespace(may=lambda power, thing: True)
    asked: Any = SimpleNamespace(status="open")
    no = ASK_TO_RECONFIRM.refusal(everything, asked, AT)
    assert no is not None
    assert no.code == "not_allowed"
    assert ASK_TO_RECONFIRM.refusal(SYSTEM, asked, AT) is None


def test_need_can_be_paused_once_and_resumed_once():
    stopped, open_one = (
        SimpleNamespace(stopped=True, lapsed=False),
        SimpleNamespace(stopped=False, lapsed=False),
    )
    assert [PAUSE_OFFERS.ready(one) is None for one in (open_one, stopped)] == [True, False]
    assert [RESUME_OFFERS.ready(one) is None for one in (open_one, stopped)] == [False, True]
