"""Tests of what contacts learn of a change of a posted need that waited for approval: nothing until it is approved."""

from datetime import timedelta

import pytest

from procurement.notifications.builder import build_messages
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import changed_need_text, changes_since_written
from procurement.requests.actions.lines import set_lines
from procurement.requests.approval.actions import approve_change, return_change
from procurement.requests.rules import ANNOUNCE_CHANGES_AFTER
from tests.procurement.portal.by_link import open_link_page
from tests.procurement.requests.need_approval_steps import delegate_of, require_approval, wanted_lines
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.outbox.queue import enqueue_for_entry

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)
DUE = LATER + ANNOUNCE_CHANGES_AFTER


@pytest.fixture
def asked(db):
    """Return the example purchase, on a practice site, and a mailed inquiry about its posted need of 7,300 masks.

    The city approves needs since.
    """
    clear_instance_cache()
    create_instance("practice", AT)
    story = Story()
    inquiry = story.asked(story.line(7_300))
    enqueue_all(inquiry, "send")
    Message.objects.filter(template="inquiry").update(state=Message.State.SENT, sent_at=AT)
    require_approval(story)
    yield story, inquiry
    clear_instance_cache()


def enqueue_all(inquiry: Inquiry, verb: str) -> None:
    for entry in Entry.objects.filter(verb=verb, thing_id=inquiry.pk, thing_label="procurement.inquiry"):
        enqueue_for_entry(entry, build_messages(entry, entry.at), entry.at)


def propose(story: Story, inquiry: Inquiry, quantity: int) -> None:
    lines = wanted_lines(quantity)
    set_lines(inquiry.supply_request, lines, by=story.officer.by, at=LATER, reason="A second ward opened.")
    assert inquiry.supply_request.proposal is not None


def announced(inquiry: Inquiry) -> list[str]:
    """Return the texts of the mails about changes, once the periodic job has run."""
    update_inquiries(DUE)
    enqueue_all(inquiry, "restate")
    return list(Message.objects.filter(template="inquiry_changed").values_list("body", flat=True))


def reread(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


@pytest.mark.parametrize("returned", [False, True])
def test_contact_learns_nothing_of_a_change_that_waits_or_was_returned(asked, returned):
    story, inquiry = asked
    propose(story, inquiry, 9_150)
    if returned:
        return_change(inquiry.supply_request, reason="Too many", by=story.approver.by, at=LATER)
    assert announced(inquiry) == []
    assert changes_since_written(reread(inquiry)) == []
    assert changed_need_text(reread(inquiry)) == ""
    page = open_link_page(inquiry)
    for hidden in ("9,150", "9 150", "A second ward opened.", "Too many"):
        assert hidden not in page


def test_contact_learns_once_of_an_approved_change_with_the_reason_of_its_proposer(asked):
    story, inquiry = asked
    propose(story, inquiry, 9_150)
    approve_change(inquiry.supply_request, by=story.approver.by, at=LATER)
    [mail] = announced(inquiry)
    for text in (mail, open_link_page(inquiry).text):
        assert "9,150" in text
        assert "A second ward opened." in text
    update_inquiries(DUE + timedelta(hours=5))
    assert Entry.objects.filter(verb="restate", thing_id=inquiry.pk).count() == 1


def test_contact_does_not_learn_who_is_absent_from_a_change_that_a_delegate_approved(asked):
    story, inquiry = asked
    deputy = delegate_of(story, story.approver.user)
    propose(story, inquiry, 9_150)
    approve_change(inquiry.supply_request, by=deputy.by, at=LATER)
    entry = Entry.objects.get(verb="approve_change")
    assert entry.facts["on_behalf_of"] == str(story.approver.user)
    changes = changes_since_written(reread(inquiry))
    assert len(changes) == 2, "the line and the reason"
    assert "9,150" in changes[0][1]
    [mail] = announced(inquiry)
    for text in (mail, open_link_page(inquiry).text):
        assert "9,150" in text
        for hidden in (str(story.approver.user), entry.facts["absent_until"], "on behalf of"):
            assert hidden not in text


def test_approved_change_without_a_visible_difference_is_not_announced_though_a_delegate_decided(asked):
    story, inquiry = asked
    deputy = delegate_of(story, story.approver.user)
    need = inquiry.supply_request
    [same] = wanted_lines(7_300, price="9.75")
    set_lines(need, [same], by=story.officer.by, at=LATER, reason="Prices")
    set_lines(need, wanted_lines(7_300, price="9.90"), by=story.officer.by, at=LATER, reason="Prices rose.")
    assert need.proposal is not None
    approve_change(need, by=deputy.by, at=LATER)
    assert changes_since_written(reread(inquiry)) == []
    assert announced(inquiry) == []
