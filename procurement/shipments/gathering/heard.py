"""Many events beside what is kept already: which are new, and which were heard before."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from procurement.shipments.models.tracking import TrackingEvent
from procurement.shipments.rules.tracking.identity import Sender, ids_of, known_as, read, sender_of


def sort_out(came: Sequence[TrackingEvent]) -> tuple[list[TrackingEvent], Counter[int]]:
    """What is new, in its order and read as our own steps; and how often each kept event was heard again, by its key.

    What is new and told several times is counted on the first of them. The events name their shipments; none is saved yet.
    """
    ids = {one for event in came for one in ids_of(event)}
    told: defaultdict[Sender, dict[str, TrackingEvent]] = defaultdict(dict)
    about = {event.shipment_id for event in came}
    for kept in TrackingEvent.objects.filter(shipment__in=about, external_id__in=ids).defer("search"):
        told[sender_of(kept)][kept.external_id] = kept
    fresh, again = list[TrackingEvent](), Counter[int]()
    for event in came:
        known = known_as(event, told[sender_of(event)])
        if known is None:
            read(event, event.shipment)
            told[sender_of(event)][event.external_id] = event
            fresh.append(event)
        elif known._state.adding:
            known.times, known.last_heard_at = known.times + 1, event.recorded_at
        else:
            again[known.pk] += 1
    return fresh, again
