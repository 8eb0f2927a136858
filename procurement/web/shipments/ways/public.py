"""Where a shipment is, for whoever holds its code: no account, who asks is counted, and the city can shut it.

It names cities, goods, pieces, places and days: nobody, no price and nothing that was typed about the shipment.
"""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.limits import LINKS
from accounts.web.grants import private
from accounts.web.limited import limited
from partners.visit import Visit
from procurement.shipments.gathering import places
from procurement.shipments.models.shipment import Carton, Shipment
from workflow.doors.http import show

GONE = 410  # it was shared once, and is no more


@require_safe
@limited(LINKS)
def whereabouts(request: Visit, code: str) -> HttpResponse:
    """What it is, from whom, where it is. 404 for a code that nobody gave out; one that the city shut says that it is not shared."""
    rows = Shipment.objects.select_related("city").exclude(public_code="")
    found = rows.filter(public_code=code.lower()).first()
    context: dict[str, Any] = {"found": found, **told(found, request.GET.get("box", ""))}
    status = 200 if found is not None and found.shared else GONE if found is not None else 404
    return private(show(request, "contact/where.html", context, status=status), referrer="no-referrer")


def told(thing: Shipment | None, box: str = "") -> dict[str, Any]:
    """What a page says of where goods are, of one of their boxes where it names one; nothing of a shipment that is not shared."""
    if thing is None or not thing.shared:
        return {}
    carton = _box(thing, box)
    return {"where": places.whereabouts(thing, carton)}


def _box(thing: Shipment, reference: str) -> Carton | None:
    return thing.cartons.filter(reference=reference).first() if reference.isprintable() else None


urlpatterns = [path("where/<slug:code>/", whereabouts, name="whereabouts")]
