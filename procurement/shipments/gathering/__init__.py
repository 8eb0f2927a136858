"""What a shipment's warnings and its usual times rest on, what was heard before, and what its papers say. Reads only."""

from procurement.shipments.gathering.heard import sort_out
from procurement.shipments.gathering.signs import signs_of
from procurement.shipments.gathering.transit import Transit, past_of, transit_of, usual_of

__all__ = ["Transit", "past_of", "signs_of", "sort_out", "transit_of", "usual_of"]
