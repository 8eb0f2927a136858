"""Tests of inquiries of a paused need: nothing is sent or accepted, contacts are notified, and the inquiries resume later."""

from datetime import timedelta

import pytest

from partners.contacts.models import Contact
from partners.contacts.working_hours import closing_time_after
from procurement.leads.actions.leads import submit_answer
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.audiences import contacts_with_live_offer
from procurement.notifications.builder import build_messages, is_relevant
from procurement.outreach.actions.inquiries import forward_inquiry, give_consent
from procurement.outreach.actions.periodic import (
    expire_unanswered_inquiries,
    send_reminders,
    update_inquiries,
)
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import needs_phone_call
from procurement.outreach.rules.inquiries import INQUIRY_MOVES
from procurement.outreach.rules.readiness import pause_refusal
from procurement.requests.actions.requests import resume_offers, stop_request, withdraw_request
from tests.procurement.outreach.test_inquiries import (
    expired_inquiry,
    inquiry_awaiting_consent,
    powers_by_own_link,
    sent_inquiry,
)
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.outbox.queue import enqueue_for_entry

DAY = timedelta(days=1)


def pause_need(story, inquiry, at=AT):
    stop_request(inquiry.supply_request, reason="the depot is full", by=story.officer.by, at=at)
    return update_inquiries(at)


def resume_need(story, inquiry, at):
    resume_offers(inquiry.supply_request, by=story.officer.by, at=at)
    return update_inquiries(at)


def submit_offer(story, inquiry, at=AT):
    line = inquiry.supply_request.lines.get()
    return submit_answer(
        inquiry,
        author=inquiry.contact.user,
        by=powers_by_own_link(inquiry),
        at=at,
        line=line,
        product=line.product,
        supplier=story.supplier,
        stock_quantity=500,
    )


def reloaded_inquiry(inquiry):
    return Inquiry.objects.select_related("contact__city", "supply_request").get(pk=inquiry.pk)


def plan_messages_about(verb, thing):
    """Queue the messages of the newest entry with this verb, as the periodic job does."""
    entry = Entry.objects.filter(verb=verb, thing_label=thing._meta.label_lower).latest("pk")
    return enqueue_for_entry(entry, build_messages(entry, entry.at), entry.at)


def mails_of_template(template):
    return Message.objects.filter(template=template)


def deliver(inquiry):
    plan_messages_about("send", inquiry)
    Message.objects.filter(template="inquiry").update(state="sent", sent_at=AT, claim=None)


def test_paused_need_pauses_its_inquiries_once_and_stops_reminders(story):
    inquiry, other = sent_inquiry(story), sent_inquiry(story)
    assert pause_need(story, inquiry) == 1
    assert update_inquiries(AT + DAY) == 0
    paused = reloaded_inquiry(inquiry)
    assert (paused.status, paused.paused_at, paused.next_reminder_at) == ("sent", AT, None)
    assert reloaded_inquiry(other).paused_at is None
    assert send_reminders(AT + 9 * DAY) == 1, "only the other need's"
    assert expire_unanswered_inquiries(AT + 60 * DAY) == 0, "the city stopped, not the contact"
    with assert_refused("not_ready", paused):
        remind_contact(paused, by=story.officer.by, at=AT + DAY)
    assert open_verbs(INQUIRY_MOVES, paused, story.officer.by) == "decline record_phone_reply expire cancel"
    assert open_verbs(INQUIRY_MOVES, paused, powers_by_own_link(paused)) == "decline"


def test_no_reminder_is_sent_between_pausing_the_need_and_the_next_periodic_run(story):
    inquiry = sent_inquiry(story)
    stop_request(inquiry.supply_request, reason="enough", by=story.officer.by, at=AT)
    assert send_reminders(AT + 3 * DAY) == 0


@pytest.mark.parametrize("reach", [sent_inquiry, expired_inquiry])
def test_offer_or_forwarding_for_a_paused_need_is_refused(story, reach):
    inquiry = reach(story)
    pause_need(story, inquiry)
    inquiry = reloaded_inquiry(inquiry)
    assert story.supplier  # added first: the block itself changes nothing
    with assert_refused("not_ready", inquiry) as no:
        submit_offer(story, inquiry)
    assert "is not taking new offers" in str(no.value)
    assert not SupplierLead.objects.exists(), "nothing is left half done"
    with assert_refused("not_ready"):
        forward_inquiry(
            reloaded_inquiry(inquiry),
            to=cities.contact("zhongshan", "Zhao Lan"),
            by=powers_by_own_link(inquiry),
            at=AT,
        )


def test_further_offers_are_refused_while_the_need_is_paused_and_after_it_is_closed(story):
    inquiry = sent_inquiry(story)
    submit_offer(story, inquiry)
    pause_need(story, inquiry)
    with assert_refused("not_ready", inquiry):
        submit_offer(story, reloaded_inquiry(inquiry))
    withdraw_request(inquiry.supply_request, reason="no more", by=story.officer.by, at=AT)
    with assert_refused("not_ready", inquiry) as no:
        submit_offer(story, reloaded_inquiry(inquiry))
    assert "is no longer looking for these goods" in str(no.value)
    assert reloaded_inquiry(inquiry).leads == 1


