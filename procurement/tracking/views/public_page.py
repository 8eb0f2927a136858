"""Public tracking page of a shipment, for anyone with its code, if the city shares it.

The page needs no account and is rate-limited. It names cities, goods, pieces, places and dates; no
person, no price, and no text typed about the shipment.
"""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.link_sessions import add_no_store_headers
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from partners.authenticated_requests import AuthenticatedRequest
from procurement.logistics.queries.public_tracking import public_tracking
from procurement.shipments.models import Carton, Shipment
from workflow.http.pages import render_page

HTTP_GONE = 410  # the HTTP status of a shipment that is no longer shared


@require_safe
@throttle(LINK_PAGE_LIMIT)
def public_tracking_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show the goods, their origin and their location. 404 for an unknown code.

    A shipment that is no longer shared has the status 410, and its page shows only this fact.
    """
    rows = Shipment.objects.select_related("city").exclude(public_code="")
    found = rows.filter(public_code=code.lower()).first()
    context: dict[str, Any] = {"found": found, **public_tracking_context(found, request.GET.get("box", ""))}
    status = 200 if found is not None and found.shared else HTTP_GONE if found is not None else 404
    return add_no_store_headers(
        render_page(request, "tracking/public_page.html", context, status=status), referrer="no-referrer"
    )


def public_tracking_context(thing: Shipment | None, carton_reference: str = "") -> dict[str, Any]:
    """Return the template context: the location of the shipment, or of one carton. Empty if not shared."""
    if thing is None or not thing.shared:
        return {}
    carton = _carton_of_shipment(thing, carton_reference)
    return {"where": public_tracking(thing, carton)}


def _carton_of_shipment(thing: Shipment, reference: str) -> Carton | None:
    return thing.cartons.filter(reference=reference).first() if reference.isprintable() else None
