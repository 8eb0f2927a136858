"""Actions while an inquiry waits: reminders, deadlines, pauses, changes of the need, and its end."""

from datetime import datetime

from accounts.actions.links import issue_link
from accounts.models import ActionLink, User
from partners.contacts.working_hours import closing_time_after, due_time_within_hours, next_contact_time
from procurement.outreach.actions.inquiries import (
    next_reminder_time,
    require_active_agreements,
    stop_waiting_for_answer,
)
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.rules import dates, inquiries
from procurement.outreach.rules.dates import invalid_due_time_refusal
from procurement.outreach.rules.people import custom_reminder_texts
from procurement.outreach.rules.readiness import link_copy_refusal
from workflow.actors import Actor
from workflow.moves import register_action
from workflow.outbox import queue


def create_link_to_copy(inquiry: Inquiry, *, user: User, by: Actor, at: datetime, real_at: datetime) -> str:
    """Create a link that an officer sends through another channel (such as WeChat), and return its URL.

    The link is for the person whose answer is awaited. The journal records who copied it. `real_at` is
    the real time, by which links expire. Refuses if no answer is awaited.
    """
    refused = link_copy_refusal(inquiry, by)
    if refused is not None:
        raise refused
    person = inquiry.awaited_contact
    assert person is not None  # `link_copy_refusal`
    created = issue_link(
        person.user,
        purpose=ActionLink.Purpose.ANSWER,
        thing_label=inquiry._meta.label_lower,
        thing_id=inquiry.pk,
        city_id=inquiry.city_id,
        copied_by=user,
        by=by,
        at=at,
        real_at=real_at,
    )
    return created.url


@register_action(inquiries.REMIND_CONTACT)
def remind_contact(inquiry: Inquiry, *, by: Actor, at: datetime, **words: str) -> Inquiry:
    """Send a reminder with a new link and plan the next.

    `words` replace the standard text: subject and body, and both in the author's own language. The
    journal entry stores them. Refuses a fourth reminder, because a person should then
    phone; a reminder through an agreement that has ended; and one to a person whom mail does not reach.
    """
    text = custom_reminder_texts(**words)
    with inquiries.REMIND_CONTACT.apply_to(
        inquiry, by=by, at=at, reminder=inquiry.reminder_count + 1, **text
    ) as row:
        require_active_agreements(row, at)
        row.reminder_count += 1
        person = row.awaited_contact
        row.next_reminder_at = next_reminder_time(
            row, at if person is None else next_contact_time(person.user, at)
        )
    return inquiry


@register_action(inquiries.CHANGE_DUE_TIME)
def change_due_time(inquiry: Inquiry, *, due_at: datetime, by: Actor, at: datetime) -> Inquiry:
    """Change the date by which an answer is due, and notify the person asked.

    Reminders are planned again from the new date; those already sent still count. A time outside the
    contact's working hours becomes the end of the next working day. Refuses less than a working day,
    and a paused inquiry, which gets a new date when it resumes.
    """
    with inquiries.CHANGE_DUE_TIME.apply_to(inquiry, by=by, at=at) as row:
        refused = invalid_due_time_refusal(due_at, at)
        if refused is not None:
            raise refused
        queue.cancel_messages_about(
            row
        )  # planned mail names the old date; the mail about the new date repeats the inquiry
        row.due_at = due_time_within_hours(row.contact, due_at)
        row.alternates_allowed_from = None
        row.next_reminder_at = next_reminder_time(row, at, since=at)
    return inquiry


def announce_change(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Notify the person asked that the need has changed.

    People who have answered, or whose answer is no longer awaited, are also notified. While an answer is
    awaited, unsent mail about the old need is cancelled. Other planned mail, such as thanks, still goes out.
    """
    with inquiries.ANNOUNCE_CHANGE.apply_to(inquiry, by=by, at=at) as row:
        row.change_announced_at = at
        if row.status == Inquiry.Status.SENT:
            queue.cancel_messages_about(row)  # planned mail describes the old need
    return inquiry


def pause_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Pause the inquiry because its need takes no offers for now. The person asked is notified.

    Planned reminders and mail are cancelled.
    """
    with inquiries.PAUSE_INQUIRY.apply_to(inquiry, by=by, at=at) as row:
        row.paused_at = at
        row.next_reminder_at = None
        queue.cancel_messages_about(row)
    return inquiry


def resume_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Resume the inquiry because its need takes offers again. The person asked gets it once more.

    The new due time leaves as much time as was left at the pause, at least one working day, and is the end
    of a working day.
    """
    with inquiries.RESUME_INQUIRY.apply_to(inquiry, by=by, at=at) as row:
        assert row.due_at is not None and row.paused_at is not None  # it was sent; see `resumption_refusal`
        left = max(row.due_at + (at - row.paused_at), at + dates.ONE_WORKING_DAY)
        row.due_at = closing_time_after(row.contact, left, 0)
        row.paused_at = row.alternates_allowed_from = None
        row.change_announced_at = at  # the same mail includes the changes made during the pause
        queue.cancel_messages_about(row)
        row.next_reminder_at = next_reminder_time(row, at)
    return inquiry


def allow_other_contact(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Allow another person to be asked from now on, and notify the author or the city's officers.

    The inquiry keeps waiting for its answer until another person is asked.
    """
    with inquiries.ALLOW_OTHER_CONTACT.apply_to(inquiry, by=by, at=at) as row:
        row.alternates_allowed_from = at
    return inquiry


@register_action(inquiries.EXPIRE_INQUIRY)
def expire_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Stop waiting for this answer. A late answer is still accepted."""
    with inquiries.EXPIRE_INQUIRY.apply_to(inquiry, by=by, at=at) as row:
        stop_waiting_for_answer(row, at, answered=False)
    return inquiry


@register_action(inquiries.CANCEL_INQUIRY)
def cancel_inquiry(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """Cancel the inquiry. A person already asked is notified, politely, that no answer is needed."""
    with inquiries.CANCEL_INQUIRY.apply_to(inquiry, by=by, at=at, reason=reason) as row:
        stop_waiting_for_answer(row, at, answered=False)
        if row.sent_at is not None:
            SentLetter.objects.filter(inquiry=row).update(withdrawn_at=at)
    return inquiry


def give_up_on_partner(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Stop waiting for a partner city that does not answer.

    The contact is not asked, and both cities are notified.
    """
    with inquiries.GIVE_UP_ON_PARTNER.apply_to(inquiry, by=by, at=at) as row:
        stop_waiting_for_answer(row, at, answered=False)
    return inquiry
