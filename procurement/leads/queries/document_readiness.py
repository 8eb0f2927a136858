"""Queries for the documents that an offer's customs clearance will need, and the certificates it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from procurement.catalogue.models.certificates import CertificateTypeStatus
from procurement.catalogue.models.reference_rows import AcquisitionType, DeclaredUse, market_of_country
from procurement.catalogue.queries import (
    ConsignmentLine,
    build_consignment,
    consignment_requirements,
    end_user_contradictions,
)
from procurement.catalogue.rules.certificate_types import unacceptable_reason
from procurement.catalogue.rules.customs_documents import (
    Consignment,
    DoubtReason,
    Requirement,
    strictest_end_user_type,
)
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import usual_mode
from procurement.leads.queries.missing_certificates import certificates_found_on_lists
from procurement.leads.queries.origins import (
    importer_certificates,
    is_importers_certificate,
    is_seller_importer,
    origin_of_lead,
)
from procurement.leads.rules.document_readiness import DocumentReadiness, assess_document, most_urgent_first
from procurement.leads.rules.origins import OriginSource
from procurement.leads.screening.declared_use import screen_end_users
from procurement.leads.screening.offer_data import FalseUse, FindingData
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.certificates import Certificate
from workflow.i18n import Translations, translate_all


@dataclass(frozen=True)
class CustomsRoute:
    """Expected route and declaration of an offer, before anything is ordered.

    `origin_source` is the fact that gives the origin.
    """

    origin: str
    destination: str
    declared_use: str
    acquisition_type: str
    receiver: str
    mode: str
    as_of: date
    origin_source: OriginSource = OriginSource.SELLER


def customs_routes(lead: SupplierLead, on: date, need: SupplyRequest | None = None) -> list[CustomsRoute]:
    """Return the expected route of an offer, then others its facts allow. Empty if the goods cross no border.

    `need`: the need that will use the goods, if it is not the one the offer was made for.
    """
    need = need or (lead.line.supply_request if lead.line else None)
    routes = origin_of_lead(lead).foreign_origins(lead.city.country)
    return [_customs_route(lead, need, country, by, on) for country, by in routes]


def _customs_route(
    lead: SupplierLead, need: SupplyRequest | None, origin: str, origin_source: OriginSource, on: date
) -> CustomsRoute:
    return CustomsRoute(
        origin=origin,
        origin_source=origin_source,
        destination=lead.city.country,
        declared_use=_use(lead, need),
        acquisition_type=AcquisitionType.DONATION
        if lead.kind == SupplierLead.Kind.DONATION
        else AcquisitionType.PURCHASE,
        receiver=strictest_end_user_type(need.facility_kinds if need else ()),
        mode=usual_mode(lead).value,
        as_of=on,
    )


def _use(lead: SupplierLead, need: SupplyRequest | None) -> str:
    return lead.declared_use or (need.declared_use if need else DeclaredUse.MEDICAL)


def route_readiness(
    lead: SupplierLead, route: CustomsRoute, certificates: Iterable[Certificate]
) -> list[DocumentReadiness]:
    """Return every document the route needs, with the state of the offer's certificates for it.

    The number of queries does not grow with the number of documents or certificates.
    """
    requirements = consignment_requirements(_consignment(lead, route), on=route.as_of)
    statuses = list(
        CertificateTypeStatus.objects.filter(status=CertificateTypeStatus.Status.WORTHLESS).select_related(
            "kind"
        )
    )
    kinds = {row.kind for row in statuses}
    held = certificates_found_on_lists(lead, certificates, route.as_of)
    worthless = {
        market: {
            kind.code
            for kind in kinds
            if unacceptable_reason(kind, lead.product, market=market, on=route.as_of, statuses=statuses)
        }
        for market in {market_of_country(route.origin), market_of_country(route.destination)}
    }
    ends = {"export": market_of_country(route.origin), "import": market_of_country(route.destination)}
    importers = [] if is_seller_importer(lead, route.destination) else importer_certificates(lead)
    theirs = {one.pk for one in importers}
    theirs |= {one.pk for one in held if is_importers_certificate(lead, route.destination, one)}
    every = [*held, *(one for one in importers if one not in held)]
    return most_urgent_first(
        assess_document(one, every, worthless[ends[one.rule.side]], route.as_of, theirs)
        for one in requirements
    )


def end_user_contradictions_of(lead: SupplierLead, need: SupplyRequest, on: date) -> list[Requirement]:
    """Return contradictions between the declared use of an offer and the users of its goods.

    `need`: the need the goods go to, its own or another. All possible routes count, each rule once. One
    query per route; none if the goods are declared for medical use.
    """
    if _use(lead, need) != DeclaredUse.NON_MEDICAL:
        return []
    found: dict[str, Requirement] = {}
    for route in customs_routes(lead, on, need):
        for one in end_user_contradictions(_consignment(lead, route), on=on):
            found.setdefault(one.rule.code, one)
    return list(found.values())


def _consignment(lead: SupplierLead, route: CustomsRoute) -> Consignment:
    return build_consignment(
        [ConsignmentLine(lead.product, route.declared_use, route.acquisition_type)],
        origin=route.origin,
        destination=route.destination,
        consignee=route.receiver,
        mode=route.mode,
        on=route.as_of,
    )


def false_uses(lead: SupplierLead, need: SupplyRequest | None, on: date) -> list[FalseUse]:
    """Return the customs rules of a day that contradict the declared use for the receivers of the need.

    Empty without a need.
    """
    if need is None:
        return []
    return [
        FalseUse(
            need_reference=need.reference,
            rule_name={"en": one.rule.name_en, "fr": one.rule.name_fr, "zh": one.rule.name_zh},
            is_blocking=one.is_blocking,
            end_users=None if one.doubt_reason is DoubtReason.UNKNOWN_RECEIVER else end_user_names(need),
            source=" ".join(one.source_confidence.sources)[:600],
        )
        for one in end_user_contradictions_of(lead, need, on)
    ]


def false_uses_of_allocated(
    goods: Iterable[tuple[SupplierLead, SupplyRequest]], at: datetime
) -> list[tuple[SupplyRequest, FindingData]]:
    """Return contradictions of the declared use for offers and the needs their goods are allocated to.

    These needs may differ from those the offers were made for. Three queries for each offer and
    need with goods declared for non-medical use, none for others.
    """
    return [
        (need, found)
        for lead, need in dict.fromkeys(goods)
        for found in screen_end_users(false_uses(lead, need, lead.city.day_at(at)))
    ]


def end_user_names(need: SupplyRequest) -> Translations:
    """Return the users of a need's goods, in words."""
    return translate_all(lambda: ", ".join(need.facility_kind_labels))
