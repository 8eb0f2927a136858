"""Hook that `leads` fills: the places of known makers (ADR 1).

`procurement/apps.py` registers it in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from partners.cities.models import City
from partners.routing.contact_paths import RoutingPlace
from workflow.hooks import Hook

type MakersByPlace = Mapping[RoutingPlace, frozenset[str]]

# Of these product families, those with makers that the city knows on a date, by the place of the maker and by its
# province. Counts only what every person of the city may see. One query.
makers_by_place = Hook[Callable[[City, Collection[str], date], MakersByPlace]](
    "procurement.outreach.hooks.makers_by_place"
)
