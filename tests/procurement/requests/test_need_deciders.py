"""Tests of the people around an approval: who is asked and named, who no longer is, and who learns of the decision."""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.memberships import actions as memberships
from partners.memberships.models import Membership
from procurement.notifications.audiences import may_still_decide
from procurement.notifications.need_audiences import need_approvers, need_approvers_to_remind
from procurement.notifications.table.need_approval import NEED_APPROVAL_NOTICES
from procurement.requests.actions.lines import set_lines
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.approval.actions import (
    approve_request,
    return_change,
    return_request,
    submit_request,
)
from procurement.requests.approval.queries import NO_APPROVER, decider_names, decision_text
from procurement.requests.approval.rules import authors_of
from procurement.requests.models import SupplyRequest
from tests.procurement.orders.decision_steps import add_role
from tests.procurement.refusals import assert_refused
from tests.procurement.requests.need_approval_steps import (
    approved_need,
    delegate_of,
    draft_to_submit,
    need_with_change,
    recipients,
    require_approval,
    submitted_need,
    today_rows,
    wanted_lines,
)
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
LABEL = "procurement.supplyrequest"


@pytest.fixture
def practice_story(story: Story):
    """Return the example purchase on a practice site, whose date decides who is away today."""
    clear_instance_cache()
    create_instance("practice", AT)
    yield story
    clear_instance_cache()


def end_all_roles(person, city, role=None):
    held = Membership.objects.active().filter(user=person, city=city)
    for one in held.filter(role=role) if role else held:
        memberships.end_role(one, by=CONSOLE_ACTOR, at=AT)


def notice_rule(verb, index=0):
    return NEED_APPROVAL_NOTICES[LABEL, verb][index]


def latest(need, verb):
    return history_of(need).filter(verb=verb).first()


# --- only people who may decide ---------------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["wrote", "edited", "submits"])
def test_need_that_only_its_authors_could_approve_is_not_sent_for_approval(story, part):
    need = draft_to_submit(story)
    author = {"wrote": story.officer, "edited": story.second_officer, "submits": story.second_officer}[part]
    both = add_role(story, author.user, "approver")
    if part == "edited":
        edit_request(need, RequestEdit(title="More masks"), by=both.by, at=AT)
    end_all_roles(story.approver.user, story.city)
    sender = both if part == "submits" else story.officer
    with assert_refused("no_approver", need):
        submit_request(need, by=powers_for(sender.user), at=AT)
    assert need.status == "draft"
    assert decision_text(need, {*authors_of(need), sender.user.pk}) == str(NO_APPROVER)
    third = story.person("approver")
    assert submit_request(need, by=powers_for(sender.user), at=AT).status == "awaiting_approval"
    assert recipients(need, "submit") == {third.user}


def test_change_that_only_its_proposer_could_approve_is_not_proposed(story):
    need = approved_need(story)
    both = add_role(story, story.second_officer.user, "approver")
    end_all_roles(story.approver.user, story.city)
    with assert_refused("no_approver", need):
        set_lines(need, wanted_lines(330), by=both.by, at=AT, reason="A ward")
    set_lines(need, wanted_lines(330), by=story.officer.by, at=AT, reason="A ward")
    assert recipients(need, "propose_change") == {both.user}


def test_text_names_the_people_who_may_decide_without_the_authors(story):
    need = draft_to_submit(story)
    names = {str(story.approver.user)}
    assert {decider_names(need, authors_of(need))} == names
    author = add_role(story, story.officer.user, "approver").user
    assert decider_names(need, authors_of(need)) == str(story.approver.user)
    assert str(author) not in decision_text(need, authors_of(need))
    second = story.person("approver").user
    text = decision_text(need, authors_of(need))
    assert str(second) in text
    assert str(story.approver.user) in text
    story.person("approver")
    assert decision_text(need, authors_of(need)) == "An approver decides."
    assert decider_names(need, authors_of(need)) == ""


@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_delegate_of_an_author_is_neither_asked_nor_shown_a_row_on_today(practice_story, reach):
    story = practice_story
    add_role(story, story.officer.user, "approver")
    deputy = delegate_of(story, story.officer.user)
    need = reach(story)
    verb = "submit" if reach is submitted_need else "propose_change"
    assert today_rows(deputy.by)[0] == []
    assert recipients(need, verb) == {story.approver.user}
    both = delegate_of(story, story.approver.user)
    assert today_rows(both.by)[0] == [need.reference], "one absent approver wrote nothing"
    assert deputy.user in need_approvers(need)


def test_delegate_of_a_submitter_has_no_row_on_today(practice_story):
    story = practice_story
    colleague = add_role(story, story.person("officer").user, "approver")
    need = draft_to_submit(story)
    submit_request(need, by=colleague.by, at=AT)
    deputy = delegate_of(story, colleague.user)
    assert today_rows(deputy.by)[0] == []
    with assert_refused("not_allowed", need):
        approve_request(need, by=deputy.by, at=AT)


