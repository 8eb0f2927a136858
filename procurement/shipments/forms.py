"""Forms of shipments: board filter, carriage, broker, plan, packing, split, merge, reroute, return."""

import re
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from partners.list_filters import city_name_condition
from partners.memberships.models import Membership
from procurement.catalogue.forms import ProductSearchField
from procurement.catalogue.models.products import Product
from procurement.logistics.actions.planning import LineQuantity, PackedCartons
from procurement.logistics.actions.split_and_merge import FIELDS_EQUAL_FOR_MERGE, SplitPart
from procurement.logistics.rules.alerts import ALERT_TYPES
from procurement.orders.models import OrderLine
from procurement.receiving.forms import rejected_goods_label
from procurement.receiving.queries import rejected_goods_left
from procurement.receiving.rules.rejected_goods import RejectedPortion
from procurement.shipments.form_fields import (
    STEP_BY_FIELD,
    PlaceField,
    PlannedTimeField,
    PlannedTimesForm,
    StepPlace,
    nearest_port,
    step_place_of,
)
from procurement.shipments.models import Shipment, ShipmentLine, Step
from procurement.shipments.reference_tables import locode_of_typed_place, place_label
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, QuantityField
from workflow.http.lists import ListFilterForm
from workflow.http.move_forms import ReasonForm

SOONEST, RISKIEST, NEWEST = "expected", "-risk", "-id"


class ShipmentFilterForm(ListFilterForm):
    """Form that filters and sorts the board."""

    always_shown_fields = ("q", "mode", "warning")
    lookups: ClassVar = {
        "mode": "mode",
        "city": city_name_condition("city"),
        "product": lambda text, _by: Q(
            pk__in=ShipmentLine.objects.filter(
                order_line__allocation__lead__product__in=Product.objects.search(text)
            ).values("shipment")
        ),
        "since": "expected_on__gte",
        "until": "expected_on__lte",
    }

    view = forms.CharField(required=False, widget=forms.HiddenInput)
    map = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Search"), required=False)
    mode = forms.ChoiceField(
        label=_("Mode of transport"), required=False, choices=[("", _("Any")), *Shipment.Mode.choices]
    )
    warning = forms.ChoiceField(
        label=_("Alert"),
        required=False,
        choices=[("", _("Any")), *((code, kind.name) for code, kind in ALERT_TYPES.items())],
    )
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    product = ProductSearchField()
    since = DayField(label=_("Expected on or after"), required=False, help_text="")
    until = DayField(label=_("Expected on or before"), required=False, help_text="")
    order = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("Default order")),
            (SOONEST, _("Days until arrival")),
            (RISKIEST, _("Risk")),
            (NEWEST, _("Newest first")),
            ("city", _("City")),
            ("documents", _("Missing documents")),
        ],
    )


NUMBER_SEPARATOR_PATTERN = re.compile(r"[\s-]")
CONTAINER_NUMBER_PATTERN = re.compile(
    r"[A-Za-z]{4}[\s-]*[0-9]{6}[\s-]*[0-9](?![0-9])", re.ASCII
)  # a container number as painted on its door: CSQU 305438 3
MAX_SEAL_LENGTH = 30


class TransportForm(EditForm):
    """Form for the carrier and its numbers. The action verifies check digits."""

    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    voyage = forms.CharField(label=_("Flight or vessel"), max_length=60, required=False)
    air_waybill = forms.CharField(
        label=_("Air waybill"), max_length=20, required=False, help_text=_("Enter eleven digits.")
    )
    bill_of_lading = forms.CharField(label=_("Bill of lading"), max_length=40, required=False)
    containers = forms.CharField(
        label=_("Containers"),
        required=False,
        max_length=2000,
        help_text=_("Four letters and seven digits each, separated by spaces."),
    )
    tracking_number = forms.CharField(label=_("Courier’s tracking number"), max_length=40, required=False)
    seals = forms.CharField(
        label=_("Seals"), required=False, max_length=2000, help_text=_("Separate seal numbers with commas.")
    )
    gross_kg = forms.DecimalField(
        label=_("Gross weight, kg"), min_value=0, max_digits=10, decimal_places=1, required=False
    )
    expected_on = DayField(label=_("Expected date"), required=False)

    def __init__(self, data: Any, thing: Shipment | None = None) -> None:
        known = {name: getattr(thing, name) for name in self.base_fields} if thing else {}
        known["containers"] = " ".join(known.get("containers") or [])
        known["seals"] = ", ".join(known.get("seals") or [])
        super().__init__(data, initial=known)

    def clean_containers(self) -> list[str]:
        """Return the container numbers as a list; each may contain spaces and hyphens, as painted."""
        typed = str(self.cleaned_data["containers"])
        return (
            CONTAINER_NUMBER_PATTERN.sub(
                lambda found: f" {NUMBER_SEPARATOR_PATTERN.sub('', found[0])} ", typed
            )
            .replace(",", " ")
            .split()
        )

    def clean_seals(self) -> list[str]:
        """Return the seals as a list. Refuses a seal of more than 30 characters."""
        seals = [seal.strip() for seal in str(self.cleaned_data["seals"]).split(",") if seal.strip()]
        if any(len(seal) > MAX_SEAL_LENGTH for seal in seals):
            raise forms.ValidationError(
                _("A seal number can have at most 30 characters. Separate seal numbers with commas.")
            )
        return seals


