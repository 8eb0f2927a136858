"""Planning a shipment from what is ordered, and packing it into numbered boxes."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from procurement.orders.models.order import OrderLine
from procurement.shipments.actions import planning
from procurement.shipments.actions.planning import SHIPPABLE, Boxes, Load
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.tracking import Step
from procurement.web.shipments.shipment import find
from procurement.web.shipments.times import PLANNED, Place, PlannedTimes, port_of
from workflow import clock
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.http import attempt, show


class Plan(PlannedTimes):
    """What goes, by which way, from where to where."""

    mode = forms.ChoiceField(label=_("Mode"), choices=Shipment.Mode.choices)
    origin = forms.CharField(
        label=_("From (UN/LOCODE)"), max_length=10, help_text=_("Such as CNCAN for Guangzhou.")
    )
    destination = forms.CharField(
        label=_("To (UN/LOCODE)"), max_length=10, help_text=_("Such as CAVAN for Vancouver.")
    )
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    air_waybill = forms.CharField(
        label=_("Air waybill"), max_length=20, required=False, help_text=_("Eleven digits.")
    )
    expected_on = DayField(label=_("Expected"), required=False)

    def __init__(self, data: Any, lines: list[OrderLine]) -> None:
        super().__init__(data)
        self.order_fields([name for name in self.fields if name not in PLANNED])
        self.lines = lines
        typed = data or {}
        ports = {Step.DEPARTED: typed.get("origin", ""), Step.ARRIVED: typed.get("destination", "")}
        self.read_at({step: port_of(port) for step, port in ports.items()}, shown=False)
        if lines:
            city = lines[0].order.city
            self.read_at({Step.DELIVERED: Place(city.timezone, str(city))})
        for line in lines:
            product = line.allocation.lead.product.name
            self.fields[f"line{line.pk}"] = QuantityField(
                label=f"{line.order.reference} · {product}",
                required=False,
                initial=line.to_ship,
                max_value=line.to_ship,
            )

    @property
    def loads(self) -> list[Load]:
        """The lines somebody gave a quantity for."""
        given = [(line, self.cleaned_data.get(f"line{line.pk}")) for line in self.lines]
        return [Load(line, pieces) for line, pieces in given if pieces]

    @property
    def facts(self) -> dict[str, Any]:
        """Everything but the quantities."""
        names = ("mode", "origin", "destination", "carrier", "air_waybill", "expected_on")
        return {name: self.cleaned_data[name] for name in names} | {"planned": self.planned}


class Pack(forms.Form):
    """How a line is packed: boxes of so many pieces, of one lot; a last box takes the rest."""

    def __init__(self, data: Any, lines: list[ShipmentLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            name = line.order_line.allocation.lead.product.name
            usual = line.order_line.allocation.lead.product.units_per_carton
            label = _("%(product)s: pieces in a box") % {"product": name}
            self.fields[f"pieces{line.pk}"] = QuantityField(label=label, min_value=1, initial=usual)
            lot = _("%(product)s: lot number") % {"product": name}
            self.fields[f"lot{line.pk}"] = forms.CharField(label=lot, max_length=60, required=False)

    @property
    def boxes(self) -> list[Boxes]:
        """The boxes of every line, full ones first."""
        packed: list[Boxes] = []
        for line in self.lines:
            each, lot = self.cleaned_data[f"pieces{line.pk}"], self.cleaned_data[f"lot{line.pk}"]
            full, rest = divmod(line.quantity, each)
            packed += [Boxes(line, each, full, lot)] if full else []
            packed += [Boxes(line, rest, 1, lot)] if rest else []
        return packed


@login_required
def plan(request: Visit) -> HttpResponse:
    """Plan a shipment of one order, or of all that waits to be shipped."""
    only(request, Power.SHIP)
    waiting = _waiting(request)
    form = Plan(request.POST or None, waiting)
    context = {"form": form, "waiting": waiting}
    if not form.is_valid():
        return show(request, "shipments/plan.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: planning.plan(form.loads, author=request.user, by=request.by, at=clock.now(), **form.facts),
        done=lambda shipment: shipment.get_absolute_url(),
        template="shipments/plan.html",
        context=context,
    )


def _waiting(request: Visit) -> list[OrderLine]:
    """The order lines with pieces that are in no shipment yet."""
    rows = OrderLine.objects.visible_to(request.by).filter(order__status__in=SHIPPABLE)
    if reference := request.GET.get("order"):
        # No reference holds a NUL, and the database takes none: there is no such order.
        rows = rows.none() if "\0" in reference else rows.filter(order__reference=reference)
    rows = rows.select_related("order__city", "allocation__lead__product").order_by("pk")
    return [line for line in rows if line.to_ship]


@login_required
def pack(request: Visit, reference: str) -> HttpResponse:
    """Pack a planned shipment into numbered boxes."""
    thing = find(request, reference)
    only(request, Power.SHIP, thing)
    lines = list(thing.lines.select_related("order_line__allocation__lead__product").order_by("pk"))
    form = Pack(request.POST or None, lines)
    context = {"shipment": thing, "form": form}
    if not form.is_valid():
        return show(request, "shipments/pack.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: planning.pack(thing, form.boxes, by=request.by, at=clock.now()),
        done=thing.get_absolute_url(),
        template="shipments/pack.html",
        context=context,
    )


urlpatterns = [
    path("shipments/new/", plan, name="plan_shipment"),
    path("shipments/<slug:reference>/pack/", pack, name="pack_shipment"),
]
