"""The day on which a city is asked whether a need is still needed. The caller holds the need's lock and saves it."""

from datetime import date, datetime

from procurement.requests import rules
from procurement.requests.models import SupplyRequest


def set_reconfirmation_day(need: SupplyRequest, day: date | None) -> None:
    """Set the date of reconfirmation. The city has not been asked about it yet, and a lapsed need takes offers again."""
    need.reconfirm_by = day
    need.reconfirm_asked_for = None
    if need.lapsed:
        need.stopped = need.lapsed = False


def confirm_by_change(need: SupplyRequest, at: datetime) -> None:
    """Take a change of a need as the answer to the question whether it is still needed, if it was asked."""
    if (
        need.status == SupplyRequest.Status.OPEN
        and need.reconfirm_by
        and need.reconfirm_asked_for == need.reconfirm_by
    ):
        set_reconfirmation_day(need, need.city.day_at(at) + rules.reconfirmation_period(need))