def test_paused_inquiry_can_be_declined_and_is_not_resumed(story):
    inquiry = sent_inquiry(story)
    pause_need(story, inquiry)
    decline_inquiry(reloaded_inquiry(inquiry), remark="no stock", by=powers_by_own_link(inquiry), at=AT)
    assert (reloaded_inquiry(inquiry).status, reloaded_inquiry(inquiry).paused_at) == ("declined", None)
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 0
    assert resume_need(story, inquiry, AT + DAY) == 0


@pytest.mark.parametrize("days", [1, 3, 30])
def test_resumed_inquiry_keeps_its_remaining_time_and_is_reminded_later(story, days):
    inquiry = sent_inquiry(story)
    pause_need(story, inquiry, AT + DAY)
    at = AT + (1 + days) * DAY
    assert resume_need(story, inquiry, at) == 1
    again = reloaded_inquiry(inquiry)
    left = closing_time_after(inquiry.contact, AT, 4) + days * DAY
    assert (again.paused_at, again.due_at) == (None, closing_time_after(inquiry.contact, left, 0))
    assert again.next_reminder_at >= at + DAY
    assert update_inquiries(at) == 0
    submit_offer(story, again, at)
    assert reloaded_inquiry(inquiry).status == "answered"


def test_contact_is_mailed_when_the_inquiry_is_paused_and_again_when_it_resumes(story):
    inquiry = sent_inquiry(story)
    deliver(inquiry)
    pause_need(story, inquiry)
    plan_messages_about("pause", inquiry)
    letter = mails_of_template("inquiry_paused").get()
    assert letter.recipient == story.contact.user
    assert is_relevant(letter)
    resume_need(story, inquiry, AT + DAY)
    letter.refresh_from_db()
    assert letter.state == "cancelled", "what waited for the morning is not true any more"
    assert not is_relevant(letter)
    plan_messages_about("resume", inquiry)
    again = mails_of_template("inquiry_again").get()
    assert inquiry.body in again.body
    assert again.link == {"purpose": "answer"}


def test_contact_who_never_got_the_inquiry_gets_it_on_resumption_and_no_pause_email(story):
    inquiry = sent_inquiry(story)
    plan_messages_about("send", inquiry)
    pause_need(story, inquiry)
    assert mails_of_template("inquiry").get().state == "cancelled"
    plan_messages_about("pause", inquiry)
    assert not mails_of_template("inquiry_paused").exists()
    resume_need(story, inquiry, AT + DAY)
    plan_messages_about("resume", inquiry)
    assert not mails_of_template("inquiry_again").exists(), "it would be news of an inquiry they never read"
    assert inquiry.body in mails_of_template("inquiry").get(state="planned").body


def test_contact_with_several_offers_is_told_once_that_they_remain_during_the_pause(story):
    inquiry = sent_inquiry(story)
    submit_offer(story, inquiry)
    submit_offer(story, reloaded_inquiry(inquiry))
    need = inquiry.supply_request
    assert contacts_with_live_offer(need) == [story.contact.user]
    assert pause_need(story, inquiry) == 0
    plan_messages_about("stop", need)
    letter = mails_of_template("offers_stopped").get()
    assert need.title in letter.body
    assert is_relevant(letter)
    resume_need(story, inquiry, AT + DAY)
    assert not is_relevant(letter)


def test_phone_call_is_not_requested_for_a_paused_inquiry(story):
    inquiry = sent_inquiry(story)
    while inquiry.next_reminder_at is not None:
        send_reminders(inquiry.next_reminder_at)
        inquiry.refresh_from_db()
    assert needs_phone_call(inquiry)
    pause_need(story, inquiry, AT + 7 * DAY)
    assert not needs_phone_call(reloaded_inquiry(inquiry))


def test_partner_city_cannot_consent_to_an_inquiry_of_a_paused_need(story):
    inquiry = inquiry_awaiting_consent(story)
    assert pause_need(story, inquiry) == 0
    with assert_refused("not_ready", inquiry):
        give_consent(inquiry, by=cities.powers("officer", cities.city("zhongshan")), at=AT)


def test_forwarded_inquiry_keeps_the_language_it_was_written_in(story):
    inquiry = sent_inquiry(story)
    colleague = cities.contact("zhongshan", "Zhao Lan")
    type(colleague.user).objects.filter(pk=colleague.user_id).update(language="fr-ca")
    colleague.user.refresh_from_db()
    onward = forward_inquiry(inquiry, to=colleague, by=powers_by_own_link(inquiry), at=AT)
    assert (onward.language, onward.body) == (inquiry.language, inquiry.body)


def test_paused_inquiry_cannot_be_paused_again(story):
    inquiry = sent_inquiry(story)
    pause_need(story, inquiry)
    inquiry.refresh_from_db()
    assert "already paused" in str(pause_refusal(inquiry).message)
