"""Actions that put off a row of a person's start page (“Today”), hand it to a colleague, and undo either.

A mark changes only the person's own page and no record of a city, so it is not journaled (docs/adr/0005).
"""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.permissions.permissions import Permissions
from partners.todo_marks.models import TodoMark
from workflow.errors import Refused

MAX_DELAY = timedelta(days=60)
HANDOVER_DURATION = timedelta(days=7)  # a row that still waits a week after it was handed over comes back


def put_off(kind: str, thing_id: int, *, until: date, today: date, by: Permissions, at: datetime) -> TodoMark:
    """Hide a row from the actor until a day, which lies between tomorrow and sixty days from `today`."""
    if not today < until <= today + MAX_DELAY:
        raise Refused("bad_day", _("Choose a date from tomorrow up to 60 days ahead."), field="until")
    return _save_mark(kind, thing_id, by=by, until=until, handed_to=None, note="", at=at)


def hand_over(
    kind: str, thing_id: int, *, to: User, note: str, today: date, by: Permissions, at: datetime
) -> TodoMark:
    """Hand a row to a colleague and hide it from the actor for a week.

    The caller must offer only colleagues who have the row on their own page.
    """
    if to.pk == by.user_id:
        raise Refused("own_row", _("Choose a colleague."), field="to")
    return _save_mark(
        kind, thing_id, by=by, until=today + HANDOVER_DURATION, handed_to=to, note=note.strip(), at=at
    )


def dismiss(kind: str, thing_id: int, *, by: Permissions, at: datetime) -> TodoMark:
    """Hide a row from the actor for good, until they take it back."""
    return _save_mark(kind, thing_id, by=by, until=date.max, handed_to=None, note="", at=at)


def remove_mark(kind: str, thing_id: int, *, by: Permissions) -> int:
    """Remove the actor's mark, so that the row shows again, and return how many marks there were."""
    removed, _rows = TodoMark.objects.filter(user=by.user_id, kind=kind, thing_id=thing_id).delete()
    return removed


def _save_mark(kind: str, thing_id: int, *, by: Permissions, **facts: object) -> TodoMark:
    mark, _new = TodoMark.objects.update_or_create(
        user_id=by.user_id, kind=kind, thing_id=thing_id, defaults=facts
    )
    return mark