class AssignBrokerForm(forms.Form):
    """Form that assigns a customs broker of the city."""

    broker = forms.ModelChoiceField(User.objects.none(), label=_("Customs broker"))

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        brokers = Membership.objects.active().filter(role=Membership.Role.BROKER, city=thing.city_id)
        field = self.fields["broker"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = User.objects.filter(pk__in=brokers.values("user")).order_by("name", "pk")
        if not brokers.exists():
            field.help_text = _(
                "Your city has no customs broker yet. Invite one, or request documents from one by link."
            )


PLACE_HELP = _("Name of the port or airport, in any language.")


class PlanShipmentForm(PlannedTimesForm):
    """Form that plans a shipment: goods, mode, route, carrier and times."""

    mode = forms.ChoiceField(label=_("Mode of transport"), choices=Shipment.Mode.choices)
    origin = PlaceField(label=pgettext_lazy("a place", "From"), help_text=PLACE_HELP)
    destination = PlaceField(label=pgettext_lazy("a place", "To"), help_text=PLACE_HELP)
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    air_waybill = forms.CharField(
        label=_("Air waybill"), max_length=20, required=False, help_text=_("Enter eleven digits.")
    )
    expected_on = DayField(label=_("Expected date"), required=False)

    def __init__(self, data: Any, lines: list[OrderLine]) -> None:
        proposed = _initial_plan(lines[0]) if lines else {}
        super().__init__(data, initial=proposed)
        self.order_fields([name for name in self.fields if name not in STEP_BY_FIELD])
        self.lines = lines
        typed = data or proposed
        ports = {Step.DEPARTED: typed.get("origin", ""), Step.ARRIVED: typed.get("destination", "")}
        for step, port in ports.items():
            place = step_place_of(port)
            self.use_places({step: place}, shown=bool(place.name))
        if lines:
            city = lines[0].order.city
            self.use_places({Step.DELIVERED: StepPlace(city.timezone, str(city))})
        for line in lines:
            product = line.allocation.lead.product.name
            self.fields[f"line{line.pk}"] = QuantityField(
                label=f"{line.order.reference} · {product}",
                required=False,
                initial=line.unshipped_quantity,
                max_value=line.unshipped_quantity,
            )

    @property
    def line_quantities(self) -> list[LineQuantity]:
        """Lines with a quantity above zero."""
        given = [(line, self.cleaned_data.get(f"line{line.pk}")) for line in self.lines]
        return [LineQuantity(line, pieces) for line, pieces in given if pieces]

    @property
    def action_arguments(self) -> dict[str, Any]:
        """Facts for the action, without the quantities."""
        names = ("mode", "origin", "destination", "carrier", "air_waybill", "expected_on")
        return {name: self.cleaned_data[name] for name in names} | {"planned": self.planned_times_by_step}


def _initial_plan(line: OrderLine) -> dict[str, Any]:
    """Return what is known of the journey of an order line: by air, from where it is offered to its city.

    The places are the known ones nearest to the city of the contact or company, and to the buying city.
    """
    order, contact = line.order, line.order.contact
    return {
        "mode": Shipment.Mode.AIR,
        "origin": place_label(nearest_port(contact.city if contact else order.supplier.place)),
        "destination": place_label(nearest_port(order.city)),
    }


class PackCartonsForm(forms.Form):
    """Form for packing: pieces in a carton and lot for each line. A last carton takes the rest."""

    def __init__(self, data: Any, lines: list[ShipmentLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            name = line.order_line.allocation.lead.product.name
            usual = line.order_line.allocation.lead.product.units_per_carton
            label = _("%(product)s: units per carton") % {"product": name}
            self.fields[f"pieces{line.pk}"] = QuantityField(label=label, min_value=1, initial=usual)
            lot = _("%(product)s: lot number") % {"product": name}
            self.fields[f"lot{line.pk}"] = forms.CharField(label=lot, max_length=60, required=False)

    @property
    def cartons(self) -> list[PackedCartons]:
        """Cartons of every line, full ones first."""
        packed: list[PackedCartons] = []
        for line in self.lines:
            each, lot = self.cleaned_data[f"pieces{line.pk}"], self.cleaned_data[f"lot{line.pk}"]
            full, rest = divmod(line.quantity, each)
            packed += [PackedCartons(line, each, full, lot)] if full else []
            packed += [PackedCartons(line, rest, 1, lot)] if rest else []
        return packed


class SplitShipmentForm(forms.Form):
    """Form for the pieces of each line that go into a shipment of their own."""

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        rows = thing.lines.select_related("order_line__order", "order_line__allocation__lead__product")
        self.lines: list[ShipmentLine] = list(rows.order_by("pk"))
        for line in self.lines:
            order, product = line.order_line.order.reference, line.order_line.allocation.lead.product.name
            self.fields[f"part{line.pk}"] = QuantityField(
                label=f"{order} · {product}", required=False, initial=0, max_value=line.quantity
            )

    @property
    def parts(self) -> list[SplitPart]:
        """Lines with a quantity above zero."""
        given = [(line, self.cleaned_data.get(f"part{line.pk}")) for line in self.lines]
        return [SplitPart(line, pieces) for line, pieces in given if pieces]

    def clean(self) -> None:
        """Replace the cleaned data with the argument of the action."""
        self.cleaned_data = {"parts": self.parts} if not self.errors else self.cleaned_data


class MergeShipmentsForm(forms.Form):
    """Form that chooses another planned shipment to merge into this one."""

    other = forms.ModelChoiceField(Shipment.objects.none(), label=_("Shipment"))

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        same = {name: getattr(thing, name) for name in FIELDS_EQUAL_FOR_MERGE}
        others = Shipment.objects.filter(status=Shipment.Status.PLANNED, **same).exclude(pk=thing.pk)
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = others.order_by("-pk")
        if not others.exists():
            field.help_text = _("No other planned shipment of your city has the same route and recipient.")


MAX_CARTONS = 100_000
PORTS_HELP = _("Names in order, separated by commas. Leave blank if there are none.")


PORT_SEPARATORS = re.compile("[,，、]")


def _place_names(ports: list[str]) -> str:
    return ", ".join(place_label(port) for port in ports)


class RerouteShipmentForm(ReasonForm, EditForm):
    """Form for a reroute: new destination, ports on the way, planned times, and the reason."""

    destination = PlaceField(label=pgettext_lazy("a place", "To"), help_text=PLACE_HELP)
    via = forms.CharField(
        label=pgettext_lazy("a place", "Via"), max_length=300, required=False, help_text=PORTS_HELP
    )
    planned_arrival = PlannedTimeField(label=_("Planned arrival in destination country"))
    planned_delivery = PlannedTimeField(label=_("Planned delivery"))
    field_order = ("destination", "via", "planned_arrival", "planned_delivery", "reason")

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(
            data, initial={"destination": place_label(thing.destination), "via": _place_names(thing.via)}
        )
        there = (data or {}).get("destination", "") or thing.destination
        arrived, delivered = self.fields["planned_arrival"], self.fields["planned_delivery"]
        assert isinstance(arrived, PlannedTimeField)
        assert isinstance(delivered, PlannedTimeField)
        arrived.use_place(step_place_of(there), shown=False)
        delivered.use_place(StepPlace(thing.city.timezone, str(thing.city)))

    @property
    def action_arguments(self) -> dict[str, Any]:
        """Facts for the action: the ports as a list, and the times by milestone or None."""
        values = dict(self.cleaned_data)
        times = {"arrived": values.pop("planned_arrival"), "delivered": values.pop("planned_delivery")}
        ports = [
            locode_of_typed_place(port) or port.strip() for port in PORT_SEPARATORS.split(values.pop("via"))
        ]
        planned = {step: moment for step, moment in times.items() if moment}
        return values | {"via": [port for port in ports if port], "planned": planned or None}

    def clean(self) -> None:
        """Replace the cleaned data with the arguments of the action."""
        super().clean()
        self.cleaned_data = self.action_arguments if not self.errors else self.cleaned_data


class ReturnGoodsForm(ReasonForm):
    """Form for a return: pieces of rejected goods, transport, and the reason."""

    mode = forms.ChoiceField(label=_("Mode of transport"), choices=Shipment.Mode)
    destination = PlaceField(label=pgettext_lazy("a place", "To"), help_text=PLACE_HELP)
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    tracking_number = forms.CharField(label=_("Courier’s tracking number"), max_length=40, required=False)
    cartons = forms.IntegerField(label=_("Cartons"), min_value=0, max_value=MAX_CARTONS, required=False)

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data, initial={"mode": thing.mode, "destination": place_label(thing.origin)})
        self.left = {f"part{number}": one for number, one in enumerate(rejected_goods_left(thing))}
        for name, one in self.left.items():
            self.fields[name] = QuantityField(
                label=rejected_goods_label(one), required=False, initial=one.pieces, max_value=one.pieces
            )
        self.order_fields(
            [*self.left, "mode", "destination", "carrier", "tracking_number", "cartons", "reason"]
        )

    @property
    def action_arguments(self) -> dict[str, Any]:
        """Facts for the action, with the pieces as `RejectedPortion` objects."""
        values = dict(self.cleaned_data)
        given = [(one, values.pop(name)) for name, one in self.left.items()]
        parts = [RejectedPortion(one.line, pieces, one.lot) for one, pieces in given if pieces]
        return values | {"parts": parts, "cartons": values["cartons"] or 0}

    def clean(self) -> None:
        """Replace the cleaned data with the arguments of the action."""
        super().clean()
        self.cleaned_data = self.action_arguments if not self.errors else self.cleaned_data
