"""Actions of the periodic job on inquiries: remind, allow another contact, close, follow changes."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from partners.contacts.working_hours import next_working_time
from partners.routing.recommendations import former_partners_by_city
from procurement.outreach.actions.inquiries import recompose_inquiry, return_to_partner
from procurement.outreach.actions.reminders import (
    allow_other_contact,
    announce_change,
    cancel_inquiry,
    expire_inquiry,
    give_up_on_partner,
    pause_inquiry,
    remind_contact,
    resume_inquiry,
)
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules import dates
from procurement.requests.rules import ANNOUNCE_CHANGES_AFTER
from workflow.actors import SYSTEM
from workflow.due_rows import process_due


def update_inquiries(at: datetime) -> int:
    """Bring inquiries in line with their needs, agreements and contacts. Return how many were handled.

    Cancel inquiries about needs that have ended or lines that were removed, through agreements that have ended,
    and to contacts the city has stopped asking. Take back those sent with a consent that was lost before the contact got them.
    Compose the text of unsent ones again. Pause those of stopped needs, resume those whose needs take offers
    again, and announce changes of needs an hour after the first, so that several changes go as one message.
    """
    former, asked = former_partners_by_city(at), Inquiry.objects
    moot = (
        (asked.moot(), gettext_noop("The need has ended.")),
        (asked.about_removed_lines(), gettext_noop("The lines that it was about have been removed.")),
        (asked.via_ended_agreements(former), gettext_noop("The agreement between the cities has ended.")),
        (
            asked.stopped_by_city(),
            gettext_noop("The city stopped its requests to this contact."),
        ),
        (
            asked.consents_for_opted_out_contacts(),
            gettext_noop("The contact asked not to receive any more messages."),
        ),
    )
    done = sum(_cancel_all(questions, reason, at) for questions, reason in moot)
    done += process_due(
        asked.sent_with_lost_consent().order_by("pk"),
        lambda inquiry: return_to_partner(inquiry, by=SYSTEM, at=at),
    )
    no_one = gettext_noop(
        "The partner city’s consent is no longer in force, and no one in that city can be asked to renew it."
    )
    done += _cancel_all(asked.consents_to_ask_no_one_for(), no_one, at)
    done += process_due(
        asked.to_recompose().order_by("pk"), lambda inquiry: recompose_inquiry(inquiry, by=SYSTEM, at=at)
    )
    done += process_due(
        asked.with_unannounced_changes(former, at - ANNOUNCE_CHANGES_AFTER).order_by("pk"),
        lambda inquiry: announce_change(inquiry, by=SYSTEM, at=at),
    )
    done += process_due(
        asked.to_pause().order_by("pk"), lambda inquiry: pause_inquiry(inquiry, by=SYSTEM, at=at)
    )
    return done + process_due(
        asked.to_resume().order_by("pk"), lambda inquiry: resume_inquiry(inquiry, by=SYSTEM, at=at)
    )


def _cancel_all(moot: QuerySet[Inquiry], reason: str, at: datetime) -> int:
    return process_due(
        moot.order_by("pk"), lambda inquiry: cancel_inquiry(inquiry, reason=reason, by=SYSTEM, at=at)
    )


def send_reminders(at: datetime) -> int:
    """Send the reminders that are due, oldest first. Return how many were handled.

    A reminder that is due outside its reader's working hours is postponed.
    """
    asked = Inquiry.objects
    return sum(
        process_due(due.order_by("next_reminder_at", "pk"), lambda inquiry: _remind_or_postpone(inquiry, at))
        for due in (asked.reminder_due(at), asked.consent_reminders_due(at))
    )


def allow_other_contacts(at: datetime) -> int:
    """Allow another person to be asked for each inquiry that was unanswered long enough. Return how many."""
    asked, long_ago = Inquiry.objects, at - dates.ALTERNATES_ALLOWED_AFTER
    return sum(
        process_due(silent.order_by("pk"), lambda inquiry: allow_other_contact(inquiry, by=SYSTEM, at=at))
        for silent in (
            asked.overdue_for_reply(due_before=long_ago),
            asked.overdue_consents(due_before=long_ago),
        )
    )


def expire_unanswered_inquiries(at: datetime) -> int:
    """Stop waiting for answers long overdue, also from partner cities. Return how many inquiries.

    Every reminder must have been sent, with time to phone after the last one.
    """
    asked, long_ago, silent_since = (
        Inquiry.objects,
        at - dates.EXPIRES_AFTER_DUE,
        at - dates.GRACE_AFTER_LAST_REMINDER,
    )
    old = asked.replies_long_overdue(long_ago, silent_since).order_by("pk")
    kept_back = asked.consents_long_overdue(long_ago, silent_since).order_by("pk")
    done = process_due(old, lambda inquiry: expire_inquiry(inquiry, by=SYSTEM, at=at))
    return done + process_due(kept_back, lambda inquiry: give_up_on_partner(inquiry, by=SYSTEM, at=at))


def _remind_or_postpone(row: Inquiry, at: datetime) -> None:
    """Remind now, or postpone until the person is at work.

    The periodic job may be late, and working hours and absences change.
    """
    person = row.awaited_contact
    there = at if person is None else next_working_time(person, at)
    if there > at:
        Inquiry.objects.filter(pk=row.pk).update(next_reminder_at=there)
    else:
        remind_contact(row, by=SYSTEM, at=at)
