"""What was destroyed: it stands on its shipment's page, where a second person confirms it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from partners.rules.powers import Powers
from partners.visit import Visit
from procurement.shipments.actions.ways.destroying import confirm_destroyed, drop_destroyed
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.ways import BackLine, Destruction
from procurement.shipments.paper import where
from workflow import clock
from workflow.doors.moving import Step, make, reason_form

GOODS = "line__order_line__allocation__lead__product"


@login_required
def destruction(request: Visit, pk: int) -> HttpResponse:
    """It stands on its shipment's page."""
    return redirect(get_object_or_404(Destruction.objects.visible_to(request.by), pk=pk).shipment)


@login_required
def destruction_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Confirm it, or drop it."""
    rows = Destruction.objects.visible_to(request.by).select_related("lot", "shipment")
    return make(request, get_object_or_404(rows, pk=pk), verb, STEPS)


def ways_of(by: Powers, thing: Shipment) -> dict[str, Any]:
    """What a shipment's page tells of refused goods: what is still here, what went back or was destroyed; and its public page."""
    told: dict[str, Any] = {"public_url": where(thing.public_code) if thing.shared else ""}
    if thing.is_return:
        rows = BackLine.objects.filter(shipment=thing).select_related(GOODS, "lot", "line__order_line__order")
        told["back_lines"] = list(rows.order_by("pk"))
        return told | {"back_from": thing.back_from if thing.city_id in by.sees else None}
    if thing.city_id not in by.sees or thing.status not in (
        Shipment.Status.DELIVERED,
        Shipment.Status.CLOSED,
    ):
        return told
    gone = thing.destructions.select_related(GOODS, "lot", "author", "confirmed_by").order_by("pk")
    return told | {
        "left": leftovers_of(thing),
        "returns": list(thing.returns.order_by("pk")),
        "destructions": list(gone),
    }


def _after(thing: Destruction) -> str:
    return f"{thing.shipment.get_absolute_url()}#refused"


STEPS = {
    "confirm": Step(
        lambda request, thing: confirm_destroyed(thing, by=request.by, at=clock.now()), after=_after
    ),
    "drop": Step(
        lambda request, thing, reason: drop_destroyed(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        after=_after,
    ),
}

urlpatterns = [
    path("destructions/<int:pk>/", destruction, name="destruction"),
    path("destructions/<int:pk>/<slug:verb>/", destruction_move, name="destruction_move"),
]
