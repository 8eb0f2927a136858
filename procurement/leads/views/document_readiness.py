"""Document readiness of an offer: required documents, the party that owes each, and blockers."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.views.customs_rules import doubt_label
from procurement.catalogue.views.required_documents import required_documents_url
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_holders import TRADING_ROLES
from procurement.leads.queries.document_readiness import CustomsRoute, customs_routes, route_readiness
from procurement.leads.queries.origins import origin_of_lead
from procurement.leads.rules.document_readiness import DocumentReadiness, DocumentState
from procurement.leads.rules.origins import OriginSource
from procurement.suppliers.models.certificates import Certificate
from workflow.errors import LazyText
from workflow.query_expressions import may_have_related

STATE_LABELS: Mapping[DocumentState, LazyText] = {
    DocumentState.IMPOSSIBLE: _("cannot be met"),
    DocumentState.REFUSED: _("received but not valid"),
    DocumentState.END_USER_UNSTATED: _("the user of the goods is not stated"),
    DocumentState.MISSING: _("not received"),
    DocumentState.SHOWN_UNCONFIRMED: _("received, not confirmed yet"),
    DocumentState.CONFIRMED: _("included in the offer"),
}

ORIGIN_LABELS: Mapping[OriginSource, LazyText] = {
    OriginSource.STOCK: _("based on the stock location"),
    OriginSource.INCOTERM: _("based on the named Incoterms place"),
    OriginSource.MAKER: _("based on the manufacturer’s country"),
    OriginSource.SELLER: _("based on the seller’s country"),
}


def readiness_context(
    lead: SupplierLead, certificates: Iterable[Certificate], on: date, *, opened: bool, later: bool
) -> dict[str, Any]:
    """Return the template context for the card of an offer, with all possible routes.

    `readiness` is None in two cases: no customs border lies on the way, or the card is folded and the reader has not
    `opened` it. It is folded once goods were allocated, or while its rows are to be read `later`; then `readiness_url`
    is the address that opens it.
    """
    routes = customs_routes(lead, on)
    if routes and not opened and (later or may_have_related(lead, "allocations")):
        return {"readiness": None, "readiness_url": lead.get_absolute_url()}
    held = list(certificates)
    contexts = [_route_context(lead, route, held) for route in routes]
    if not contexts:
        return {"readiness": None, "readiness_url": ""}
    shown = {
        **contexts[0],
        "routes": contexts,
        "at_home_too": origin_of_lead(lead).may_be_domestic(lead.city.country),
        "unsaid": contexts[0]["route"].origin_source is OriginSource.SELLER
        and lead.supplier.current_row.role in TRADING_ROLES,
        "opened": opened,
    }
    return {"readiness": shown, "readiness_url": ""}


def _route_context(
    lead: SupplierLead, route: CustomsRoute, certificates: Iterable[Certificate]
) -> dict[str, Any]:
    found = [_document_context(one) for one in route_readiness(lead, route, certificates)]
    firm = [
        one
        for one in found
        if one["asked"].is_blocking
        or one["ready"].state in {DocumentState.IMPOSSIBLE, DocumentState.END_USER_UNSTATED}
    ]
    facts = {
        name: getattr(route, name)
        for name in ("origin", "destination", "acquisition_type", "receiver", "mode")
    }
    return {
        "route": route,
        "by": ORIGIN_LABELS[route.origin_source],
        "stopping": [
            one
            for one in firm
            if one["ready"].is_blocking and one["ready"].state is not DocumentState.MISSING
        ],
        "firm": firm,
        "others": [one for one in found if one not in firm],
        "address": required_documents_url(**facts, use=route.declared_use, product=lead.product.code),
    }


def _document_context(one: DocumentReadiness) -> dict[str, Any]:
    return {
        "ready": one,
        "asked": one.requirement,
        "rule": one.requirement.rule,
        "state_label": STATE_LABELS[one.state],
        "doubt": doubt_label(one.requirement),
    }
