"""Checks at each step of their life, reached by playing actions, and a contact's report."""

from partners.rules.powers import powers_by_link
from procurement.verification.actions import asking, reporting
from procurement.verification.actions.asking import accept_check, request_check
from procurement.verification.actions.opening import open_checks
from procurement.verification.actions.reporting import send_back
from procurement.verification.questions import about
from tests.procurement.leads.play import offered
from tests.procurement.story import AT


def by_link(task):
    return powers_by_link(task.contact.user, task.contact, ("procurement.verificationtask", task.pk))


def proposed(story):
    lead = offered(story)
    return open_checks(lead, by=story.officer.by, at=AT)[0]


def asked(story):
    return request_check(proposed(story), story.contact, by=story.officer.by, at=AT)


def taken(story):
    task = asked(story)
    return accept_check(task, by=by_link(task), at=AT)


def send(task, **facts):
    given = {
        "answers": {question.code: {"answer": "yes", "seen": "the licence"} for question in about(task)},
        "method": "visit",
        "seen_on": AT.date(),
        "confidence": 3,
        "author": task.contact.user,
        "by": by_link(task),
        "at": AT,
        **facts,
    }
    return reporting.submit(task, **given)


def submitted(story):
    task = asked(story)
    send(task)
    return task


def accepted(story):
    return reporting.accept(submitted(story), judge=story.verifier.user, by=story.verifier.by, at=AT)


def returned(story):
    return send_back(submitted(story), question="Which lot?", by=story.verifier.by, at=AT)


def declined(story):
    task = asked(story)
    return asking.decline(task, remark="too far", by=by_link(task), at=AT)


def cancelled(story):
    return asking.cancel(asked(story), reason="not needed", by=story.officer.by, at=AT)
