"""How long a shipment's way usually takes: our own past shipments by the same mode between the same countries, else as published."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Milestone
from procurement.shipments.rules.tracking.durations import LEGS, MOST, Leg, Lengths, Times, lengths
from procurement.shipments.words import Published, published

TRAVELLED = (
    Shipment.Status.ARRIVED,
    Shipment.Status.DELIVERED,
    Shipment.Status.CLOSED,
    Shipment.Status.HANDED_BACK,
)
JOURNEY = LEGS[Shipment.Status.DEPARTED]


@dataclass(frozen=True)
class Transit:
    """From departure to arrival: `own` where five of the city's own shipments tell, `published` where somebody wrote it down."""

    own: Lengths | None
    published: Published | None


def past_of(shipment: Shipment) -> list[Times]:
    """When the steps of the city's newest past shipments on the same way happened. Another city's are its own business."""
    alike = Shipment.objects.filter(
        city=shipment.city_id,
        mode=shipment.mode,
        origin__startswith=shipment.origin[:2],
        destination__startswith=shipment.destination[:2],
        status__in=TRAVELLED,
    ).exclude(pk=shipment.pk)
    newest = alike.order_by("-pk").values("pk")[:MOST]
    known: defaultdict[int, dict[str, datetime | None]] = defaultdict(dict)
    happened = Milestone.objects.filter(shipment__in=newest, actual_at__isnull=False)
    for pk, step, actual_at in happened.values_list("shipment", "step", "actual_at"):
        known[pk][step] = actual_at
    return list(known.values())


def usual_of(leg: Leg | None, past: list[Times]) -> Lengths | None:
    """How long what a shipment is at took before."""
    return lengths(leg, past) if leg else None


def transit_of(shipment: Shipment, past: list[Times]) -> Transit:
    """How long the journey itself usually takes, and who says so."""
    known = published(shipment.mode, shipment.origin, shipment.destination)
    return Transit(lengths(JOURNEY, past), known)
