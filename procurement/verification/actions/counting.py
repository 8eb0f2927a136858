"""What checks add up to on their offer and their contact; shared by the other modules here."""

from datetime import datetime

from partners.actions.people import end_question
from partners.models.people import Contact
from partners.rules.hours import back_at_work
from procurement.leads.actions.counters import set_checks
from procurement.leads.models.offer import SupplierLead
from procurement.outreach.rules.days import next_chase
from procurement.verification.models.checks import VerificationTask
from workflow.moves import locked
from workflow.outbox import ledger


def recount(lead: SupplierLead) -> None:
    """Count, under the lead's lock, the needed checks of which none of their kind is accepted; cancelled and declined ones count.

    Who brought the offer is a person, at whichever office: the contact it came from, and whoever entered it.
    """
    row = locked(lead)
    checks = list(row.checks.select_related("contact", "reused_from__contact").order_by("pk"))
    needed = {(check.check_kind, check.certificate_id) for check in checks if check.needed}
    accepted = [check for check in checks if check.status == VerificationTask.Status.ACCEPTED]
    done = {(check.check_kind, check.certificate_id) for check in accepted}
    brought = {row.author_id, row.contact.user_id if row.contact else None} - {None}
    others = [check for check in accepted if _made_by(check) not in brought]
    set_checks(row, still_open=len(needed - done), accepted=len(accepted), by_others=len(others))


def _made_by(check: VerificationTask) -> int | None:
    """The person who made it: of one that another city lent, who made that one."""
    contact = check.contact if check.reused_from is None else check.reused_from.contact
    return contact.user_id if contact else None


def end(row: VerificationTask, at: datetime, *, answered: bool = True) -> None:
    """No more reminders; what is planned is taken back; the contact has one open question less.

    Only an answer of theirs says how fast they answer: a check that was called off does not.
    """
    row.chase_at = None
    ledger.cancel(row)
    waited = (at - row.offered_at).total_seconds() / 3600 if answered and row.offered_at else None
    end_question(contact_of(row), waited, at=at)


def next_reminder(row: VerificationTask, at: datetime) -> datetime | None:
    """When to remind next, by the days it was given out for; never within a working day of `at`."""
    assert row.offered_at is not None and row.due_at is not None  # check_given_to_somebody
    return _at_work(row, next_chase(row.offered_at, row.due_at, row.chases, at))


def next_from(row: VerificationTask, at: datetime) -> datetime | None:
    """When to remind next of what was asked anew at `at` (a question about the report, another day), by the days given for it."""
    assert row.due_at is not None  # check_given_to_somebody
    return _at_work(row, next_chase(at, row.due_at, row.chases, at))


def _at_work(row: VerificationTask, planned: datetime | None) -> datetime | None:
    return None if planned is None else back_at_work(contact_of(row), planned)


def contact_of(row: VerificationTask) -> Contact:
    """Who was asked."""
    assert row.contact is not None  # check_given_to_somebody
    return row.contact
