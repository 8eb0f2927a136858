"""What a need keeps to, however it is written: days ahead where the city is, and all that partners were told. Writes nothing."""

from procurement.requests import rules
from procurement.requests.models import SupplyRequest
from workflow.errors import Refused


def still_complete(need: SupplyRequest) -> None:
    """What partners were told goes on being said: what, how many, where to, until when, and how goods may come."""
    hold(rules.complete(need) if need.status == SupplyRequest.Status.OPEN else None)


def hold(refused: Refused | None) -> None:
    """Refuse, where a rule found a reason to."""
    if refused is not None:
        raise refused