# --- people who may no longer decide ----------------------------------------------------------------------------
@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_former_approver_and_former_delegate_are_no_longer_asked(practice_story, reach):
    story = practice_story
    assert story.approver
    deputy = delegate_of(story, story.approver.user)
    need = reach(story)
    audiences = (need_approvers, need_approvers_to_remind)
    for person in (story.approver.user, deputy.user):
        assert all(may_still_decide(one, need, powers_for(person)) for one in audiences)
    end_all_roles(story.approver.user, story.city, "approver")
    for person in (story.approver.user, deputy.user):
        assert not any(may_still_decide(one, need, powers_for(person)) for one in audiences)


def test_last_reminder_stays_with_the_author_who_does_not_decide(story):
    need = submitted_need(story)
    need.reminders = 2
    assert not may_still_decide(need_approvers_to_remind, need, story.officer.by)
    need.reminders = 3
    assert may_still_decide(need_approvers_to_remind, need, story.officer.by)
    assert not may_still_decide(need_approvers, need, story.officer.by)
    assert not may_still_decide(need_approvers_to_remind, need, story.second_officer.by)
    end_all_roles(story.officer.user, story.city)
    need = SupplyRequest.objects.get(pk=need.pk)
    need.reminders = 3
    assert may_still_decide(need_approvers_to_remind, need, story.second_officer.by), "the officers go on"


# --- who learns of the decision ---------------------------------------------------------------------------------
@pytest.mark.parametrize("decide", ["approve", "return"])
def test_decision_is_announced_to_author_and_submitter(story, decide):
    need = draft_to_submit(story)
    submit_request(need, by=story.second_officer.by, at=AT)
    if decide == "approve":
        approve_request(need, by=story.approver.by, at=AT)
    else:
        return_request(need, reason="Which ward?", by=story.approver.by, at=AT)
    assert recipients(need, decide) == {story.officer.user, story.second_officer.user}


def test_returned_need_is_on_today_of_author_and_submitter(story):
    need = draft_to_submit(story)
    submit_request(need, by=story.second_officer.by, at=AT)
    return_request(need, reason="Which ward?", by=story.approver.by, at=AT)
    third = story.person("officer")
    for person in (story.officer, story.second_officer):
        assert today_rows(person.by)[1] == [need.reference]
    assert today_rows(third.by)[1] == []
    submit_request(need, by=third.by, at=LATER)
    return_request(need, reason="Which ward?", by=story.approver.by, at=LATER)
    assert today_rows(third.by)[1] == [need.reference]
    assert today_rows(story.second_officer.by)[1] == [], "the last submitter counts"


@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_returned_item_of_a_person_who_left_is_for_all_officers(story, reach):
    need = reach(story)
    (return_request if reach is submitted_need else return_change)(
        need, reason="Which ward?", by=story.approver.by, at=AT
    )
    colleague = story.second_officer
    assert today_rows(colleague.by)[1] == []
    end_all_roles(story.officer.user, story.city)
    assert today_rows(colleague.by)[1] == [need.reference]
    verb = "return" if reach is submitted_need else "return_change"
    assert recipients(need, verb) == {colleague.user}


# --- notices of an earlier round --------------------------------------------------------------------------------
def test_notices_of_the_first_proposal_are_settled_by_the_second(story):
    need = need_with_change(story)
    first = latest(need, "propose_change")
    assert notice_rule("propose_change").is_still_valid(need, first)
    return_change(need, reason="Too many", by=story.approver.by, at=AT)
    returned = latest(need, "return_change")
    assert notice_rule("return_change").is_still_valid(need, returned)
    assert not notice_rule("propose_change").is_still_valid(need, first)
    set_lines(need, wanted_lines(180), by=story.officer.by, at=LATER, reason="Ward 4")
    assert not notice_rule("propose_change").is_still_valid(need, first)
    assert not notice_rule("return_change").is_still_valid(need, returned)
    assert notice_rule("propose_change").is_still_valid(need, latest(need, "propose_change"))
    return_change(need, reason="Still too many", by=story.approver.by, at=LATER)
    assert not notice_rule("return_change").is_still_valid(need, returned)
    assert notice_rule("return_change").is_still_valid(need, latest(need, "return_change"))


def test_edit_beside_a_proposal_leaves_its_notice_open(story):
    need = need_with_change(story)
    edit_request(need, RequestEdit(deliver_to="Dock 4"), by=story.officer.by, at=LATER)
    assert need.waiting_since == LATER
    assert notice_rule("propose_change").is_still_valid(need, latest(need, "propose_change"))


def test_notices_of_the_first_submission_and_return_are_settled_by_the_second(story):
    need = submitted_need(story)
    first = latest(need, "submit")
    return_request(need, reason="Which ward?", by=story.approver.by, at=AT)
    returned = latest(need, "return")
    assert notice_rule("return").is_still_valid(need, returned)
    submit_request(need, by=story.officer.by, at=LATER)
    assert not notice_rule("submit").is_still_valid(need, first)
    assert notice_rule("submit").is_still_valid(need, latest(need, "submit"))
    return_request(need, reason="Which floor?", by=story.approver.by, at=LATER + timedelta(hours=1))
    assert not notice_rule("return").is_still_valid(need, returned)
    assert notice_rule("return").is_still_valid(need, latest(need, "return"))


def test_city_that_lost_its_last_approver_sends_nothing_for_approval(story):
    require_approval(story)
    need = draft_to_submit(story)
    end_all_roles(story.approver.user, story.city)
    with assert_refused("no_approver", need):
        submit_request(need, by=story.officer.by, at=AT)
