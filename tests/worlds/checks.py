"""Checks at each step of their life cycle, reached through actions, and a contact's report."""

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
from tests.worlds.leads import offered
from tests.worlds.need_to_order import AT


def by_link(task):
    return permissions_by_link(task.contact.user, task.contact, ("procurement.verificationtask", task.pk))


def proposed(story):
    lead = offered(story)
    return open_checks(lead, by=story.officer.by, at=AT)[0]


def requested(story):
    return request_check(proposed(story), story.contact, by=story.officer.by, at=AT)


def in_progress(story):
    task = requested(story)
    return accept_check(task, by=by_link(task), at=AT)


def submit(task, **facts):
    given = {
        "answers": {
            question.code: {"answer": "yes", "seen": "the licence"} for question in questions_for_task(task)
        },
        "method": "visit",
        "seen_on": AT.date(),
        "confidence": 3,
        "author": task.contact.user,
        "by": by_link(task),
        "at": AT,
        **facts,
    }
    return submit_report(task, **given)


def submitted(story):
    task = requested(story)
    submit(task)
    return task


def accepted(story):
    return accept_report(submitted(story), reviewer=story.verifier.user, by=story.verifier.by, at=AT)


def returned(story):
    return return_report(submitted(story), question="Which lot?", by=story.verifier.by, at=AT)


def declined(story):
    task = requested(story)
    return decline_check(task, remark="too far", by=by_link(task), at=AT)


def cancelled(story):
    return cancel_check(requested(story), reason="not needed", by=story.officer.by, at=AT)
