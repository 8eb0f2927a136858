"""Reports of a broker or forwarder by link: where the goods are, and the steps of customs clearance."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from procurement.customs.models import CustomsClearance
from procurement.customs.rules import ADD_DECLARATION, CLEARANCE_MOVES, FILE_CLEARANCE, RECORD_RELEASE
from procurement.customs.views import CLEARANCE_FORMS, declaration_facts
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.rules.requests import SubmitterActor
from procurement.portal.link_pages import LinkRequest, linked_document_request, throttled_page
from procurement.tracking.actions.events import record_event
from procurement.tracking.forms import LinkTrackingForm
from procurement.tracking.models import TrackingEvent
from workflow import clock
from workflow.http.pages import render_page, run_action
from workflow.moves import action_of

document_request_link_required = link_required("procurement.documentrequest")
OWN_CODE_SYSTEM = TrackingEvent.CodeSystem.OWN
BROKER_MOVES = (
    FILE_CLEARANCE,
    ADD_DECLARATION,
    RECORD_RELEASE,
)  # the moves of a clearance that a broker makes by link


def link_tracking_context(document_request: DocumentRequest, by: SubmitterActor) -> dict[str, Any]:
    """Return the template context: this person's latest tracking updates, and a broker's clearances.

    Each clearance has the moves that a broker may make by link, with the refusal of those not possible now.
    """
    if not document_request.may_report_tracking:
        return {}
    said = TrackingEvent.objects.filter(
        shipment=document_request.shipment_id, by=document_request.person_id, code_system=OWN_CODE_SYSTEM
    )
    rows = CustomsClearance.objects.filter(
        pk__in=by.clearance_ids, shipment=document_request.shipment_id
    ).order_by("pk")
    clearances = (
        rows.select_related("shipment").prefetch_related("declarations")
        if document_request.role == "broker"
        else rows.none()
    )
    at = clock.now()
    return {
        "said": said.order_by("-occurred_at", "-pk")[:5],
        "clearances": [
            (
                clearance,
                [
                    (move, no)
                    for move, no in CLEARANCE_MOVES.available(by, clearance, at)
                    if move in BROKER_MOVES
                ],
            )
            for clearance in clearances
        ],
    }


@document_request_link_required
def report_tracking(request: LinkRequest, reference: str) -> HttpResponse:
    """Record a tracking update: what happened, where and when."""
    document_request, by = linked_document_request(request, reference)
    if not document_request.may_report_tracking:
        raise Http404
    form = LinkTrackingForm(
        request.POST if request.method == "POST" else None, document_request.person.time_zone
    )
    back = reverse("portal_documents", args=[reference])
    context = {"form": form, "heading": _("Where are the goods?"), "button": _("Tell the city"), "back": back}
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: record_event(
            document_request.shipment,
            **form.cleaned_data,
            source=document_request.reference,
            by=by,
            at=clock.now(),
        ),
        done=back,
        template="portal/short_form.html",
        context=context,
    )


@document_request_link_required
def report_clearance(request: LinkRequest, reference: str, clearance: str, verb: str) -> HttpResponse:
    """Record a step of a clearance: filed, declared or released.

    404 unless the person is the broker of this clearance.
    """
    document_request, by = linked_document_request(request, reference)
    rows = CustomsClearance.objects.filter(
        shipment=document_request.shipment_id, pk__in=by.clearance_ids, reference=clearance
    )
    thing, make = rows.select_related("shipment").first(), CLEARANCE_FORMS.get(verb)
    if document_request.role != "broker" or thing is None or make is None:
        raise Http404
    form = make(request.POST if request.method == "POST" else None, thing)
    back = reverse("portal_documents", args=[reference])
    label = CLEARANCE_MOVES[verb].label
    context = {
        "form": form,
        "heading": label,
        "about": thing.get_side_display(),
        "button": label,
        "back": back,
    }
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: _submit_facts(thing, verb, by, form.cleaned_data),
        done=back,
        template="portal/short_form.html",
        context=context,
    )


def _submit_facts(
    clearance: CustomsClearance, verb: str, by: SubmitterActor, facts: dict[str, Any]
) -> object:
    arguments = declaration_facts(**facts) if verb == ADD_DECLARATION.verb else facts
    return action_of(CLEARANCE_MOVES[verb])(clearance, by=by, at=clock.now(), **arguments)
