"""The forms that let goods travel otherwise: in two shipments, in one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.shipments.actions import regrouping
from procurement.shipments.actions.regrouping import SAME, Part
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from workflow import clock
from workflow.doors.forms import QuantityField
from workflow.doors.moving import Step


class Apart(forms.Form):
    """How many pieces of each line travel in a shipment of their own."""

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
    def parts(self) -> list[Part]:
        """The lines somebody gave a quantity for."""
        given = [(line, self.cleaned_data.get(f"part{line.pk}")) for line in self.lines]
        return [Part(line, pieces) for line, pieces in given if pieces]

    def clean(self) -> None:
        """What the action takes."""
        self.cleaned_data = {"parts": self.parts} if not self.errors else self.cleaned_data


class Together(forms.Form):
    """Which other planned shipment travels with this one."""

    other = forms.ModelChoiceField(Shipment.objects.none(), label=_("Shipment"))

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        same = {name: getattr(thing, name) for name in SAME}
        others = Shipment.objects.filter(status=Shipment.Status.PLANNED, **same).exclude(pk=thing.pk)
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = others.order_by("-pk")
        if not others.exists():
            field.help_text = _(
                "No other planned shipment of your city goes the same way to the same receiver."
            )


STEPS = {
    "split": Step(
        lambda request, thing, parts: regrouping.split(
            thing, parts, author=request.user, by=request.by, at=clock.now()
        ),
        form=Apart,
        hint=_("How many pieces travel in a shipment of their own."),
    ),
    "merge": Step(
        lambda request, thing, other: regrouping.merge(thing, other, by=request.by, at=clock.now()),
        form=Together,
        hint=_("Its goods come into this one, and it is cancelled. It goes the same way."),
    ),
}
