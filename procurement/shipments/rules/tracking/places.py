"""Where a shipment is, as far as anybody knows: by its last word with a place, else by what it is at. Pure."""

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.words import locode_of

AT_ORIGIN = frozenset({Shipment.Status.PLANNED, Shipment.Status.PACKED})
# A UN/LOCODE or an airport's letters, as PostgreSQL and Python read it; anything else that somebody wrote is no place on a map.
CODE = r"^[A-Za-z]{2}[A-Za-z2-9]{3}$|^[A-Za-z]{3}$"


def now_at(status: str, origin: str, destination: str, heard: str = "") -> str:
    """The code of the place where it is: a UN/LOCODE, or one that we do not know as it was heard. `heard` is that of its last word.

    Before it leaves it is where it begins; under way, where it was heard of last, else where it began; in the country, where it was
    heard of there, else where it goes.
    """
    if status in AT_ORIGIN:
        return origin
    last = locode_of(heard) or heard.strip().upper()
    if status in (Shipment.Status.DEPARTED, Shipment.Status.LOST):
        return last or origin
    if status == Shipment.Status.ARRIVED and last[:2] == destination[:2] and len(last) == len(destination):
        return last
    return destination
