"""Destructions of rejected goods, shown on their shipment's page, where a second person confirms them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from procurement.quality.models import Lot
from procurement.receiving.models import Destruction, ReturnLine
from procurement.receiving.rules.rejected_goods import (
    CONFIRM_DESTRUCTION,
    DISCARD_DESTRUCTION,
    remaining_rejected_goods,
    returned_or_destroyed,
)
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.rules import public_tracking_url
from workflow.http.move_views import move_options, run_move
from workflow.query_expressions import may_have_related

PRODUCT_PATH = "line__order_line__allocation__lead__product"


@login_required
def destruction_redirect(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the shipment of a destruction."""
    return redirect(get_object_or_404(Destruction.objects.visible_to(request.by), pk=pk).shipment)


@login_required
def destruction_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm the record of a destruction, or discard it."""
    rows = Destruction.objects.visible_to(request.by).select_related("lot", "shipment")
    return run_move(request, get_object_or_404(rows, pk=pk), verb, DESTRUCTION_MOVE_OPTIONS)


def rejected_goods_context(
    by: Permissions, thing: Shipment, lines: Sequence[ShipmentLine], lots: Sequence[Lot]
) -> dict[str, Any]:
    """Return the template context about rejected goods: which are left, were returned, or were destroyed.

    It also holds the address of the public tracking page, "" while that is closed. The lines and lots must
    be those of the shipment, the lines with their orders and products.
    """
    context: dict[str, Any] = {"public_url": public_tracking_url(thing.public_code) if thing.shared else ""}
    if thing.is_return:
        rows = ReturnLine.objects.filter(shipment=thing).select_related(
            PRODUCT_PATH, "lot", "line__order_line__order"
        )
        context["return_lines"] = list(rows.order_by("pk"))
        return context | {
            "returned_from": thing.returned_from if thing.city_id in by.visible_cities else None
        }
    if thing.city_id not in by.visible_cities or thing.status not in (
        Shipment.Status.DELIVERED,
        Shipment.Status.CLOSED,
    ):
        return context
    named = thing.destructions.select_related(PRODUCT_PATH, "lot", "author", "confirmed_by").order_by("pk")
    destructions = list(named) if may_have_related(thing, "destructions") else []
    sent = thing.returns.prefetch_related("return_lines").order_by("pk")
    returns = list(sent) if may_have_related(thing, "returns") else []
    back = [
        one for each in returns if each.status != each.Status.CANCELLED for one in each.return_lines.all()
    ]
    destroyed = [one for one in destructions if one.status != Destruction.Status.DISCARDED]
    return context | {
        "left": remaining_rejected_goods(lines, lots, returned_or_destroyed((*back, *destroyed))),
        "returns": returns,
        "destructions": destructions,
    }


def _shipment_url(thing: Destruction) -> str:
    return f"{thing.shipment.get_absolute_url()}#refused"


DESTRUCTION_MOVE_OPTIONS = move_options(CONFIRM_DESTRUCTION, DISCARD_DESTRUCTION, after=_shipment_url)
