"""When an approver may let somebody else approve in their place. Pure."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import first_refusal

LONGEST = timedelta(days=60)  # whoever is away for longer hands over the role


def refused(
    *, approves: bool, works_here: bool, oneself: bool, days: tuple[date, date, date]
) -> Refused | None:
    """Why not, or None. `days`: today, the first and the last day."""
    today, first, last = days
    return first_refusal(
        (
            None
            if approves
            else Refused(NOT_ALLOWED, _("Only an approver of the city lets somebody approve.")),
            Refused("oneself", _("Choose somebody else than yourself."), field="deputy") if oneself else None,
            None if works_here else Refused("not_here", _("They do not work for the city."), field="deputy"),
            Refused("bad_days", _("The last day is before the first."), field="ends_on")
            if last < first
            else None,
            Refused("bad_days", _("These days are over."), field="ends_on") if last < today else None,
            Refused("bad_days", _("Sixty days at most. Hand over the role instead."), field="ends_on")
            if last - first > LONGEST
            else None,
        )
    )
