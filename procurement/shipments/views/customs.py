"""Customs on a shipment's page: what blocks it, questions of customs, clearances with their documents."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.customs.views import holds_context, open_inline_moves
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.views.document_table import document_table, unassigned_files_context
from procurement.documents.views.submissions import submission_summaries
from procurement.logistics.rules.blockers import StepBlocker, goods_blockers, hold_blockers, shipment_blockers
from procurement.orders.models import Order
from procurement.shipments.models import Shipment
from procurement.shipments.views.blockers import blockers_of, missing_document_requests
from workflow import clock
from workflow.query_expressions import may_have_related


def customs_context(
    request: AuthenticatedRequest,
    thing: Shipment,
    clearances: Sequence[CustomsClearance],
    holds: Sequence[CustomsHold],
    waits: Sequence[Order],
    held: Sequence[Order],
    unassigned: int,
) -> tuple[dict[str, Any], list[CustomsDocument]]:
    """Return the template context of the customs section, and the customs documents.

    `waits` are orders whose goods are not ready, `held` are orders on hold, `unassigned` is the number of files that wait
    for a document. The clearances and holds must be those of the shipment that the reader may see.
    """
    source = CustomsRule.objects.filter(code=OuterRef("rule")).values("source_urls")
    rows = CustomsDocument.objects.visible_to(request.by).annotate(sources=Subquery(source[:1]))
    prefetch_related_objects([thing], Prefetch("documents", rows.select_related("supplier").order_by("pk")))
    documents: list[Any] = list(thing.documents.all())
    submits = bool(documents) and may_have_related(thing, "submissions")
    submitted = submission_summaries(request, thing) if submits else {}
    requests = DocumentRequest.objects.visible_to(request.by).filter(shipment=thing)
    named = requests.select_related("supplier").order_by("pk")
    asked = list(named) if may_have_related(thing, "document_requests") else []
    sources = {one.rule: one.sources for one in documents if one.sources is not None}
    # Holds are shown above, with their questions.
    of_goods = [
        one for one in shipment_blockers(thing, clearances, documents, holds) if not _is_hold_obstacle(one)
    ]
    obstacles = hold_blockers(held) + goods_blockers(waits) + of_goods
    return {
        "blocked": blockers_of(request.by, obstacles, asked, submitted, clock.now()),
        "held": holds_context(request.by, holds, clearances),
        "clearances": [
            (
                clearance,
                document_table(request.by, clearance, documents, submitted, sources),
                [one for one in holds if one.clearance_id == clearance.pk and one.ended_at],
                open_inline_moves(request.by, clearance, clock.now()),
            )
            for clearance in clearances
        ],
        "document_requests": asked,
        "requests_to_send": missing_document_requests(request.by, documents, asked),
        **unassigned_files_context(request.by, thing, clearances, unassigned),
    }, documents


def _is_hold_obstacle(one: StepBlocker) -> bool:
    """Return True for a hold, and for a filed clearance that customs holds."""
    if one.code == "hold":
        return True
    clearance = one.blocking_object
    if not isinstance(clearance, CustomsClearance):
        return False
    return clearance.status == CustomsClearance.Status.FILED and clearance.holds_open > 0
