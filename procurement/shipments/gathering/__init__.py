"""What warnings and usual times rest on, what was heard, what its papers say, how its lots are looked at. Reads only."""

from procurement.shipments.gathering.heard import sort_out
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.gathering.looking import Looking, reports_of
from procurement.shipments.gathering.places import Whereabouts, last_heard, whereabouts
from procurement.shipments.gathering.signs import signs_of
from procurement.shipments.gathering.transit import Transit, past_of, transit_of, usual_of

__all__ = [
    "Looking", "Transit", "Whereabouts", "last_heard", "leftovers_of", "past_of", "reports_of", "signs_of",
    "sort_out", "transit_of", "usual_of",
    "whereabouts",
]  # fmt: skip
