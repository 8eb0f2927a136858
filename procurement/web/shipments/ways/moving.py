"""The forms of ways nobody planned first: to another place or country, back to where goods came from, destroyed where they are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions.ways import destroying, rerouting, sharing
from procurement.shipments.actions.ways.returning import hand_back, send_back
from procurement.shipments.gathering.leftovers import leftovers_of
from procurement.shipments.models import tracking
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.ways import Leftover, Part
from procurement.web.shipments.times import Place, PlannedField, port_of, when
from workflow import clock
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.moving import Reason, Step

MOST_CARTONS = 100_000
SUCH_AS = _("Such as CAVAN for Vancouver.")
PORTS = _("By UN/LOCODE, in their order, with commas between them. Empty: none.")


class Elsewhere(Reason, Edit):
    """The new place, by way of which ports, when it is to be there, and why."""

    destination = forms.CharField(label=_("To (UN/LOCODE)"), max_length=10, help_text=SUCH_AS)
    via = forms.CharField(label=_("By way of (UN/LOCODE)"), max_length=60, required=False, help_text=PORTS)
    planned_arrived = PlannedField(label=_("Planned arrival in the country"))
    planned_delivered = PlannedField(label=_("Planned delivery"))
    field_order = ("destination", "via", "planned_arrived", "planned_delivered", "reason")

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data, initial={"destination": thing.destination, "via": ", ".join(thing.via)})
        there = (data or {}).get("destination", "") or thing.destination
        arrived, delivered = self.fields["planned_arrived"], self.fields["planned_delivered"]
        assert isinstance(arrived, PlannedField)
        assert isinstance(delivered, PlannedField)
        arrived.at(port_of(there), shown=False)
        delivered.at(Place(thing.city.timezone, str(thing.city)))

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes: the ports one by one, the times by step where any was typed."""
        told = dict(self.cleaned_data)
        times = {"arrived": told.pop("planned_arrived"), "delivered": told.pop("planned_delivered")}
        ports = [port.strip() for port in told.pop("via").split(",")]
        planned = {step: moment for step, moment in times.items() if moment}
        return told | {"via": [port for port in ports if port], "planned": planned or None}

    def clean(self) -> None:
        """What the action takes."""
        super().clean()
        self.cleaned_data = self.facts if not self.errors else self.cleaned_data


def said(one: Leftover) -> str:
    """Refused pieces as a list names them: the goods, and of which lot."""
    goods = one.line.order_line.allocation.lead.product.name
    of = _("lot %(number)s") % {"number": one.lot.number} if one.lot else _("rejected at the door")
    return f"{goods} · {of}"


class Back(Reason):
    """How many pieces of what was refused go back, how, and why."""

    mode = forms.ChoiceField(label=_("Mode"), choices=Shipment.Mode)
    destination = forms.CharField(label=_("To (UN/LOCODE)"), max_length=10, help_text=SUCH_AS)
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    tracking_number = forms.CharField(label=_("Courier's tracking number"), max_length=40, required=False)
    cartons = forms.IntegerField(label=_("Cartons"), min_value=0, max_value=MOST_CARTONS, required=False)

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data, initial={"mode": thing.mode, "destination": thing.origin})
        self.left = {f"part{number}": one for number, one in enumerate(leftovers_of(thing))}
        for name, one in self.left.items():
            self.fields[name] = QuantityField(
                label=said(one), required=False, initial=one.pieces, max_value=one.pieces
            )
        self.order_fields(
            [*self.left, "mode", "destination", "carrier", "tracking_number", "cartons", "reason"]
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        told = dict(self.cleaned_data)
        given = [(one, told.pop(name)) for name, one in self.left.items()]
        parts = [Part(one.line, pieces, one.lot) for one, pieces in given if pieces]
        return told | {"parts": parts, "cartons": told["cartons"] or 0}

    def clean(self) -> None:
        """What the action takes."""
        super().clean()
        self.cleaned_data = self.facts if not self.errors else self.cleaned_data


class Gone(Reason):
    """Which refused pieces were destroyed, how many, when; and in words how, where and why."""

    which = forms.ChoiceField(label=_("Which goods"))
    quantity = QuantityField(label=_("Pieces"), min_value=1)
    destroyed_on = DayField(label=_("Destroyed on"))
    field_order = ("which", "quantity", "destroyed_on", "reason")

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data, initial={"destroyed_on": thing.city.day_at(clock.now())})
        self.left = {str(number): one for number, one in enumerate(leftovers_of(thing))}
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(number, f"{said(one)} · {one.pieces}") for number, one in self.left.items()]
        self.fields["reason"].label = _("How, where and why")

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        told = dict(self.cleaned_data)
        one = self.left[told.pop("which")]
        return told | {"line": one.line, "lot": one.lot}

    def clean(self) -> None:
        """What the action takes."""
        super().clean()
        self.cleaned_data = self.facts if not self.errors else self.cleaned_data


def _step(action: Any, form: Any = None, *, me: bool = False, hint: Any = "", after: Any = None) -> Step:
    def act(request: Any, thing: Shipment, **facts: Any) -> Any:
        author = {"author": request.user} if me else {}
        return action(thing, by=request.by, at=clock.now(), **author, **facts)

    return Step(act, form=form, hint=hint, after=after)


STEPS = {
    "reroute": _step(
        rerouting.reroute,
        Elsewhere,
        hint=_(
            "To another country only before its import is filed: its customs asks for its own papers, and the steps are planned anew."
        ),
    ),
    "send_back": _step(
        send_back,
        Back,
        me=True,
        hint=_(
            "The goods travel in a shipment of their own, with its own papers. Nothing that was counted changes."
        ),
    ),
    "destroy": _step(
        destroying.destroy, Gone, me=True, hint=_("A second person confirms it. Until then it is a note.")
    ),
    "hand_back": _step(hand_back, when("delivered_at", tracking.Step.DELIVERED)),
    "share": _step(sharing.share),
    "unshare": _step(sharing.unshare),
}
