"""Tests of approval before posting: which needs need it, who decides, and what a decision does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partners.cities.models import City
from partners.memberships import actions as memberships
from partners.memberships.models import Membership
from procurement.requests.actions.lines import set_lines
from procurement.requests.actions.requests import (
    RequestEdit,
    edit_request,
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
from procurement.requests.rules import REMIND_APPROVERS
from tests.procurement.orders.decision_steps import add_role
from tests.procurement.refusals import assert_refused
from tests.procurement.requests.need_approval_steps import (
    approved_need,
    delegate_of,
    draft_to_submit,
    need_with_change,
    need_with_returned_change,
    quantities,
    recipients,
    require_approval,
    returned_need,
    submitted_need,
    today_rows,
    wanted_lines,
)
from tests.procurement.requests.test_needs import need_with_line
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.formatting import format_day
from workflow.journal.entries import history_of
from workflow.reminders import send_reminders_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plain_line(quantity, price, currency="CAD"):
    return RequestLine(quantity=quantity, max_unit_price=Decimal(price) if price else None, currency=currency)


def verbs_of(need):
    return [entry.verb for entry in reversed(history_of(need))]


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
    assert (today_rows(both)[0], recipients(need, "submit")) == ([], {story.approver.user})
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
        ("on behalf of", f"{story.approver.user}, absent until {format_day(date(2020, 4, 23))}")
    ]
    submit_request(need, by=story.officer.by, at=AT)
    approve_request(need, by=deputy.by, at=AT)
    assert history_of(need).get(verb="approve").facts == facts
    set_lines(need, wanted_lines(101), by=story.officer.by, at=AT, reason="One more")
    approve_change(need, by=deputy.by, at=AT)
    assert history_of(need).get(verb="approve_change").facts["on_behalf_of"] == str(story.approver.user)


def test_delegate_who_takes_their_own_need_back_acts_for_no_one(practice_story):
    story = practice_story
    need = draft_to_submit(story)
    deputy = delegate_of(story, story.approver.user)
    submit_request(need, by=deputy.by, at=AT)
    return_request(need, reason="One more line", by=deputy.by, at=AT)
    assert history_of(need).get(verb="return").facts == {}
    assert need.sent_back_at is None


def test_delegate_of_the_author_does_not_approve(practice_story):
    story = practice_story
    add_role(story, story.officer.user, "approver")
    need = submitted_need(story)
    deputy = delegate_of(story, story.officer.user)
    with assert_refused("not_allowed", need):
        approve_request(need, by=deputy.by, at=AT)


@pytest.mark.parametrize("part", ["wrote", "submitted"])
def test_delegate_who_took_part_does_not_approve_and_has_no_row_on_today(practice_story, part):
    story = practice_story
    need = draft_to_submit(story)
    deputy = delegate_of(story, story.approver.user)
    if part == "wrote":
        edit_request(need, RequestEdit(title="More masks"), by=story.second_officer.by, at=AT)
    submit_request(need, by=(story.officer if part == "wrote" else story.second_officer).by, at=AT)
    assert today_rows(deputy.by)[0] == []
    assert today_rows(story.approver.by)[0] == [need.reference]
    with assert_refused("not_allowed", need):
        approve_request(need, by=deputy.by, at=AT)
    assert approve_request(need, by=story.approver.by, at=AT).status == "open"


@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_approver_who_lost_the_role_neither_decides_nor_is_asked(story, reach):
    need = reach(story)
    former = story.approver.user
    second = story.person("approver")
    role = Membership.objects.get(user=former, role="approver")
    memberships.end_role(role, by=story.person("administrator").by, at=AT)
    by = powers_for(former)
    assert today_rows(by) == ([], [])
    with assert_refused("not_allowed", need):
        (approve_request if reach is submitted_need else approve_change)(need, by=by, at=AT)
    with assert_refused("not_allowed", need):
        (return_request if reach is submitted_need else return_change)(need, reason="x", by=by, at=AT)
    send_approval_reminders(AT + DAY)
    assert recipients(need, "remind") == {second.user}


@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_decision_on_what_was_sent_again_after_it_was_loaded_is_refused(story, reach):
    need = reach(story)
    loaded = SupplyRequest.objects.get(pk=need.pk)
    if reach is submitted_need:
        return_request(need, reason="One more line", by=story.officer.by, at=LATER)
        submit_request(need, by=story.officer.by, at=LATER)
    else:
        withdraw_change(need, by=story.officer.by, at=LATER)
        set_lines(need, wanted_lines(8_000), by=story.officer.by, at=LATER, reason="More")
    with assert_refused("sent_again", need):
        (approve_request if reach is submitted_need else approve_change)(
            loaded, by=story.approver.by, at=LATER
        )


def test_city_that_stops_approving_needs_posts_or_decides_on_those_that_wait(story):
    need, other = submitted_need(story), submit_request(need_with_line(story), by=story.officer.by, at=AT)
    require_approval(story, "none")
    assert approve_request(need, by=story.approver.by, at=AT).status == "open"
    return_request(other, reason="Not needed any more", by=story.second_officer.by, at=AT)
    assert post_request(other, by=story.officer.by, at=AT).status == "open"


def test_city_that_stops_approving_needs_makes_or_withdraws_a_change_that_waits(story):
    need = need_with_change(story)
    require_approval(story, "none")
    with assert_refused("change_waiting", need):
        set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="A ward")
    withdraw_change(need, by=story.officer.by, at=AT)
    set_lines(need, wanted_lines(260), by=story.officer.by, at=AT, reason="A ward")
    assert (quantities(need), need.proposal) == ([260], None)


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


def test_need_that_a_colleague_took_back_is_not_shown_as_sent_back_by_an_approver(story):
    need = submitted_need(story)
    return_request(need, reason="The ward closed", by=story.second_officer.by, at=AT)
    assert (need.status, need.sent_back_at) == ("draft", None)
    assert recipients(need, "return") == {story.officer.user}


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


def test_need_that_waits_for_no_approver_is_not_reminded_of_beside_one_that_does(story):
    posted = approved_need(story)
    waiting = submit_request(need_with_line(story), by=story.officer.by, at=AT)
    assert posted.waits_since is None
    assert send_reminders_of(SupplyRequest.objects.all(), REMIND_APPROVERS, AT + DAY) == 1
    assert dict(SupplyRequest.objects.values_list("pk", "reminders")) == {posted.pk: 0, waiting.pk: 1}


def test_need_that_is_sent_again_is_reminded_of_from_the_start(story):
    need = submitted_need(story)
    send_approval_reminders(AT + DAY)
    return_request(need, reason="Which ward?", by=story.approver.by, at=AT + DAY)
    submit_request(need, by=story.officer.by, at=AT + 4 * DAY)
    assert need.reminders == 0
    assert send_approval_reminders(AT + 4 * DAY) == 0
    assert send_approval_reminders(AT + 5 * DAY) == 1
