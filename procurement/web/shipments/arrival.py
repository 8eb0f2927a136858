"""At the door and in quarantine: counting what came, inspecting lots, releasing them."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from procurement.shipments.actions import arrivals
from procurement.shipments.actions.arrivals import take_back
from procurement.shipments.actions.lots import (
    condition_lot,
    override_lot,
    recall_lot,
    refuse_lot,
    release_lot,
)
from procurement.shipments.gathering.looking import Looking
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.handouts import IN_USE
from procurement.shipments.rules.receipts import Count
from procurement.web.shipments.inspecting import inspect_step
from procurement.web.shipments.lots import where_it_went, words_to_say
from procurement.web.shipments.shipment import find
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make, reason_form
from workflow.errors import Refused

# What the action calls the facts of a line, and what the form does.
FIELDS = {"lines": "accepted", "lot_number": "lot", "reason": "reason"}


class Counting(forms.Form):
    """What was counted of each line: accepted, rejected, missing; surplus apart; a reason for each difference."""

    cartons = QuantityField(label=_("Cartons counted"), required=False)
    more_to_come = forms.BooleanField(
        label=_("More is still to come"),
        required=False,
        help_text=_(
            "What is not counted now stays open. Also where a line came in several lots: count them one after the other."
        ),
    )

    def __init__(self, data: Any, lines: list[ShipmentLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"accepted{line.pk}"] = QuantityField(
                label=pgettext_lazy("pieces", "Accepted"), initial=line.uncounted
            )
            self.fields[f"rejected{line.pk}"] = QuantityField(label=_("Rejected"), initial=0, required=False)
            self.fields[f"missing{line.pk}"] = QuantityField(label=_("Missing"), initial=0, required=False)
            self.fields[f"surplus{line.pk}"] = QuantityField(label=_("Surplus"), initial=0, required=False)
            self.fields[f"lot{line.pk}"] = forms.CharField(
                label=_("Lot number"), max_length=60, required=False, help_text=_("Of the pieces you accept.")
            )
            self.fields[f"expires{line.pk}"] = DayField(label=_("Expires"), required=False)
            self.fields[f"reason{line.pk}"] = forms.CharField(
                label=_("Reason for the difference"), max_length=LONGEST_WORDS, required=False
            )

    @property
    def groups(self) -> list[tuple[ShipmentLine, list[Any]]]:
        """Each line with its fields."""
        names = ("accepted", "rejected", "missing", "surplus", "lot", "expires", "reason")
        return [(line, [self[f"{name}{line.pk}"] for name in names]) for line in self.lines]

    @property
    def counts(self) -> list[Count]:
        """What was counted, line by line; where more is to come, a line of which nothing came yet is left out."""
        counts = [self._count(line) for line in self.lines]
        partial = self.cleaned_data["more_to_come"]
        return [count for count in counts if not partial or count.expected or count.surplus]

    def at_its_field(self, refused: Refused) -> Refused:
        """The same refusal, naming the field of the line it speaks of."""
        name = f"{FIELDS.get(refused.details.get('field', ''), '')}{refused.details.get('line', '')}"
        if name not in self.fields:
            return refused
        return Refused(refused.code, refused.message, **{**refused.details, "field": name})

    def _count(self, line: ShipmentLine) -> Count:
        facts = self.cleaned_data
        return Count(
            line=line,
            accepted=facts[f"accepted{line.pk}"] or 0,
            rejected=facts[f"rejected{line.pk}"] or 0,
            missing=facts[f"missing{line.pk}"] or 0,
            surplus=facts[f"surplus{line.pk}"] or 0,
            lot_number=facts[f"lot{line.pk}"],
            expires_on=facts[f"expires{line.pk}"],
            reason=facts[f"reason{line.pk}"],
        )


class Condition(forms.Form):
    """On which condition a lot is released."""

    condition = forms.CharField(
        label=_("Condition"), help_text=_("Such as: not for operating rooms."), max_length=LONGEST_WORDS
    )


@login_required
def receive(request: Visit, reference: str) -> HttpResponse:
    """Count a delivered shipment, line by line."""
    thing = find(request, reference)
    only(request, Power.RECEIVE, thing)
    rows = thing.lines.select_related("order_line__allocation__lead__product").order_by("pk")
    form = Counting(request.POST or None, [line for line in rows if line.uncounted])
    context = {"shipment": thing, "form": form}
    if not form.is_valid():
        return show(request, "shipments/receive.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: _receive(request, thing, form),
        done=thing.get_absolute_url(),
        template="shipments/receive.html",
        context=context,
    )


def _receive(request: Visit, thing: Shipment, form: Counting) -> Receipt:
    try:
        return arrivals.receive(
            thing,
            form.counts,
            cartons=form.cleaned_data["cartons"] or 0,
            more_to_come=form.cleaned_data["more_to_come"],
            received_by=request.user,
            by=request.by,
            at=clock.now(),
        )
    except Refused as refused:
        raise form.at_its_field(refused) from refused


@login_required
def lot(request: Visit, reference: str) -> HttpResponse:
    """One lot: how many to look at, what was found, and whether it may be used."""
    thing = _lot(request, reference)
    points = MeasuredPoint.objects.select_related("point").order_by("point__position", "point__code")
    looks = thing.inspections.select_related("by", "report").prefetch_related(Prefetch("points", points))
    context = {
        "lot": thing,
        "powers": request.by,
        "looking": Looking.at(thing) if thing.quantity else None,
        "inspections": looks.order_by("-pk"),
        "may_hand_out": thing.status in IN_USE and request.by.may(Power.RECEIVE, thing),
        "words_to_say": words_to_say(thing),
        **where_it_went(thing, request.by),
    }
    return show(request, "shipments/lot.html", context | record.of(request, thing))


@login_required
def lot_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Inspect, release, refuse, recall."""
    return make(request, _lot(request, reference), verb, LOT_STEPS | {"inspect": inspect_step(request)})


