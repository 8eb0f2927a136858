"""Page that makes a goods receipt of the counted cartons, for a part of the shipment or the whole."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse

from partners.authenticated_requests import AuthenticatedRequest
from procurement.receiving.actions.cartons import finish_receiving, uncounted_cartons
from procurement.receiving.forms import PART, FinishCountForm
from procurement.receiving.models import CartonReceipt, GoodsReceipt
from procurement.receiving.rules.cartons import counts_by_line
from procurement.receiving.rules.receipts import LotCount
from procurement.receiving.views.cartons import find_receivable_shipment
from procurement.shipments.models import Carton, Shipment, ShipmentLine
from workflow import clock
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action
from workflow.input_limits import MAX_TEXT_LENGTH

TEMPLATE = "receiving/finish_count.html"


@login_required
def finish_count(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the totals of the cartons by line, and make the goods receipt."""
    thing = find_receivable_shipment(request, reference)
    loose, lines = _cartons_without_receipt(thing), _uncounted_lines(thing)
    form = FinishCountForm(request.POST or None, lines, _initial_reasons(loose))
    context = {"form": form, "shipment": thing, **_count_context(thing, form, loose, lines)}
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: _make_receipt(request, thing, form),
        done=lambda created: f"{reverse('dock', args=[thing.reference])}?counting={created.pk}",
        template=TEMPLATE,
        context=context,
    )


def _make_receipt(request: AuthenticatedRequest, thing: Shipment, form: FinishCountForm) -> GoodsReceipt:
    try:
        return finish_receiving(
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


def _cartons_without_receipt(thing: Shipment) -> list[CartonReceipt]:
    return list(
        CartonReceipt.objects.not_in_receipt().filter(shipment=thing).select_related("carton").order_by("pk")
    )


def _uncounted_lines(thing: Shipment) -> list[ShipmentLine]:
    """Return the lines that are not fully counted yet."""
    rows = thing.lines.select_related("order_line__allocation__lead__product").order_by("pk")
    return [line for line in rows if line.uncounted_pieces]


def _initial_reasons(loose: list[CartonReceipt]) -> dict[int, str]:
    """Return the remarks on the cartons by line, as initial reasons."""
    remarks: dict[int, list[str]] = {}
    for one in loose:
        if one.remark:
            remarks.setdefault(one.carton.line_id, []).append(f"{one.carton.reference}: {one.remark}")
    return {line: "; ".join(words)[:MAX_TEXT_LENGTH] for line, words in remarks.items()}


def _count_context(
    thing: Shipment, form: FinishCountForm, loose: list[CartonReceipt], lines: list[ShipmentLine]
) -> dict[str, Any]:
    """Return the template context: by line its totals, its cartons not yet seen, and its reason field."""
    known = {line.pk: line for line in lines}
    not_seen = uncounted_cartons(thing, known)
    rows = []
    for line in lines:
        seen: list[tuple[Carton, CartonReceipt | None]] = [
            (one.carton, one) for one in loose if one.carton.line_id == line.pk
        ]
        rows.append(
            {
                "line": line,
                "sum": _count_totals(counts_by_line(seen, known, {})),
                "cartons": len(seen),
                "unseen": [box for box in not_seen if box.line_id == line.pk],
                "reason": form[f"reason{line.pk}"],
            }
        )
    return {"rows": rows, "loose": len(loose), "unseen": not_seen}


def _count_totals(counts: list[LotCount]) -> dict[str, int]:
    names = ("accepted", "rejected", "missing", "surplus")
    return {name: sum(getattr(count, name) for count in counts) for name in names}
