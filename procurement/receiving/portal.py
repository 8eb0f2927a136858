"""Page behind the sender's link: the discrepancies reported in one message, and one answer to all of them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from accounts.link_sessions import link_required
from partners.permissions.permissions import Permissions
from procurement.portal.link_pages import (
    LinkRequest,
    open_verbs_of,
    permissions_of_link,
    refusal_of_move,
    throttled_page,
)
from procurement.receiving.actions.discrepancies import answer_discrepancies_together
from procurement.receiving.forms import DiscrepancyAnswerForm
from procurement.receiving.models import Discrepancy
from workflow import clock
from workflow.http.edit_forms import locked_for_edit
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status

TEMPLATE = "receiving/portal/discrepancy.html"


@link_required("procurement.discrepancy")
def discrepancy_answer(request: LinkRequest, reference: str) -> HttpResponse:
    """Show the discrepancies that were reported together, and record one answer of the sender to all of them."""
    rows = Discrepancy.objects.select_related(
        "city",
        "shipment",
        "contact__user",
        "contact__organization",
        "line__order_line__order",
        "line__order_line__allocation__lead__product",
    )
    thing = rows.filter(pk=request.link.thing_id).first()
    if thing is None:
        raise Http404
    by = permissions_of_link(request, thing, reference)
    together = thing.reported_together
    asked = next((one for one in together if one.status in Discrepancy.Status.open), thing)
    with locked_for_edit(request, asked):
        return _record_answer(request, thing, asked, by)


def _record_answer(
    request: LinkRequest, thing: Discrepancy, asked: Discrepancy, by: Permissions
) -> HttpResponse:
    form = DiscrepancyAnswerForm(
        request.POST if request.method == "POST" else None, initial={"answer": asked.answer}
    )
    form.thing = asked
    context: dict[str, Any] = {
        "case": thing,
        "asked": asked,
        "together": thing.reported_together,
        "form": form,
        "moves": open_verbs_of(asked, by),
    }
    closed = refusal_of_move(asked, "answer", by)
    if form.is_bound and closed is not None:
        return render_page(request, TEMPLATE, context | {"refused": closed}, status=http_status(closed))
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: answer_discrepancies_together(asked, **form.cleaned_data, by=by, at=clock.now()),
        done=reverse("portal_discrepancy", args=[thing.reference]),
        template=TEMPLATE,
        context=context,
    )
