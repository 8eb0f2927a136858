"""What was heard, as it is shown: in its place by time, with what came late, what came again, and what cannot both be true. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, permutations

from django.utils.translation import gettext_lazy as _

from procurement.shipments.models.tracking import Step, TrackingEvent
from procurement.shipments.rules import times
from workflow.errors import Words

APART = timedelta(
    hours=24
)  # two senders may note the same step at other hours of a day; days apart, one of them is wrong

# Nothing happens before the step it follows. Clearing may come before or after a journey, so it stands in no order.
_ORDER = (Step.PICKED_UP, Step.DEPARTED, Step.ARRIVED, Step.DELIVERED)


@dataclass(frozen=True)
class Word:
    """One thing heard: the event, whether others of later hours were heard before it, and what it does not agree with."""

    event: TrackingEvent
    late: bool
    disputes: tuple[Words, ...]


def told(events: Iterable[TrackingEvent]) -> list[Word]:
    """Everything heard, what happened last first. What was marked as wrong stands in its place and contradicts nothing."""
    heard = sorted(events, key=lambda event: (event.occurred_at, event.recorded_at, event.pk), reverse=True)
    late, disputes = _late(heard), _disputes(heard)
    return [Word(event, event.pk in late, tuple(disputes.get(event.pk, ()))) for event in heard]


def _late(heard: Sequence[TrackingEvent]) -> frozenset[int]:
    """Those that were recorded after something that happened later than they did. What came together is not late by each other, and
    what did not happen yet is not late.
    """
    latest = datetime.min.replace(tzinfo=UTC)
    found: set[int] = set()
    past = [event for event in heard if event.happened]
    for _moment, together in groupby(sorted(past, key=_recorded), key=_recorded):
        came = list(together)
        found |= {event.pk for event in came if event.occurred_at < latest}
        latest = max(latest, *(event.occurred_at for event in came))
    return frozenset(found)


def _recorded(event: TrackingEvent) -> datetime:
    return event.recorded_at


def _disputes(heard: Sequence[TrackingEvent]) -> dict[int, list[Words]]:
    """Why an event and another cannot both be true, by the event: once for each way in which they may disagree."""
    held = [event for event in heard if event.wrong_at is None and event.happened]
    firsts: dict[
        tuple[str, str, str], TrackingEvent
    ] = {}  # goods travel in parts: of each sender's words the first one counts
    for event in reversed(held):
        firsts.setdefault((event.code_system, event.source, event.step), event)
    pairs = (
        *permutations(firsts.values(), 2),
        *((one, two) for one, two in permutations(_corrected(held), 2) if _same_id(one, two)),
    )
    found: dict[int, dict[str, Words]] = {}
    for event, other in pairs:
        for about, words in _ways(event, other):
            found.setdefault(event.pk, {}).setdefault(about, words)
    return {pk: list(ways.values()) for pk, ways in found.items()}


def _corrected(held: Sequence[TrackingEvent]) -> list[TrackingEvent]:
    """Those whose sender used a number twice, with what stands under it."""
    twice = {_number(event) for event in held if "#" in event.external_id}
    return [event for event in held if _number(event) in twice]


def _number(event: TrackingEvent) -> tuple[str, str, str]:
    return event.code_system, event.source, event.external_id.partition("#")[0]


def _same_id(event: TrackingEvent, other: TrackingEvent) -> bool:
    return _number(event) == _number(other)


def _ways(event: TrackingEvent, other: TrackingEvent) -> Iterator[tuple[str, Words]]:
    if _same_id(event, other):
        words = _(
            "Its sender told something else under the same number. Ask which holds, and mark the other as wrong."
        )
        yield "number", words
    elif event.step and event.step == other.step:
        if abs(event.occurred_at - other.occurred_at) > APART:
            words = _("Somebody else says that “%(step)s” was on %(when)s, more than a day away.")
            yield "time", words % _that(other)
    elif event.step in _ORDER and other.step in _ORDER:
        further = _ORDER.index(Step(event.step)) > _ORDER.index(Step(other.step))
        if further and event.occurred_at < other.occurred_at:
            words = _("It cannot have happened before “%(step)s”, which was heard for %(when)s.")
            yield "order", words % _that(other)
        if not further and event.occurred_at > other.occurred_at:
            words = _("It cannot have happened after “%(step)s”, which was heard for %(when)s.")
            yield "order", words % _that(other)


def _that(event: TrackingEvent) -> dict[str, Words]:
    return {"step": event.get_step_display(), "when": times.told(event.occurred_at)}
