"""Counters of a need line (offered, allocated, shipped, arrived, released), which other packages update."""

from procurement.requests.models import RequestLine
from workflow.moves import select_locked


def add_to_line_counters(line: RequestLine, **deltas: int) -> RequestLine:
    """Add to a line's counters (allocated, shipped, arrived, released) under its lock.

    Called by other packages inside their own transaction and journal entry; it records nothing itself.
    """
    row = select_locked(line)
    for name, delta in deltas.items():
        setattr(row, name, getattr(row, name) + delta)
    row.save(update_fields=list(deltas))
    return row


def set_offer_totals(line: RequestLine, *, offered: int, offered_short: int, verified_free: int) -> None:
    """Store the totals of a line's offers, if they changed.

    Called by the package `leads`, with the line locked.
    """
    if (line.offered, line.offered_short, line.verified_free) != (offered, offered_short, verified_free):
        RequestLine.objects.filter(pk=line.pk).update(
            offered=offered, offered_short=offered_short, verified_free=verified_free
        )


def clear_line_changed_at(line: RequestLine) -> None:
    """Clear the time of a line's last change (`changed_at`), unless the line changed again since it was read.

    Called when the line's offers have been screened with the line's facts as read.
    """
    RequestLine.objects.filter(pk=line.pk, changed_at=line.changed_at).update(changed_at=None)
