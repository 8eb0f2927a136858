"""Tests of checks: what each role may do in each status, forwarding, reminders, and automatic cancellation.

A check is cancelled when its offer is rejected or its agreement has ended.
"""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement
from partners.contacts.models import Contact
from procurement.leads.actions.decisions import reject_lead
from procurement.orders.decision_memos.content.evidence import _reporter_lines
from procurement.verification.actions.assignment import (
    decline_check,
    forward_check,
    remind_contact,
    reopen_check,
    request_check,
    send_reminders,
)
from procurement.verification.actions.periodic import update_checks
from procurement.verification.models import VerificationTask
from procurement.verification.rules.tasks import CHECK_MOVES, needs_phone_call
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds import cities
from tests.worlds.checks import (
    accepted_check,
    cancelled_check,
    contact_by_link,
    declined_check,
    proposed_check,
    requested_check,
    returned_check,
    started_check,
    submitted_check,
)
from tests.worlds.cities import invited_contact
from tests.worlds.need_to_order import AT

JUDGING = "accept return cancel"
# Status: how to reach it, and what the city's officers and verifiers may do then, and the contact by link.
TABLE = [
    ("unassigned", proposed_check, "offer cancel", None),
    ("requested", requested_check, "remind redate cancel", "take submit decline forward"),
    ("in_progress", started_check, "remind redate cancel", "submit decline forward"),
    ("submitted", submitted_check, JUDGING, ""),
    ("accepted", accepted_check, "", ""),
    ("returned", returned_check, "remind redate cancel", "submit decline"),
    ("declined", declined_check, "cancel reopen", ""),
    ("cancelled", cancelled_check, "", ""),
]


@pytest.mark.parametrize(("status", "reach", "city", "contact"), TABLE, ids=[row[0] for row in TABLE])
def test_allowed_check_actions_by_status_and_role(story, status, reach, city, contact):
    task = reach(story)
    assert task.status == status
    assert open_verbs(CHECK_MOVES, task, story.officer.by) == city
    assert open_verbs(CHECK_MOVES, task, story.verifier.by) == city
    for role in ("approver", "logistics", "observer"):
        assert open_verbs(CHECK_MOVES, task, story.person(role).by) == "", role
    assert open_verbs(CHECK_MOVES, task, story.stranger.by) == ""
    if contact is not None:
        assert open_verbs(CHECK_MOVES, task, contact_by_link(task)) == contact


def test_check_cannot_be_given_to_a_contact_who_has_not_accepted_inquiries(story):
    task = proposed_check(story)
    silent = invited_contact("zhongshan", "Sun Bo")
    with assert_refused("not_asked", task):
        request_check(task, silent, by=story.officer.by, at=AT)


def test_check_of_a_rejected_offer_cannot_be_requested(story):
    task = proposed_check(story)
    reject_lead(task.lead, reason="fake", by=story.officer.by, at=AT)
    task = VerificationTask.objects.get(pk=task.pk)
    with assert_refused("not_ready", task):
        request_check(task, story.contact, by=story.officer.by, at=AT)


def test_forwarded_check_is_linked_to_the_first_and_stays_in_the_city(story):
    task, colleague = requested_check(story), cities.contact("zhongshan", "Zhao Lan")
    onward = forward_check(task, to=colleague, by=contact_by_link(task), at=AT)
    assert (onward.status, onward.contact_id, onward.previous_id, onward.due_at) == (
        "requested",
        colleague.pk,
        task.pk,
        task.due_at,
    )
    lead = task.lead
    lead.refresh_from_db()
    assert lead.checks_open == lead.checks.exclude(status="forwarded").count()
    with assert_refused("another_city", onward):
        forward_check(onward, to=cities.contact("wuhan"), by=contact_by_link(onward), at=AT)


def test_earlier_report_of_another_contact_is_not_attributed_to_the_new_one(story):
    task = returned_check(story)
    decline_check(task, by=contact_by_link(task), at=AT)
    reopen_check(task, by=story.officer.by, at=AT)
    request_check(task, story.checker, by=story.officer.by, at=AT)
    assert (task.submitted_at, task.question) == (None, "")
    told = _reporter_lines(task, task.reports.get())
    assert (told[0], story.checker.organization.name in told) == (str(story.contact.user), False)


def test_check_gets_at_most_three_reminders_before_a_phone_call(story):
    task = requested_check(story)
    for _time in range(3):
        assert send_reminders(task.next_reminder_at) == 1
        task.refresh_from_db()
    assert task.next_reminder_at is None
    assert needs_phone_call(task)
    with assert_refused("not_ready", task):
        remind_contact(task, by=story.officer.by, at=AT)


def test_submitted_report_stops_the_reminders(story):
    task = submitted_check(story)
    assert task.next_reminder_at is None
    assert send_reminders(AT + timedelta(days=30)) == 0


def test_rejected_offer_cancels_its_open_checks(story):
    task = requested_check(story)
    reject_lead(task.lead, reason="fake", by=story.officer.by, at=AT)
    open_ones = task.lead.checks.count()
    assert update_checks(AT) == open_ones
    task.refresh_from_db()
    assert task.status == "cancelled"
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 0


def test_check_through_an_ended_agreement_is_cancelled_and_reopened_unassigned(story):
    agreement = cities.twinning("burnaby", "zhongshan")
    task = requested_check(story)
    before = task.lead.checks.count()
    assert update_checks(AT) == 0
    end_agreement(agreement, why="terminated", by=CONSOLE_ACTOR, at=AT, reason="council vote")
    assert update_checks(AT) == 1
    task.refresh_from_db()
    assert task.status == "cancelled"
    anew = task.lead.checks.get(check_kind=task.check_kind, status="unassigned")
    assert (anew.contact, anew.why, task.lead.checks.count()) == (None, task.why, before + 1)
    assert update_checks(AT) == 0
