"""The cartons that were seen become a counting: a part of what was shipped, or all of it, with a reason where it differs."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.shipments.actions.dock import cartons
from procurement.shipments.actions.dock.cartons import unseen
from procurement.shipments.models.arrival import Receipt
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Carton, Shipment, ShipmentLine
from procurement.shipments.rules.dock.cartons import counted
from procurement.shipments.rules.receipts import Count
from procurement.web.shipments.dock.cartons import at_dock
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show
from workflow.errors import Refused

FINISH = "shipments/dock/finish.html"
PART, WHOLE = "part", "whole"


class Finish(forms.Form):
    """Whether more is to come, and why each line differs."""

    how = forms.ChoiceField(
        label=_("Is this all?"),
        widget=forms.RadioSelect,
        choices=[
            (PART, _("More is to come: what nobody has seen stays open")),
            (WHOLE, _("This is all: what nobody has seen is missing")),
        ],
    )
    remark = forms.CharField(label=_("Remark"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, data: Any, lines: list[ShipmentLine], reasons: dict[int, str]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"reason{line.pk}"] = forms.CharField(
                label=_("Reason for the difference"),
                max_length=LONGEST_WORDS,
                required=False,
                initial=reasons.get(line.pk, ""),
                help_text=_("Where something is rejected, missing or too many. The sender reads it."),
            )

    @property
    def reasons(self) -> dict[int, str]:
        """By line."""
        return {line.pk: self.cleaned_data[f"reason{line.pk}"] for line in self.lines}


@login_required
def finish(request: Visit, reference: str) -> HttpResponse:
    """What the cartons come to, line by line; then the counting is made of them."""
    thing = at_dock(request, reference)
    loose, lines = _loose(thing), _lines(thing)
    form = Finish(request.POST or None, lines, _remarks(loose))
    context = {"form": form, "shipment": thing, **_told(thing, form, loose, lines)}
    if not form.is_valid():
        return show(request, FINISH, context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: _finish(request, thing, form),
        done=lambda made: f"{reverse('dock', args=[thing.reference])}?counting={made.pk}",
        template=FINISH,
        context=context,
    )


def _finish(request: Visit, thing: Shipment, form: Finish) -> Receipt:
    try:
        return cartons.finish(
            thing,
            received_by=request.user,
            reasons=form.reasons,
            more_to_come=form.cleaned_data["how"] == PART,
            remark=form.cleaned_data["remark"],
            by=request.by,
            at=clock.now(),
        )
    except Refused as refused:
        if refused.details.get("field") != "reason":
            raise
        named = {**refused.details, "field": f"reason{refused.details['line']}"}
        raise Refused(refused.code, refused.message, **named) from refused


def _loose(thing: Shipment) -> list[CartonSeen]:
    return list(CartonSeen.objects.loose().filter(shipment=thing).select_related("carton").order_by("pk"))


def _lines(thing: Shipment) -> list[ShipmentLine]:
    """The lines that are not wholly counted yet."""
    rows = thing.lines.select_related("order_line__allocation__lead__product").order_by("pk")
    return [line for line in rows if line.uncounted]


def _remarks(loose: list[CartonSeen]) -> dict[int, str]:
    """What was remarked of the cartons of each line, as the beginning of a reason."""
    said: dict[int, list[str]] = {}
    for one in loose:
        if one.remark:
            said.setdefault(one.carton.line_id, []).append(f"{one.carton.reference}: {one.remark}")
    return {line: "; ".join(words)[:LONGEST_WORDS] for line, words in said.items()}


def _told(
    thing: Shipment, form: Finish, loose: list[CartonSeen], lines: list[ShipmentLine]
) -> dict[str, Any]:
    """For each line what its cartons come to, the numbers nobody has seen, and the field of its reason."""
    known = {line.pk: line for line in lines}
    not_seen = unseen(thing, known)
    rows = []
    for line in lines:
        seen: list[tuple[Carton, CartonSeen | None]] = [
            (one.carton, one) for one in loose if one.carton.line_id == line.pk
        ]
        rows.append(
            {
                "line": line,
                "sum": _sum(counted(seen, known, {})),
                "cartons": len(seen),
                "unseen": [box for box in not_seen if box.line_id == line.pk],
                "reason": form[f"reason{line.pk}"],
            }
        )
    return {"rows": rows, "loose": len(loose), "unseen": not_seen}


def _sum(counts: list[Count]) -> dict[str, int]:
    names = ("accepted", "rejected", "missing", "surplus")
    return {name: sum(getattr(count, name) for count in counts) for name in names}


urlpatterns = [path("shipments/<slug:reference>/dock/finish/", finish, name="dock_finish")]
