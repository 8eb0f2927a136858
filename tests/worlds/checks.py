"""Checks in each status, reached through actions, and a contact's report."""

from partners.permissions.permissions import permissions_by_link
from procurement.verification.actions.assignment import (
    accept_check,
    cancel_check,
    decline_check,
    request_check,
)
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import accept_report, return_report, submit_report
from procurement.verification.questions import questions_for_task
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT


def contact_by_link(task):
    return permissions_by_link(task.contact.user, task.contact, ("procurement.verificationtask", task.pk))


def proposed_check(story):
    lead = submitted_offer(story)
    return open_checks(lead, by=story.officer.by, at=AT)[0]


def requested_check(story):
    return request_check(proposed_check(story), story.contact, by=story.officer.by, at=AT)


def started_check(story):
    task = requested_check(story)
    return accept_check(task, by=contact_by_link(task), at=AT)


def submit_positive_report(task, **facts):
    given = {
        "answers": {
            question.code: {"answer": "yes", "seen": "the licence"} for question in questions_for_task(task)
        },
        "method": "visit",
        "seen_on": AT.date(),
        "confidence": 3,
        "author": task.contact.user,
        "by": contact_by_link(task),
        "at": AT,
        **facts,
    }
    return submit_report(task, **given)


def submitted_check(story):
    task = requested_check(story)
    submit_positive_report(task)
    return task


def accepted_check(story):
    return accept_report(submitted_check(story), reviewer=story.verifier.user, by=story.verifier.by, at=AT)


def returned_check(story):
    return return_report(submitted_check(story), question="Which lot?", by=story.verifier.by, at=AT)


def declined_check(story):
    task = requested_check(story)
    return decline_check(task, remark="too far", by=contact_by_link(task), at=AT)


def cancelled_check(story):
    return cancel_check(requested_check(story), reason="not needed", by=story.officer.by, at=AT)
