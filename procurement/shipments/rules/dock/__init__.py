"""At the dock: what a carton may be said to be, what cartons add up to, the cases of differences, and a company's record. Pure."""

from procurement.shipments.rules.dock.cartons import Seen, Tally, counted, honest, tally
from procurement.shipments.rules.dock.cases import CASE_MOVES, differences
from procurement.shipments.rules.dock.record import Delivered, Year, record, word_of

__all__ = [
    "CASE_MOVES",
    "Delivered",
    "Seen",
    "Tally",
    "Year",
    "counted",
    "differences",
    "honest",
    "record",
    "tally",
    "word_of",
]
