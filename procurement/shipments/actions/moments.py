"""When something happened: as somebody says, else now."""

from datetime import datetime

from django.db.models import Model

from procurement.shipments.rules import times
from workflow.errors import Words


def moment(
    model: type[Model],
    field: str,
    given: datetime | None,
    at: datetime,
    *,
    before: Words = "",
    earlier: datetime | None = None,
) -> datetime:
    """The moment of a fact; of one that follows a step (`before`, `earlier`), never sooner.

    Refuses, by the fact's own name, the future and what lies before that step.
    """
    if given is None:
        return max(at, earlier or at)
    name = times.called(model, field)
    refused = times.not_yet(field, name, given, at) or times.out_of_order(field, name, given, before, earlier)
    if refused is not None:
        raise refused
    return given
