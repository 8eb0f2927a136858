"""What a need keeps to, however it is written: days ahead where the city is, and all that partners were told. Writes nothing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from partners.models import City
from procurement.requests import rules
from procurement.requests.models import SupplyRequest
from workflow.errors import Refused


def still_complete(need: SupplyRequest) -> None:
    """What partners were told goes on being said: what, how many, where to, until when, and how goods may come."""
    hold(rules.complete(need) if need.status == SupplyRequest.Status.OPEN else None)


def today_in(city: City, at: datetime) -> date:
    """The day it is where the city is: its own evening is not tomorrow."""
    return at.astimezone(ZoneInfo(city.timezone or "UTC")).date()


def hold(refused: Refused | None) -> None:
    """Refuse, where a rule found a reason to."""
    if refused is not None:
        raise refused
