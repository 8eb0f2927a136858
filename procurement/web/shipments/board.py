"""The board of shipments: every one the reader may see, with saved views for what is urgent."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.exchange.sheets import SHIPMENTS
from procurement.shipments.models import Shipment
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import show
from workflow.doors.lists import page

VIEWS = {
    "": _("All"),
    "soon": _("Lands in 48 h"),
    "held": _("Held"),
    "papers": _("Papers missing"),
    "under_way": _("Under way"),
}


@login_required
def shipments(request: Visit) -> HttpResponseBase:
    """Every shipment the reader may see, with saved views for what is urgent."""
    view = request.GET.get("view", "")
    rows = _narrowed(Shipment.objects.visible_to(request.by).select_related("city"), view)
    if wanted(request):
        return sheet(request, "shipments", SHIPMENTS, rows)
    chips = [
        (label, f"?view={name}" if name else request.path, name == view) for name, label in VIEWS.items()
    ]
    return show(
        request,
        "shipments/list.html",
        {"page": page(request, rows), "chips": chips, "today": clock.now().date()},
    )


def _narrowed(rows: QuerySet[Shipment], view: str) -> QuerySet[Shipment]:
    match view:
        case "soon":
            return rows.filter(
                status__in=Shipment.UNDER_WAY, expected_on__lte=clock.now().date() + timedelta(days=2)
            )
        case "held":
            return rows.filter(held=True)
        case "papers":
            return rows.filter(papers_missing__gt=0, status__in=Shipment.UNDER_WAY)
        case "under_way":
            return rows.filter(status__in=Shipment.UNDER_WAY)
        case _:
            return rows


urlpatterns = [path("shipments/", shipments, name="shipments")]
