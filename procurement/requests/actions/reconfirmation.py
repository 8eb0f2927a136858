"""Mark a need as posted, and set the day on which its city must confirm that it still needs the goods.

The caller holds the need's lock and saves the need.
"""

from datetime import date, datetime

from procurement.requests import rules
from procurement.requests.models import SupplyRequest


def mark_posted(need: SupplyRequest, at: datetime) -> None:
    """Set when the need was posted, and the date of reconfirmation, unless its author entered one that is still ahead."""
    need.posted_at, today = at, need.city.day_at(at)
    if need.reconfirm_by is None or need.reconfirm_by < today:
        need.reconfirm_by = today + rules.reconfirmation_period(need)


def set_reconfirmation_day(need: SupplyRequest, day: date | None) -> None:
    """Set the date of reconfirmation and clear the question about it. A lapsed need takes offers again."""
    need.reconfirm_by = day
    need.reconfirm_asked_for = None
    if need.lapsed:
        need.stopped = need.lapsed = False


def treat_change_as_confirmation(need: SupplyRequest, at: datetime) -> None:
    """Treat a change of a need as its confirmation, if the city was asked to confirm it."""
    if (
        need.status == SupplyRequest.Status.OPEN
        and need.reconfirm_by
        and need.reconfirm_asked_for == need.reconfirm_by
    ):
        set_reconfirmation_day(need, need.city.day_at(at) + rules.reconfirmation_period(need))
