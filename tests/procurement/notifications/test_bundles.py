"""Tests of emails about several checks of one company: the first lists them all, the others are not sent."""

import pytest

from procurement.notifications.builder import build_messages, is_relevant, rewrite_message
from procurement.verification.actions.assignment import cancel_check, request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.models import CheckKind
from tests.worlds.need_to_order import AT
from workflow.journal.entries import history_of
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(story):
    """Return the planned e-mails of three checks of one company, in the order of the checks."""
    lead = story.lead(story.line())
    open_ones = set(lead.checks.values_list("check_kind", flat=True))
    found = []
    for kind in [kind for kind in CheckKind.values if kind not in open_ones][:3]:
        task = propose_check(lead, kind, by=story.officer.by, at=AT)
        request_check(task, story.contact, by=story.officer.by, at=AT)
        (message,) = build_messages(history_of(task).get(verb="offer"), AT)
        message.save()
        found.append((task, message))
    return found


def mark_as_sent(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=AT)


def test_first_email_lists_all_checks_of_a_company_and_suppresses_the_others(story, mails):
    (first, message), *others = mails
    words = rewrite_message(message, AT)
    assert words is not None
    for task, _message in mails:
        assert task.reference in words.body
    assert "3" in words.subject
    assert first.reference in words.subject
    assert first.supplier.name in words.subject
    assert all(is_relevant(one) for _task, one in mails)
    mark_as_sent(message)
    assert [is_relevant(one) for _task, one in others] == [False, False]


def test_unsent_email_about_a_cancelled_check_suppresses_no_other(story, mails):
    (first, message), (_second, next_one), *_rest = mails
    cancel_check(first, reason="We went ourselves.", by=story.officer.by, at=AT)
    message.refresh_from_db()
    next_one.refresh_from_db()
    assert (is_relevant(message), is_relevant(next_one)) == (False, True)
    words = rewrite_message(next_one, AT)
    assert words is not None
    assert first.reference not in words.body


def test_email_to_another_contact_suppresses_none(story, mails):
    (_first, message), (_second, next_one), *_rest = mails
    mark_as_sent(message)
    Message.objects.filter(pk=message.pk).update(recipient=story.officer.user)
    assert is_relevant(next_one)


def test_email_about_a_single_check_names_it_in_the_subject(story, mails):
    (first, message), *others = mails
    for task, _message in others:
        cancel_check(task, reason="No longer needed.", by=story.officer.by, at=AT)
    words = rewrite_message(message, AT)
    assert words is not None
    assert f"({first.reference}, " in words.subject
