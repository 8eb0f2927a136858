"""What papers made from a shipment's or a gift's record say, what they still lack, and the figures they are compared by. Reads only."""

from procurement.shipments.gathering.papers.lacking import Lack, is_made, kinds_of, lacks
from procurement.shipments.gathering.papers.making import figures_now, figures_of, said
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.gathering.papers.standing import Standing, standing

__all__ = [
    "Lack",
    "Record",
    "Standing",
    "figures_now",
    "figures_of",
    "is_made",
    "kinds_of",
    "lacks",
    "said",
    "standing",
]
