"""Tests of due times and of the intervals between reminders, also when the periodic job runs late."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions.people import mark_bounced
from partners.contacts.actions import opt_out
from partners.contacts.working_hours import closing_time_after
from procurement.notifications.builder import build_messages
from procurement.outreach.actions import periodic, reminders
from procurement.outreach.actions.inquiries import forward_inquiry, send_inquiry
from procurement.outreach.actions.periodic import expire_unanswered_inquiries
from procurement.outreach.actions.reminders import pause_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import (
    MAX_ANSWER_WAIT,
    ONE_WORKING_DAY,
    invalid_due_time_refusal,
    next_reminder_at,
)
from procurement.requests.actions.requests import stop_request
from procurement.verification.actions.assignment import (
    change_due_time,
    decline_check,
    forward_check,
    remind_contact,
    reopen_check,
    request_check,
    send_reminders,
)
from procurement.verification.actions.reports import return_report
from procurement.verification.rules.tasks import needs_phone_call
from tests.procurement.outreach.test_inquiries import (
    draft_inquiry_to,
    powers_by_own_link,
    reconfirm_needs,
    sent_inquiry,
)
from tests.procurement.refusals import assert_refused
from tests.worlds import checks, cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.journal.models import Entry
from workflow.outbox import queue
from workflow.outbox.models import Message

TOO_SOON = [timedelta(days=-400), timedelta(0), timedelta(hours=3), ONE_WORKING_DAY - timedelta(minutes=1)]
TOO_LATE = [MAX_ANSWER_WAIT + timedelta(minutes=1), datetime(9999, 12, 31, tzinfo=UTC) - AT]


@pytest.mark.parametrize("wait", TOO_SOON)
def test_due_time_within_one_working_day_is_refused_for_inquiries_and_checks(story, wait):
    inquiry, task = draft_inquiry_to(story), checks.proposed_check(story)
    with assert_refused("due_too_soon", inquiry) as no:
        send_inquiry(inquiry, due_at=AT + wait, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "due_at"
    with assert_refused("due_too_soon", task) as no:
        request_check(task, story.contact, due_at=AT + wait, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "due_at"


@pytest.mark.parametrize("wait", TOO_LATE)
def test_due_time_too_far_in_the_future_is_refused_for_inquiries_and_checks(story, wait):
    inquiry, task = draft_inquiry_to(story), checks.proposed_check(story)
    with assert_refused("due_too_late", inquiry) as no:
        send_inquiry(inquiry, due_at=AT + wait, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "due_at"
    with assert_refused("due_too_late", task):
        request_check(task, story.contact, due_at=AT + wait, by=story.officer.by, at=AT)


@pytest.mark.parametrize("wait", [ONE_WORKING_DAY, timedelta(days=4), MAX_ANSWER_WAIT])
def test_valid_due_day_is_extended_to_the_end_of_the_contacts_working_day(story, wait):
    """The typed moment is midnight there, outside their working hours."""
    assert invalid_due_time_refusal(AT + wait, AT) is None
    inquiry = send_inquiry(draft_inquiry_to(story), due_at=AT + wait, by=story.officer.by, at=AT)
    assert inquiry.due_at == closing_time_after(story.contact, AT + wait, 0)
    assert inquiry.due_at > AT + wait


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=6), timedelta(days=5), timedelta(days=40)])
def test_reminders_are_at_least_half_a_working_day_apart_however_late_the_periodic_run(story, late):
    inquiry, task = sent_inquiry(story), checks.requested_check(story)
    reconfirm_needs(story)
    for thing, chase in ((inquiry, periodic.send_reminders), (task, send_reminders)):
        at, moments = thing.next_reminder_at + late, []
        while thing.next_reminder_at is not None:
            at, before = max(at, thing.next_reminder_at), thing.reminder_count
            assert chase(at) == 1
            assert chase(at) == 0, "one reminder, not all that were missed"
            thing.refresh_from_db()
            if thing.reminder_count > before:  # otherwise it waits for a working hour there
                moments.append(at)
            else:
                assert thing.next_reminder_at > at
        assert len(moments) == 3
        assert all(later - before > ONE_WORKING_DAY / 2 for before, later in itertools.pairwise(moments))


@pytest.mark.parametrize(("reminder_count", "days"), [(0, 2), (1, 4), (2, 6)])
def test_next_reminder_is_never_due_at_the_moment_it_is_planned(reminder_count, days):
    due = AT + timedelta(days=4)
    assert next_reminder_at(AT, due, reminder_count, AT) == AT + timedelta(days=days)
    much_later = AT + timedelta(days=30)
    assert next_reminder_at(AT, due, reminder_count, much_later) == much_later + ONE_WORKING_DAY
    assert next_reminder_at(AT, due, 3, much_later) is None


@pytest.mark.parametrize("hours", [24, 30, 36, 47, 96])
@pytest.mark.parametrize("minutes", [0, 5])
def test_reminders_are_due_exactly_at_half_time_and_due_time_when_the_job_is_punctual(hours, minutes):
    due = AT + timedelta(hours=hours)
    half = next_reminder_at(AT, due, 0, AT)
    assert half == AT + timedelta(hours=hours / 2)
    assert next_reminder_at(AT, due, 1, half + timedelta(minutes=minutes)) == due
    assert next_reminder_at(AT, due, 2, due + timedelta(minutes=minutes)) == due + timedelta(days=2)


def test_inquiry_expires_only_after_its_reminders_and_days_for_a_phone_call(story):
    inquiry = sent_inquiry(story)
    reconfirm_needs(story)
    late = AT + timedelta(days=60, hours=8)  # morning there
    assert expire_unanswered_inquiries(late) == 0, (
        "no one was reminded yet: a server that slept gives no one up"
    )
    for day in range(3):
        assert periodic.send_reminders(late + timedelta(days=day)) == 1
        assert expire_unanswered_inquiries(late + timedelta(days=day)) == 0
    assert expire_unanswered_inquiries(late + timedelta(days=6)) == 0, "the third reminder went four days ago"
    assert expire_unanswered_inquiries(late + timedelta(days=7)) == 1
    assert Inquiry.objects.get(pk=inquiry.pk).status == "no_reply"


def remind_times(task, times):
    for _time in range(times):
        task.refresh_from_db()
        assert send_reminders(task.next_reminder_at) == 1
    task.refresh_from_db()
    return task


def test_check_whose_email_bounces_counts_three_reminders_and_then_needs_a_phone_call(story):
    task = checks.requested_check(story)
    mark_bounced(task.contact.user, by=SYSTEM, at=AT, reason="550")
    task = remind_times(task, 3)
    assert (task.reminder_count, task.next_reminder_at, needs_phone_call(task)) == (3, None, True)


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_check_returned_for_correction_gets_at_most_three_reminders_in_total(story, before):
    task = remind_times(checks.requested_check(story), before)
    checks.submit_positive_report(task)
    reconfirm_needs(story)
    at = AT + timedelta(days=20)
    return_report(task, question="Which lot?", by=story.verifier.by, at=at)
    for _time in range(3 - before):
        assert task.next_reminder_at >= at + ONE_WORKING_DAY
        task = remind_times(task, 1)
    assert task.next_reminder_at is None
    with assert_refused("not_ready", task):
        remind_contact(task, by=story.officer.by, at=at)


def test_reopened_check_is_not_reminded_again_for_the_same_contact_and_restarts_for_another(story):
    task = remind_times(checks.requested_check(story), 2)
    decline_check(task, remark="away", by=checks.contact_by_link(task), at=AT)
    reopen_check(task, by=story.officer.by, at=AT)
    request_check(task, story.contact, by=story.officer.by, at=AT)
    assert task.reminder_count == 2
    decline_check(task, remark="still away", by=checks.contact_by_link(task), at=AT)
    reopen_check(task, by=story.officer.by, at=AT)
    request_check(task, cities.contact("zhongshan", "Zhao Lan"), by=story.officer.by, at=AT)
    assert task.reminder_count == 0


def test_forwarding_to_a_colleague_who_stopped_inquiries_is_refused_at_its_field(story):
    task, inquiry = checks.requested_check(story), sent_inquiry(story)
    colleague = cities.contact("zhongshan", "Zhao Lan")
    opt_out(colleague, by=own_link(colleague), at=AT)
    with assert_refused("not_asked", task) as no:
        forward_check(task, to=colleague, by=checks.contact_by_link(task), at=AT)
    assert no.value.details["field"] == "to"
    with assert_refused("not_ready", inquiry) as no:
        forward_inquiry(inquiry, to=colleague, by=powers_by_own_link(inquiry), at=AT)
    assert no.value.details["field"] == "to"


@pytest.mark.parametrize("times", [1, 2])
def test_check_declined_by_the_colleague_can_be_given_to_another_contact(story, times):
    task = checks.requested_check(story)
    onward = forward_check(
        task, to=cities.contact("zhongshan", "Zhao Lan"), by=checks.contact_by_link(task), at=AT
    )
    for _time in range(times):
        decline_check(onward, remark="away", by=checks.contact_by_link(onward), at=AT)
        with assert_refused("wrong_status", onward):
            decline_check(onward, remark="away", by=checks.contact_by_link(onward), at=AT)
        reopen_check(onward, by=story.officer.by, at=AT)
        request_check(onward, story.contact, by=story.officer.by, at=AT)
    assert onward.status == "requested"
    assert onward.contact == story.contact


def test_forwarded_check_gives_the_colleague_their_own_due_time(story):
    task = checks.requested_check(story)
    colleague, late = cities.contact("zhongshan", "Zhao Lan"), AT + timedelta(days=9)
    onward = forward_check(task, to=colleague, by=checks.contact_by_link(task), at=late)
    assert onward.due_at >= late + timedelta(days=2)
    assert onward.next_reminder_at >= late + ONE_WORKING_DAY


@pytest.mark.parametrize(("before", "told"), [(2, False), (3, True)])
def test_phone_call_is_requested_when_a_returned_check_has_no_reminder_left(story, before, told):
    task = remind_times(checks.requested_check(story), before)
    checks.submit_positive_report(task)
    at = AT + timedelta(days=20)
    return_report(task, question="Which lot?", by=story.verifier.by, at=at)
    planned = build_messages(Entry.objects.filter(verb="return").latest("pk"), at)
    subjects = [one.subject for one in planned if one.template == "staff"]
    assert subjects == [f"{task} · Phone call needed"] * told


def test_new_due_date_replans_reminders_and_replaces_the_unsent_email(story):
    for thing, redate, by, at in (
        (sent_inquiry(story), reminders.change_due_time, story.officer.by, AT),
        (checks.requested_check(story), change_due_time, story.verifier.by, AT),
    ):
        entry = Entry.objects.filter(thing_label=thing._meta.label_lower).latest("pk")
        queue.enqueue(build_messages(entry, at))
        redate(thing, due_at=at + timedelta(days=20), by=by, at=at + timedelta(hours=1))
        thing.refresh_from_db()
        assert thing.due_at == closing_time_after(story.contact, at + timedelta(days=20), 0)
        assert at + timedelta(days=9) < thing.next_reminder_at < at + timedelta(days=13), "half time, at work"
        assert not Message.objects.filter(thing_id=thing.pk, state="planned").exists()
        told = build_messages(Entry.objects.latest("pk"), at)
        assert [message.recipient for message in told] == [story.contact.user]
        assert "/" not in told[0].template
        assert queue.LINK_PLACEHOLDER in told[0].body


@pytest.mark.parametrize(
    ("wait", "code"), [(timedelta(hours=3), "due_too_soon"), (timedelta(days=91), "due_too_late")]
)
def test_new_due_date_too_soon_or_too_late_is_refused(story, wait, code):
    with assert_refused(code, inquiry := sent_inquiry(story)):
        reminders.change_due_time(inquiry, due_at=AT + wait, by=story.officer.by, at=AT)
    with assert_refused(code, task := checks.requested_check(story)):
        change_due_time(task, due_at=AT + wait, by=story.verifier.by, at=AT)


def test_reminders_already_sent_still_count_after_a_new_due_date(story):
    inquiry = sent_inquiry(story)
    while inquiry.next_reminder_at is not None:
        periodic.send_reminders(inquiry.next_reminder_at)
        inquiry.refresh_from_db()
    reminders.change_due_time(
        inquiry, due_at=AT + timedelta(days=20), by=story.officer.by, at=AT + timedelta(days=10)
    )
    inquiry.refresh_from_db()
    assert (inquiry.reminder_count, inquiry.next_reminder_at) == (3, None)


def test_due_date_of_a_paused_inquiry_cannot_be_changed(story):
    inquiry = sent_inquiry(story)
    stop_request(inquiry.supply_request, reason="enough", by=story.officer.by, at=AT)
    inquiry.refresh_from_db()
    pause_inquiry(inquiry, by=SYSTEM, at=AT)
    with assert_refused("not_ready", inquiry):
        reminders.change_due_time(inquiry, due_at=AT + timedelta(days=20), by=story.officer.by, at=AT)
