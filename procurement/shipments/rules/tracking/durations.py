"""How long the parts of a journey take: as published, or from five of our own past shipments on, as those took. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Step

ENOUGH = 5  # past shipments; fewer say nothing about the next one
MOST = 200  # the newest of them are looked at

type Times = Mapping[str, datetime | None]  # when each step happened, by step


@dataclass(frozen=True)
class Leg:
    """A part of a journey: it begins with a step and ends with another."""

    begins: Step
    ends: Step


# What a shipment is at while it has a status.
LEGS: dict[str, Leg] = {
    Shipment.Status.PACKED: Leg(Step.READY, Step.DEPARTED),
    Shipment.Status.DEPARTED: Leg(Step.DEPARTED, Step.ARRIVED),
    Shipment.Status.ARRIVED: Leg(Step.ARRIVED, Step.DELIVERED),
    Shipment.Status.DELIVERED: Leg(Step.DELIVERED, Step.INSPECTED),
}


@dataclass(frozen=True)
class Lengths:
    """How long a leg took before: half of so many took no longer than `half`, nine of ten no longer than `most`."""

    half: timedelta
    most: timedelta
    number: int


def leg_of(status: str) -> Leg | None:
    """What a shipment of this status is at; None before it is packed and after it is over."""
    return LEGS.get(status)


def lengths(leg: Leg, past: Iterable[Times]) -> Lengths | None:
    """How long a leg took on past journeys, of which both ends are known. None for fewer than five."""
    took = sorted(
        ended - began
        for times in past
        if (began := times.get(leg.begins)) is not None
        and (ended := times.get(leg.ends)) is not None
        and ended >= began
    )
    if len(took) < ENOUGH:
        return None
    half = median(one.total_seconds() for one in took)
    return Lengths(timedelta(seconds=half), nine_of_ten(took), len(took))


def nine_of_ten(took: Sequence[timedelta]) -> timedelta:
    """The shortest time that nine of ten did not exceed: of ten the ninth, of five the fifth. Sorted, at least one."""
    return took[ceil(len(took) * 9 / 10) - 1]
