"""Tests of changes of posted needs that ask for more: which wait for approval, and what a decision does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions import lines
from procurement.requests.actions.counters import add_to_line_counters
from procurement.requests.actions.lines import LineFacts, add_line, change_line, remove_line, set_lines
from procurement.requests.actions.proposals import propose_lines
from procurement.requests.actions.requests import (
    RequestEdit,
    edit_request,
    fulfil_request,
    post_request,
    withdraw_request,
)
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.alternatives.rules import Alternative
from procurement.requests.api import REASON_HELP
from procurement.requests.approval.actions import (
    approve_change,
    approve_request,
    return_change,
    submit_request,
    withdraw_change,
)
from procurement.requests.forms import change_reason_field
from procurement.requests.models import RequestLine, SupplyRequest
from tests.procurement.orders.decision_steps import add_role
from tests.procurement.refusals import assert_refused
from tests.procurement.requests.need_approval_steps import (
    approved_need,
    draft_to_submit,
    need_with_change,
    need_with_returned_change,
    quantities,
    recipients,
    require_approval,
    today_rows,
    wanted_lines,
)
from tests.procurement.requests.test_needs import need_with_line, posted_need
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


def terms_after(need):
    line = need.lines.get()
    return line.quantity, line.max_unit_price


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        ((100, "2"), (101, "2"), True),
        ((100, "2"), (100, "2.01"), True),
        ((100, "2"), (100, None), True),
        ((100, "2"), (50, "2.01"), True),
        ((100, "2"), (100, "2"), False),
        ((100, "2"), (99, "2"), False),
        ((100, "2"), (100, "1.99"), False),
        ((100, None), (100, "5"), False),
        ((100, None), (101, None), True),
    ],
)
def test_change_that_asks_for_more_waits_and_is_made_by_the_approval(story, before, after, waits):
    need = draft_to_submit(story)
    set_lines(need, wanted_lines(before[0], price=before[1]), by=story.officer.by, at=AT)
    submit_request(need, by=story.officer.by, at=AT)
    approve_request(need, by=story.approver.by, at=AT)
    set_lines(need, wanted_lines(after[0], price=after[1]), by=story.officer.by, at=LATER, reason="A ward")
    expected = (after[0], Decimal(after[1]) if after[1] else None)
    assert (need.proposal is not None) is waits
    if not waits:
        assert terms_after(need) == expected
        return
    assert terms_after(need) == (before[0], Decimal(before[1]) if before[1] else None)
    assert need.waiting_since == LATER
    assert today_rows(story.approver.by)[0] == [need.reference]
    approve_change(need, by=story.approver.by, at=LATER)
    assert terms_after(need) == expected
    assert (need.proposal, need.proposed_by, need.waiting_since) == (None, None, None)
    assert today_rows(story.approver.by)[0] == []


@pytest.mark.parametrize(("quantity", "waits"), [(125, False), (126, True)])
def test_raise_waits_only_above_the_citys_value(story, quantity, waits):
    require_approval(story, "above", "250")
    need = set_lines(need_with_line(story), wanted_lines(10, price="2"), by=story.officer.by, at=AT)
    post_request(need, by=story.officer.by, at=AT)
    set_lines(need, wanted_lines(quantity, price="2"), by=story.officer.by, at=AT, reason="A ward")
    assert (need.proposal is not None) is waits
    assert quantities(need) == [10 if waits else quantity]


def accepting(*alternatives, price=None):
    """Return a line of 100 masks that accepts these goods as well: product codes, each with a standard code or ""."""
    listed = [
        Alternative(
            Product.objects.get(code=product), Standard.objects.get(code=standard) if standard else None
        )
        for product, standard in alternatives
    ]
    return wanted_lines(100, price=price, alternatives=listed)


KN95, ANY_KN95, MASK = (
    ("RESP_KN95", "GB2626-2006-KN95"),
    ("RESP_KN95", ""),
    ("MASK_SURG", "ASTM-F2100-L2"),
)


@pytest.mark.parametrize(
    ("choice", "limit", "price", "before", "after", "waits"),
    [
        ("always", None, None, (), (KN95,), True),
        ("always", None, "2", (), (ANY_KN95,), True),
        ("always", None, None, (MASK,), (MASK, KN95), True),
        ("always", None, None, (MASK, KN95), (KN95, MASK), False),
        ("always", None, None, (MASK, KN95), (MASK,), False),
        ("always", None, None, (KN95,), (KN95, ANY_KN95), False),
        ("always", None, None, (), (MASK,), False),
        ("above", "250", "2", (), (KN95,), False),
        ("above", "199.99", "2", (), (KN95,), True),
        ("above", "250", None, (), (ANY_KN95,), True),
    ],
)
def test_further_product_accepted_on_a_line_counts_as_more(story, choice, limit, price, before, after, waits):
    need = set_lines(need_with_line(story), accepting(*before, price=price), by=story.officer.by, at=AT)
    post_request(need, by=story.officer.by, at=AT)
    require_approval(story, choice, limit)
    set_lines(need, accepting(*after, price=price), by=story.officer.by, at=LATER, reason="Shortage")
    assert (need.proposal is not None) is waits
    if waits:
        assert accepted_codes(need) == list(before)
        approve_change(need, by=story.approver.by, at=LATER)
    assert accepted_codes(need) == list(after)


def accepted_codes(need):
    rows = LineAlternative.objects.filter(line__supply_request=need).order_by("position")
    return [(one.product.code, one.standard.code if one.standard else "") for one in rows]


def test_city_that_posts_without_approval_changes_lines_at_once(story):
    need = posted_need(story)
    set_lines(need, wanted_lines(10_000, 20), by=story.officer.by, at=AT)
    assert need.proposal is None
    assert quantities(need) == [10_000, 20]


def test_every_way_of_changing_lines_follows_the_rule(story):
    need = approved_need(story)
    line = need.lines.get()
    [facts] = wanted_lines(700)
    assert add_line(need, facts, by=story.officer.by, at=AT, reason="Two wards") is None
    assert quantities(need) == [100]
    withdraw_change(need, by=story.officer.by, at=AT)
    assert change_line(line, facts, by=story.officer.by, at=AT, reason="Two wards").quantity == 100
    approve_change(need, by=story.approver.by, at=AT)
    assert quantities(need) == [700]
    add_line(need, facts, by=story.officer.by, at=AT, reason="Two wards")
    approve_change(need, by=story.approver.by, at=AT)
    assert quantities(need) == [700, 700]
    remove_line(need.lines.get(position=1), by=story.officer.by, at=AT)
    assert quantities(need) == [700]


def test_approved_change_keeps_all_that_was_entered(story):
    need = approved_need(story)
    standard = need.lines.get().product.standards.first()
    first, second = wanted_lines(
        250,
        30,
        price="1.75",
        standards=[standard],
        needed_by=AT.date() + timedelta(days=20),
        use_per_day=12,
        days_left=9,
        priority=RequestLine.Priority.HIGH,
    )
    set_lines(need, [first, second], by=story.officer.by, at=AT, reason="A ward")
    approve_change(need, by=story.approver.by, at=LATER)
    for line, quantity in zip(need.lines.order_by("position"), (250, 30), strict=True):
        assert (line.quantity, line.max_unit_price, line.currency) == (quantity, Decimal("1.75"), "CAD")
        assert list(line.standards.all()) == [standard]
        assert line.needed_by == AT.date() + timedelta(days=20)
        assert (line.use_per_day, line.priority) == (12, RequestLine.Priority.HIGH)
        assert line.runs_out_on == need.city.day_at(AT) + timedelta(days=9), (
            "counted from the day it was entered"
        )


def test_change_that_waits_closes_the_lines_and_leaves_the_rest_open(story):
    need = need_with_change(story)
    for change in (
        lambda: set_lines(need, wanted_lines(3), by=story.officer.by, at=AT, reason="x"),
        lambda: add_line(need, wanted_lines(3)[0], by=story.officer.by, at=AT, reason="x"),
        lambda: change_line(need.lines.get(), wanted_lines(3)[0], by=story.officer.by, at=AT, reason="x"),
    ):
        with assert_refused("change_waiting", need):
            change()
    edit_request(need, RequestEdit(title="Masks for two wards"), by=story.officer.by, at=AT)
    assert need.title == "Masks for two wards"


def test_change_needs_a_reason_which_its_entry_keeps(story):
    need = approved_need(story)
    with assert_refused("reason_missing", need) as no:
        set_lines(need, wanted_lines(250), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "reason"
    set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="A second ward")
    approve_change(need, by=story.approver.by, at=AT)
    entry = history_of(need).get(verb="approve_change")
    assert entry.reason == "A second ward"
    assert [line["quantity"] for line in entry.facts["lines_before"]] == [100]
    assert [line["quantity"] for line in entry.facts["lines"]] == [250]


@pytest.mark.parametrize("who", ["officer", "second_officer"])
def test_neither_author_nor_proposer_approves_a_change(story, who):
    need = approved_need(story)
    proposer = getattr(story, who)
    for person in (story.officer, story.second_officer):
        add_role(story, person.user, "approver")
    set_lines(need, wanted_lines(250), by=proposer.by, at=AT, reason="A ward")
    for person in {story.officer.user, proposer.user}:
        with assert_refused("not_allowed", need):
            approve_change(need, by=powers_for(person), at=AT)
    assert approve_change(need, by=story.approver.by, at=AT).lines.get().quantity == 250


def test_returned_change_stays_readable_until_it_is_replaced_or_withdrawn(story):
    need = need_with_returned_change(story)
    assert (need.status, need.waiting_since, need.sent_back_at) == ("open", None, AT)
    assert need.proposal["lines"][0]["quantity"] == 250
    assert today_rows(story.officer.by) == ([], [need.reference])
    set_lines(need, wanted_lines(180), by=story.officer.by, at=LATER, reason="Ward 4")
    assert need.proposal["lines"][0]["quantity"] == 180
    assert (need.waiting_since, need.sent_back_at) == (LATER, None)
    return_change(need, reason="Still too many", by=story.approver.by, at=LATER)
    withdraw_change(need, by=story.officer.by, at=LATER)
    assert (need.proposal, need.sent_back_at) == (None, None)
    assert today_rows(story.officer.by) == ([], [])


def test_change_that_asks_for_less_replaces_the_returned_one(story):
    need = need_with_returned_change(story)
    set_lines(need, wanted_lines(80), by=story.officer.by, at=LATER)
    assert (quantities(need), need.proposal, need.sent_back_at) == ([80], None, None)


def test_returned_change_of_a_colleague_is_on_the_colleagues_today(story):
    need = approved_need(story)
    set_lines(need, wanted_lines(250), by=story.second_officer.by, at=AT, reason="A ward")
    return_change(need, reason="Which ward?", by=story.approver.by, at=AT)
    assert today_rows(story.second_officer.by)[1] == [need.reference]
    assert today_rows(story.officer.by)[1] == []
    assert recipients(need, "return_change") == {story.second_officer.user}


@pytest.mark.parametrize("reach", [need_with_change, need_with_returned_change])
@pytest.mark.parametrize("end", ["withdrawn", "fulfilled"])
def test_change_lapses_when_the_need_ends(story, reach, end):
    need = reach(story)
    if end == "withdrawn":
        withdraw_request(need, reason="found here", by=story.officer.by, at=AT)
    else:
        add_to_line_counters(need.lines.get(), allocated=100, shipped=100, arrived=100, released=100)
        fulfil_request(need, by=story.officer.by, at=AT)
    assert (need.proposal, need.waiting_since, need.sent_back_at) == (None, None, None)
    assert today_rows(story.approver.by) == today_rows(story.officer.by) == ([], [])


def test_change_below_what_was_allocated_meanwhile_is_not_made(story):
    need = approved_need(story)
    lines = wanted_lines(60, 900)
    set_lines(need, lines, by=story.officer.by, at=AT, reason="Other sizes")
    add_to_line_counters(need.lines.get(), allocated=61)
    with assert_refused("under_allocated", need):
        approve_change(need, by=story.approver.by, at=AT)


def test_approval_of_a_change_that_was_replaced_since_it_was_read_is_refused(story):
    need = need_with_change(story)
    read = need.waiting_since
    withdraw_change(need, by=story.officer.by, at=LATER)
    set_lines(need, wanted_lines(9_000), by=story.officer.by, at=LATER, reason="Far more")
    with assert_refused("sent_again", need):
        approve_change(need, waiting_since=read, by=story.approver.by, at=LATER)


def test_change_that_waits_counts_as_confirmation_of_the_need(story):
    need = approved_need(story)
    SupplyRequest.objects.filter(pk=need.pk).update(reconfirm_asked_for=need.reconfirm_by)
    set_lines(need, wanted_lines(250), by=story.officer.by, at=LATER, reason="A ward")
    assert need.reconfirm_asked_for is None
    assert need.reconfirm_by == need.city.day_at(LATER) + timedelta(days=14)


def test_lines_with_other_goods_or_a_new_line_count_as_more(story):
    need = approved_need(story)
    gloves = LineFacts(product=Product.objects.get(code="GLOVE_EXAM_NITRILE"), quantity=1)
    set_lines(need, [gloves], by=story.officer.by, at=AT, reason="Other goods")
    assert need.proposal["lines"][0]["product"] == "GLOVE_EXAM_NITRILE"
    approve_change(need, by=story.approver.by, at=AT)
    assert need.lines.get().product.code == "GLOVE_EXAM_NITRILE"


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"priority": RequestLine.Priority.HIGH},
        {"needed_by": date(2020, 5, 11)},
        {"use_per_day": 14},
        {"runs_out_on": date(2020, 5, 2)},
        {"standards": True},
    ],
)
def test_change_is_not_proposed_over_what_a_colleague_saved_meanwhile(story, monkeypatch, meanwhile):
    need = approved_need(story)
    line = need.lines.get()

    def propose_after_a_colleague(*given, **facts):
        if "standards" in meanwhile:
            line.standards.set(line.product.standards.all()[:1])
        else:
            RequestLine.objects.filter(pk=line.pk).update(**meanwhile)
        return propose_lines(*given, **facts)

    monkeypatch.setattr(lines, "propose_lines", propose_after_a_colleague)
    with assert_refused("changed_meanwhile", need):
        set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="A ward")
    assert SupplyRequest.objects.get(pk=need.pk).proposal is None
    monkeypatch.undo()
    set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="A ward")
    assert need.proposal is not None


def test_reconfirmation_day_that_passed_while_the_need_waited_is_counted_from_its_posting(story):
    need = draft_to_submit(story)
    edit_request(need, RequestEdit(reconfirm_by=date(2020, 4, 18)), by=story.officer.by, at=AT)
    submit_request(need, by=story.officer.by, at=AT)
    late = AT + timedelta(days=9)
    approve_request(need, by=story.approver.by, at=late)
    assert need.reconfirm_by == need.city.day_at(late) + timedelta(days=14)


@pytest.mark.parametrize("language", ["en", "fr", "zh-hans"])
def test_form_and_api_say_that_a_change_that_needs_approval_needs_a_reason(language):
    with translation.override(language):
        text, word = (
            str(change_reason_field().help_text),
            {"en": "approval", "fr": "approbation", "zh-hans": "审批"},
        )
    assert word[language] in text
    assert "approval" in REASON_HELP


def test_line_that_an_approval_adds_does_not_get_the_number_of_a_removed_line(story):
    need = draft_to_submit(story)
    set_lines(need, wanted_lines(100, 40), by=story.officer.by, at=AT)
    approve_request(submit_request(need, by=story.officer.by, at=AT), by=story.approver.by, at=AT)
    remove_line(need.lines.get(position=2), by=story.officer.by, at=LATER, reason="Enough")
    set_lines(need, wanted_lines(100, 60), by=story.officer.by, at=LATER, reason="A ward")
    approve_change(need, by=story.approver.by, at=LATER)
    assert list(need.lines.order_by("position").values_list("position", "quantity")) == [(1, 100), (3, 60)]
