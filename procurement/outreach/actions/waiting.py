"""Reminders, a pause, and the end of waiting."""

from datetime import datetime

from partners.actions.people import end_question
from partners.rules.hours import back_at_work, closing_after, decent_hour, due_within
from procurement.outreach.actions.writing import check_ties
from procurement.outreach.models import Inquiry, SentLetter
from procurement.outreach.rules import days, inquiries
from procurement.outreach.rules.days import due_holds, next_chase
from procurement.outreach.rules.people import own_words
from workflow.actors import Actor
from workflow.outbox import ledger


def remind(inquiry: Inquiry, *, by: Actor, at: datetime, **words: str) -> Inquiry:
    """Send a reminder with a fresh link and plan the next; with a `body`, in these words instead of ours (subject, body, and both in
    one's own language), which the entry keeps.

    Refuses a fourth: then somebody should phone; one through an agreement that has ended; and one to somebody whom mail does not reach.
    """
    said = own_words(**words)
    with inquiries.REMIND.on(inquiry, by=by, at=at, chase=inquiry.chases + 1, **said) as row:
        check_ties(row, at)
        row.chases += 1
        person = row.waits_for
        row.chase_at = next_reminder(row, at if person is None else decent_hour(person.user, at))
    return inquiry


def redate(inquiry: Inquiry, *, due_at: datetime, by: Actor, at: datetime) -> Inquiry:
    """Give the person asked another day, and tell them. Reminders are planned anew by it; those that went out still count.

    A moment outside their working hours becomes the end of the working day that follows. Refuses less than a working day, and a paused
    question, which gets its day when it goes on.
    """
    with inquiries.REDATE.on(inquiry, by=by, at=at) as row:
        refused = due_holds(due_at, at)
        if refused is not None:
            raise refused
        ledger.cancel(row)  # what names the old day; the message about the new one holds the question as well
        row.due_at = due_within(row.contact, due_at)
        row.next_from = None
        row.chase_at = next_reminder(row, at, since=at)
    return inquiry


def restate(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Announce that the need has changed: those who got the question hear what it asks for now; mail still to go is written again.

    Those who have answered, or are waited for no longer, hear it, too: what is on its way to them goes, thanks for instance.
    """
    with inquiries.RESTATE.on(inquiry, by=by, at=at) as row:
        row.restated_at = at
        if row.status == Inquiry.Status.SENT:
            ledger.cancel(row)  # it says what is needed no more
    return inquiry


def pause(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """The need takes no offers for a while: no reminder goes, what is planned is taken back, and whoever was asked is told."""
    with inquiries.PAUSE.on(inquiry, by=by, at=at) as row:
        row.paused_at = at
        row.chase_at = None
        ledger.cancel(row)
    return inquiry


def go_on(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """The need takes offers again: whoever was asked gets the question once more, with as much time as was left."""
    with inquiries.GO_ON.on(inquiry, by=by, at=at) as row:
        assert row.due_at is not None and row.paused_at is not None  # it was sent, and `may_go_on`
        left = max(row.due_at + (at - row.paused_at), at + days.A_WORKING_DAY)
        row.due_at = closing_after(row.contact, left, 0)
        row.paused_at = row.next_from = None
        row.restated_at = at  # the same mail tells what has changed meanwhile
        ledger.cancel(row)
        row.chase_at = next_reminder(row, at)
    return inquiry


def give_way(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Let somebody else be asked from now on; whoever keeps the question is told. Waiting goes on until they do."""
    with inquiries.GIVE_WAY.on(inquiry, by=by, at=at) as row:
        row.next_from = at
    return inquiry


def lapse(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Wait no longer for this answer; it stays welcome."""
    with inquiries.LAPSE.on(inquiry, by=by, at=at) as row:
        end(row, at, answered=False)
    return inquiry


def cancel(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """Take the question back. Whoever was asked is told, politely, that no answer is needed."""
    with inquiries.CANCEL.on(inquiry, by=by, at=at, reason=reason) as row:
        end(row, at, answered=False)
        if row.sent_at is not None:
            SentLetter.objects.filter(inquiry=row).update(withdrawn_at=at)
    return inquiry


def give_up(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Wait no longer for a partner city that does not answer: its contact is not asked, and both cities hear of it."""
    with inquiries.GIVE_UP.on(inquiry, by=by, at=at) as row:
        end(row, at, answered=False)
    return inquiry


def end(row: Inquiry, at: datetime, *, answered: bool = True) -> None:
    """No more reminders; what is planned is taken back; the contact has one open question less."""
    row.chase_at = None
    row.paused_at = None
    ledger.cancel(row)
    if row.status == Inquiry.Status.SENT:
        waited = (at - row.sent_at).total_seconds() / 3600 if answered and row.sent_at else None
        end_question(row.contact, waited, at=at)


def next_reminder(row: Inquiry, at: datetime, since: datetime | None = None) -> datetime | None:
    """When to remind next: by the days from its sending, or from `since`, to the day hoped for; at an hour when they work."""
    asked_at = row.sent_at or row.partner_asked_at
    assert asked_at is not None and row.due_at is not None  # a contact or the partner city was asked
    planned, person = next_chase(since or asked_at, row.due_at, row.chases, at), row.waits_for
    return planned if planned is None or person is None else back_at_work(person, planned)
