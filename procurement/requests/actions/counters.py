"""The counters of a line of a need: what is offered, allocated, shipped, released. Moved by later stages; they record it, not this."""

from procurement.requests.models import RequestLine
from workflow.moves import locked


def progress(line: RequestLine, **deltas: int) -> RequestLine:
    """Move a line's counters (allocated, shipped, arrived, released) under its lock, for the stage that knows.

    Called by later stages inside their own transaction and entry; it records nothing itself.
    """
    row = locked(line)
    for name, delta in deltas.items():
        setattr(row, name, getattr(row, name) + delta)
    row.save(update_fields=list(deltas))
    return row


def set_offers(line: RequestLine, *, offered: int, offered_short: int, verified_free: int) -> None:
    """Store what the leads of a line add up to, where that has changed. Called by the leads stage with the line locked."""
    if (line.offered, line.offered_short, line.verified_free) != (offered, offered_short, verified_free):
        RequestLine.objects.filter(pk=line.pk).update(
            offered=offered, offered_short=offered_short, verified_free=verified_free
        )


def judged(line: RequestLine) -> None:
    """Its offers have been judged by what it asked for when it was read; what changed meanwhile is judged next time."""
    RequestLine.objects.filter(pk=line.pk, changed_at=line.changed_at).update(changed_at=None)
