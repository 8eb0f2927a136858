"""Tests of approval before posting: which needs need it, who decides, and what a decision does."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from partners.cities.models import City
from partners.memberships import actions as memberships
from procurement.catalogue.models.products import Product
from procurement.dashboard.need_approval_items import NEED_APPROVAL_TODO_KINDS
from procurement.notifications.builder import build_notifications_for_entry
from procurement.requests.actions.counters import add_to_line_counters
from procurement.requests.actions.lines import LineFacts, add_line, change_line, remove_line, set_lines
from procurement.requests.actions.requests import (
    RequestEdit,
    edit_request,
    fulfil_request,
    post_request,
    withdraw_request,
)
from procurement.requests.approval.actions import (
    approve_change,
    approve_request,
    return_change,
    return_request,
    send_approval_reminders,
    submit_request,
    withdraw_change,
)
from procurement.requests.approval.rules import estimated_value, needs_approval
from procurement.requests.models import RequestLine, SupplyRequest
from tests.procurement.orders.decision_steps import add_role
from tests.procurement.refusals import assert_refused
from tests.procurement.requests.need_approval_steps import (
    approved_need,
    draft_to_submit,
    need_with_change,
    need_with_returned_change,
    require_approval,
    returned_need,
    submitted_need,
    wanted_lines,
)
from tests.procurement.requests.test_needs import need_with_line, posted_need
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Person, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plain_line(quantity, price, currency="CAD"):
    return RequestLine(quantity=quantity, max_unit_price=Decimal(price) if price else None, currency=currency)


def verbs_of(need):
    return [entry.verb for entry in reversed(history_of(need))]


def quantities(need):
    return list(need.lines.order_by("position").values_list("quantity", flat=True))


def today_rows(by):
    """Return the references of needs on Today: to decide on, and to correct."""
    return tuple([need.reference for need in kind.find_waiting(by)] for kind in NEED_APPROVAL_TODO_KINDS)


def recipients(need, verb):
    return {
        notice.recipient
        for notice in build_notifications_for_entry(history_of(need).filter(verb=verb)[0], AT).notices
    }


# --- which needs need approval ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choice", "limit", "lines", "needed"),
    [
        ("none", None, [(10**6, "900")], False),
        ("none", None, [(1, None)], False),
        ("always", None, [(1, "0.01")], True),
        ("above", "250", [(100, "2.50")], False),
        ("above", "249.99", [(100, "2.50")], True),
        ("above", "250", [(99, "2.50"), (1, "2.51")], True),
        ("above", "0", [(1, "0")], False),
        ("above", "250", [(1, None)], True),
        ("above", "250", [(1, "1"), (1, None)], True),
        ("above", "250", [(1, "1", "CNY")], True),
        ("above", "250", [(1, "1", "")], False),
    ],
)
def test_need_needs_approval_by_the_citys_choice_and_its_value(choice, limit, lines, needed):
    city = City(currency="CAD", need_approval=choice, need_approval_limit=Decimal(limit) if limit else None)
    assert needs_approval(city, [plain_line(*line) for line in lines]) is needed


def test_estimated_value_adds_up_the_lines_and_is_unknown_without_a_price():
    city = City(currency="EUR")
    lines = [plain_line(300, "1.25", "EUR"), plain_line(7, "10", "")]
    assert estimated_value(city, lines) == Decimal(445)
    assert estimated_value(city, [*lines, plain_line(1, None)]) is None


# --- posting ----------------------------------------------------------------------------------------------------
def test_need_is_posted_by_the_approval_of_another_person(story):
    need = draft_to_submit(story)
    with assert_refused("needs_approval", need):
        post_request(need, by=story.officer.by, at=AT)
    submit_request(need, by=story.officer.by, at=AT)
    assert (need.status, need.posted_at, need.waiting_since) == ("awaiting_approval", None, AT)
    approve_request(need, by=story.approver.by, at=LATER)
    assert (need.status, need.posted_at, need.waiting_since) == ("open", LATER, None)
    assert need.reconfirm_by == need.city.day_at(LATER) + timedelta(days=14)
    assert verbs_of(need) == ["draft", "edit", "submit", "approve"]


def test_need_below_the_citys_value_is_posted_without_approval(story):
    require_approval(story, "above", "250")
    need = set_lines(need_with_line(story), wanted_lines(100, price="2.50"), by=story.officer.by, at=AT)
    with assert_refused("not_ready", need):
        submit_request(need, by=story.officer.by, at=AT)
    assert post_request(need, by=story.officer.by, at=AT).status == "open"


def test_city_that_posts_without_approval_refuses_to_send_a_need_for_it(story):
    need = need_with_line(story)
    with assert_refused("not_ready", need):
        submit_request(need, by=story.officer.by, at=AT)


def test_incomplete_need_is_not_sent_for_approval_and_the_missing_field_is_named(story):
    require_approval(story)
    need = need_with_line(story, deliver_to="")
    with assert_refused("not_ready", need) as no:
        submit_request(need, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "deliver_to"


def test_need_that_waits_is_neither_edited_nor_seen_by_other_cities(story):
    need = draft_to_submit(story)
    edit_request(need, RequestEdit(visibility="network"), by=story.officer.by, at=AT)
    submit_request(need, by=story.officer.by, at=AT)
    with assert_refused("wrong_status", need):
        edit_request(need, RequestEdit(title="Other masks"), by=story.officer.by, at=AT)
    with assert_refused("wrong_status", need):
        set_lines(need, wanted_lines(9), by=story.officer.by, at=AT)
    stranger = SupplyRequest.objects.visible_to(story.stranger.by)
    assert not stranger.filter(pk=need.pk).exists()
    withdraw_request(need, reason="found here", by=story.officer.by, at=AT)
    assert not stranger.filter(pk=need.pk).exists(), "it was never posted"
    assert need.waiting_since is None


def test_approved_need_is_seen_by_other_cities(story):
    need = draft_to_submit(story)
    edit_request(need, RequestEdit(visibility="network"), by=story.officer.by, at=AT)
    submit_request(need, by=story.officer.by, at=AT)
    approve_request(need, by=story.approver.by, at=AT)
    assert SupplyRequest.objects.visible_to(story.stranger.by).filter(pk=need.pk).exists()


# --- who decides ------------------------------------------------------------------------------------------------
def test_author_who_is_an_approver_too_does_not_approve(story):
    add_role(story, story.officer.user, "approver")
    both = powers_for(story.officer.user)
    need = draft_to_submit(story)
    submit_request(need, by=both, at=AT)
    with assert_refused("not_allowed", need):
        approve_request(need, by=both, at=AT)


@pytest.mark.parametrize("what", ["edited", "submitted"])
def test_approver_who_wrote_a_part_of_the_need_does_not_approve(story, what):
    need = draft_to_submit(story)
    add_role(story, story.second_officer.user, "approver")
    both = powers_for(story.second_officer.user)
    if what == "edited":
        edit_request(need, RequestEdit(title="More masks"), by=both, at=AT)
    submit_request(need, by=both if what == "submitted" else story.officer.by, at=AT)
    with assert_refused("not_allowed", need):
        approve_request(need, by=both, at=AT)
    assert approve_request(need, by=story.approver.by, at=AT).status == "open"


def test_need_with_a_date_that_passed_while_it_waited_is_not_posted(story):
    need = submitted_need(story)
    late = datetime(2020, 5, 22, 16, 0, tzinfo=UTC)
    with assert_refused("day_past", need):
        approve_request(need, by=story.approver.by, at=late)
    return_request(need, reason="The date has passed.", by=story.approver.by, at=late)
    assert need.status == "draft"


def test_approval_of_what_was_sent_again_since_it_was_read_is_refused(story):
    need = submitted_need(story)
    read = need.waiting_since
    return_request(need, reason="I forgot something.", by=story.officer.by, at=AT + DAY)
    set_lines(need, wanted_lines(9_000), by=story.officer.by, at=AT + DAY)
    submit_request(need, by=story.officer.by, at=AT + DAY)
    with assert_refused("sent_again", need):
        approve_request(need, waiting_since=read, by=story.approver.by, at=AT + DAY)
    approve_request(need, waiting_since=need.waiting_since, by=story.approver.by, at=AT + DAY)
    assert need.status == "open"


@pytest.fixture
def practice_story(story: Story):
    """Return the example purchase on a practice site, whose date decides who is away today."""
    clear_instance_cache()
    create_instance("practice", AT)
    yield story
    clear_instance_cache()


def delegate_of(story, delegator):
    """Return the second officer, to whom a person who is away for a week delegated."""
    deputy = story.second_officer.user
    days = {"starts_on": AT.date(), "ends_on": AT.date() + timedelta(days=7)}
    memberships.delegate_approvals(story.city, deputy, **days, by=powers_for(delegator), at=AT)
    return Person(deputy, powers_for(deputy))


def test_delegate_decides_on_behalf_of_the_absent_approver(practice_story):
    story = practice_story
    need = draft_to_submit(story)
    deputy = delegate_of(story, story.approver.user)
    submit_request(need, by=story.officer.by, at=AT)
    assert recipients(need, "submit") == {story.approver.user, deputy.user}
    assert today_rows(deputy.by)[0] == [need.reference]
    return_request(need, reason="Which ward?", by=deputy.by, at=AT)
    facts = {"on_behalf_of": str(story.approver.user), "absent_until": "2020-04-23"}
    assert history_of(need).get(verb="return").facts == facts
    assert need.described_facts(facts) == [
        ("on behalf of", f"{story.approver.user}, absent until 2020-04-23")
    ]
    submit_request(need, by=story.officer.by, at=AT)
    approve_request(need, by=deputy.by, at=AT)
    assert history_of(need).get(verb="approve").facts == facts
    set_lines(need, wanted_lines(101), by=story.officer.by, at=AT, reason="One more")
    approve_change(need, by=deputy.by, at=AT)
    assert history_of(need).get(verb="approve_change").facts["on_behalf_of"] == str(story.approver.user)


def test_delegate_of_the_author_does_not_approve(practice_story):
    story = practice_story
    add_role(story, story.officer.user, "approver")
    need = submitted_need(story)
    deputy = delegate_of(story, story.officer.user)
    with assert_refused("not_allowed", need):
        approve_request(need, by=deputy.by, at=AT)


# --- sent back --------------------------------------------------------------------------------------------------
def test_returned_need_is_on_the_authors_today_until_it_is_sent_again(story):
    need = submitted_need(story)
    assert today_rows(story.approver.by) == ([need.reference], [])
    assert today_rows(story.officer.by) == ([], [])
    with assert_refused("reason_missing", need):
        return_request(need, reason=" ", by=story.approver.by, at=AT)
    return_request(need, reason="Which ward?", by=story.approver.by, at=LATER)
    assert (need.status, need.sent_back_at, need.waiting_since) == ("draft", LATER, None)
    assert today_rows(story.approver.by) == ([], [])
    assert today_rows(story.officer.by) == ([], [need.reference])
    assert today_rows(story.second_officer.by) == ([], [])
    submit_request(need, by=story.officer.by, at=LATER)
    assert today_rows(story.officer.by) == ([], [])
    assert today_rows(story.approver.by) == ([need.reference], [])


def test_need_that_its_author_took_back_is_not_on_today(story):
    need = submitted_need(story)
    return_request(need, reason="A mistake", by=story.officer.by, at=AT)
    assert (need.status, need.sent_back_at) == ("draft", None)
    assert today_rows(story.officer.by) == today_rows(story.approver.by) == ([], [])


@pytest.mark.parametrize("end", ["withdrawn", "posted"])
def test_returned_need_leaves_today_once_it_is_withdrawn_or_posted_without_approval(story, end):
    need = returned_need(story)
    if end == "withdrawn":
        withdraw_request(need, reason="found here", by=story.officer.by, at=AT)
    else:
        require_approval(story, "none")
        post_request(need, by=story.officer.by, at=AT)
    assert today_rows(story.officer.by) == ([], [])
    need.refresh_from_db()
    assert need.sent_back_at is None


# --- changes of posted needs ------------------------------------------------------------------------------------
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


# --- notices and reminders --------------------------------------------------------------------------------------
def test_each_decision_is_announced_to_the_people_whom_it_concerns(story):
    need = need_with_returned_change(story)
    approver, officer = {story.approver.user}, {story.officer.user}
    assert recipients(need, "submit") == approver
    assert recipients(need, "approve") == officer
    assert recipients(need, "propose_change") == approver
    assert recipients(need, "return_change") == officer
    set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="Ward 4")
    approve_change(need, by=story.approver.by, at=AT)
    assert recipients(need, "approve_change") == officer


@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_approvers_are_reminded_three_times_and_the_last_time_the_author_too(story, reach):
    need = reach(story)
    assert send_approval_reminders(AT) == 0
    sent = [send_approval_reminders(AT + days * DAY) for days in range(1, 15)]
    assert sent == [1, 0, 0, 1, 0, 1] + [0] * 8, "16 April 2020 is a Thursday"
    need.refresh_from_db()
    assert need.reminders == 3
    assert recipients(need, "remind") == {story.approver.user, story.officer.user}


@pytest.mark.parametrize("decide", [approve_request, withdraw_request])
def test_no_reminder_of_a_need_that_was_decided_on(story, decide):
    need = submitted_need(story)
    who = story.approver if decide is approve_request else story.officer
    facts = {} if decide is approve_request else {"reason": "found here"}
    decide(need, **facts, by=who.by, at=AT)
    assert send_approval_reminders(AT + 9 * DAY) == 0


def test_need_that_is_sent_again_is_reminded_of_from_the_start(story):
    need = submitted_need(story)
    send_approval_reminders(AT + DAY)
    return_request(need, reason="Which ward?", by=story.approver.by, at=AT + DAY)
    submit_request(need, by=story.officer.by, at=AT + 4 * DAY)
    assert need.reminders == 0
    assert send_approval_reminders(AT + 4 * DAY) == 0
    assert send_approval_reminders(AT + 5 * DAY) == 1


def test_lines_with_other_goods_or_a_new_line_count_as_more(story):
    need = approved_need(story)
    gloves = LineFacts(product=Product.objects.get(code="GLOVE_EXAM_NITRILE"), quantity=1)
    set_lines(need, [gloves], by=story.officer.by, at=AT, reason="Other goods")
    assert need.proposal["lines"][0]["product"] == "GLOVE_EXAM_NITRILE"
    approve_change(need, by=story.approver.by, at=AT)
    assert need.lines.get().product.code == "GLOVE_EXAM_NITRILE"
