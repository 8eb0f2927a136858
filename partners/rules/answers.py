"""How long somebody usually takes to answer: the median of their latest answers, which one long silence does not move. Pure."""

from collections.abc import Iterable, Sequence
from statistics import median

KEPT = 30  # answers of a person: how they answered long ago says little about now


def with_one_more(times: Sequence[int], hours: float) -> list[int]:
    """The whole hours of the latest answers, the newest last. Within the hour counts as one: nobody answers in no time."""
    return [*times, max(1, round(hours))][-KEPT:]


def usual(times: Iterable[int]) -> int | None:
    """The median, in whole hours, half an hour up; None where nobody has answered yet."""
    known = list(times)
    return int(median(known) + 0.5) if known else None
