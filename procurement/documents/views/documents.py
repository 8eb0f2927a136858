"""Pages of customs documents, and the moves on them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.rules.sources import has_official_source, rated_sources
from procurement.documents.forms import DocumentNumberForm, owner_key
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.documents import (
    FILE_DOCUMENT,
    MARK_IN_PROGRESS,
    MARK_READY,
    NEW_VERSION,
    RECORD_ACCEPTANCE,
    RECORD_CUSTOMS_QUERY,
    RECORD_REFUSAL,
)
from procurement.documents.views.submissions import submissions_context
from procurement.generated_documents.missing_data import can_be_generated
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page


@login_required
def customs_document_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one customs document: who owes it, its deadline, why it is required, its files and history.

    The document can be generated here if the customs rule names a template or the document code is a known one.
    """
    thing = _find_document(request, reference)
    rule = CustomsRule.objects.filter(code=thing.rule).only("template", "source_urls").first()
    sources = rule.source_urls if rule is not None else [thing.source_url]
    context = {
        "document": thing,
        "powers": request.by,
        "from_record": request.by.may(Power.SEE, thing)
        and can_be_generated(rule.template if rule else "", thing.code),
        "sources": rated_sources(sources),
        "blocks_unofficially": thing.blocks and not has_official_source(sources),
        "may_request": request.by.may(Power.SHIP, thing) and _is_owed(thing),
        "ask_key": owner_key(thing.owner, thing.supplier_id),
        "asks_number": _asks_number(thing),
        "sees_company": request.by.may(Power.SEE, thing),
        **submissions_context(request, thing),
    }
    return render_page(request, "documents/customs_document.html", context | activity_context(request, thing))


def _is_owed(thing: CustomsDocument) -> bool:
    """Return True if the document is still needed and someone outside the city owes it."""
    return (
        thing.owner != CustomsRule.ResponsibleParty.CITY and thing.status not in CustomsDocument.Status.void
    )


@login_required
def document_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a customs document, or make the move."""
    thing = _find_document(request, reference)
    return run_move(
        request,
        thing,
        verb,
        DOCUMENT_MOVE_OPTIONS
        if _asks_number(thing)
        else DOCUMENT_MOVE_OPTIONS | NUMBERED_DOCUMENT_MOVE_OPTIONS,
    )


def _asks_number(thing: CustomsDocument) -> bool:
    """Return True if the next move asks for the document's number.

    It asks if the number is unknown, or if customs has queried the document.
    """
    return not thing.number or thing.status == CustomsDocument.Status.QUERIED


def _find_document(request: AuthenticatedRequest, reference: str) -> CustomsDocument:
    rows = CustomsDocument.objects.visible_to(request.by).select_related("shipment", "clearance", "supplier")
    return get_object_or_404(rows, reference=reference)


NUMBERED_DOCUMENT_MOVE_OPTIONS = move_options(MARK_READY, FILE_DOCUMENT)
DOCUMENT_MOVE_OPTIONS = move_options(
    MARK_IN_PROGRESS,
    MoveOption(MARK_READY, form=DocumentNumberForm),
    MoveOption(FILE_DOCUMENT, form=DocumentNumberForm),
    RECORD_ACCEPTANCE,
    RECORD_CUSTOMS_QUERY,
    RECORD_REFUSAL,
    NEW_VERSION,
)
