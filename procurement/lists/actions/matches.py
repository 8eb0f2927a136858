"""Persons judge whether a company is somebody on a list. What changes is judged anew in its offers by the tick."""

from datetime import datetime

from accounts.models import User
from procurement.lists.models.match import ListMatch
from procurement.lists.rules import matches
from procurement.suppliers.actions.companies import note_change
from workflow.actors import Actor


def propose_clearing(
    match: ListMatch, *, reason: str, proposed_by: User, by: Actor, at: datetime
) -> ListMatch:
    """Say in writing why it is somebody else. It blocks until a second person agrees. Refuses who entered the company or an offer."""
    with matches.PROPOSE.on(match, by=by, at=at, reason=reason) as row:
        row.proposal, row.proposed_by = reason, proposed_by
    return match


def clear(match: ListMatch, *, reason: str, judged_by: User, by: Actor, at: datetime) -> ListMatch:
    """Agree in writing as the second person: it blocks no longer, until the entry or the company's names change."""
    with matches.CLEAR.on(match, by=by, at=at, reason=reason) as row:
        _judged(row, reason, judged_by, at)
        note_change(row.supplier, at)
    return match


def turn_down(match: ListMatch, *, reason: str, judged_by: User, by: Actor, at: datetime) -> ListMatch:
    """Do not clear it: it is a possible match as before."""
    with matches.TURN_DOWN.on(match, by=by, at=at, reason=reason) as row:
        row.proposal, row.proposed_by = "", None
        _judged(row, reason, judged_by, at)
    return match


def confirm(match: ListMatch, *, reason: str, judged_by: User, by: Actor, at: datetime) -> ListMatch:
    """Say in writing that it is them. Nothing is dealt with the company while it stands."""
    with matches.CONFIRM.on(match, by=by, at=at, reason=reason) as row:
        _judged(row, reason, judged_by, at)
        note_change(row.supplier, at)
    return match


def reopen(match: ListMatch, *, reason: str, by: Actor, at: datetime) -> ListMatch:
    """Judge it anew: what was said before stands in the history, and it blocks as a possible match."""
    with matches.REOPEN.on(match, by=by, at=at, reason=reason) as row:
        forget(row)
        note_change(row.supplier, at)
    return match


def forget(row: ListMatch) -> None:
    """Take off a match what was judged of it; its history keeps it."""
    row.proposal, row.judgement = "", ""
    row.proposed_by = row.judged_by = row.judged_at = None


def _judged(row: ListMatch, reason: str, judged_by: User, at: datetime) -> None:
    row.judgement, row.judged_by, row.judged_at = reason, judged_by, at