@login_required
def receipt(request: Visit, pk: int) -> HttpResponse:
    """A counting stands on its shipment's page."""
    return redirect(get_object_or_404(Receipt.objects.visible_to(request.by), pk=pk).shipment)


@login_required
def receipt_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Take a wrong counting back."""
    rows = Receipt.objects.visible_to(request.by).select_related("shipment")
    return make(request, get_object_or_404(rows, pk=pk), verb, RECEIPT_STEPS)


def _lot(request: Visit, reference: str) -> Lot:
    rows = Lot.objects.visible_to(request.by).select_related(
        "city",
        "shipment",
        *(f"line__order_line__allocation__lead__{name}" for name in ("product", "standard")),
    )
    lot: Lot = get_object_or_404(rows, reference=reference)
    return lot


def _step(action: Any, form: Any = None) -> Step:
    made = (lambda data, _thing: form(data)) if isinstance(form, type) else form
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=made
    )


LOT_STEPS = {
    "override": _step(override_lot, reason_form),
    "release": _step(release_lot),
    "condition": _step(condition_lot, Condition),
    "refuse": _step(refuse_lot, reason_form),
    "recall": _step(recall_lot, reason_form),
}
RECEIPT_STEPS = {
    "take_back": Step(
        lambda request, thing, reason: take_back(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        after=lambda thing: thing.shipment.get_absolute_url(),
    )
}

urlpatterns = [
    path("shipments/<slug:reference>/receive/", receive, name="receive_shipment"),
    path("lots/<slug:reference>/", lot, name="lot"),
    path("lots/<slug:reference>/<slug:verb>/", lot_move, name="lot_move"),
    path("receipts/<int:pk>/", receipt, name="receipt"),
    path("receipts/<int:pk>/<slug:verb>/", receipt_move, name="receipt_move"),
]
