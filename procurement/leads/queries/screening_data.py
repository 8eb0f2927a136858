"""Query for all facts that the screening of an offer needs. Reads only.

They are the company, its certificates, the need line and other prices.
"""

from datetime import date, datetime, timedelta
from typing import Any

from procurement.catalogue.models.certificates import CertificateTypeStatus
from procurement.catalogue.models.reference_rows import market_of_country
from procurement.catalogue.models.standards import Standard
from procurement.catalogue.number_formats import uscc_fault
from procurement.catalogue.rules.standards import (
    ended_message,
    has_ended,
    match_any_standard,
    successor_of,
)
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_holders import class_one_body_number
from procurement.leads.queries.certificates import (
    certificates_for_screening,
    certificates_of_other_goods,
    company_certificates_for_city,
    is_for_product,
)
from procurement.leads.queries.company_facts import (
    blocking_watchlist_matches,
    known_accounts,
    relevant_lookups,
)
from procurement.leads.queries.counterfeit_marks import impossible_marks
from procurement.leads.queries.document_readiness import false_uses
from procurement.leads.queries.landed_cost import LazyRates
from procurement.leads.queries.missing_certificates import missing_certificates
from procurement.leads.queries.origins import origin_of_lead
from procurement.leads.queries.prices import price_for_screening
from procurement.leads.queries.shared_files import compare_files, photo_captions
from procurement.leads.rules import product_features
from procurement.leads.rules.payment_pressure import is_pressing_for_payment
from procurement.leads.rules.payment_terms import advance_sentences, parse_advance_payment
from procurement.leads.rules.product_features import (
    Feature,
    NamedFeatures,
    counterfeit_features,
    feature_differences,
    levels_in,
    parse_features,
)
from procurement.leads.screening.certificate_dates import (
    AIR_TRANSIT_DAYS,
    AIRPORT_CONGESTION_DAYS,
    AIRPORT_CONGESTION_PERIOD,
    ORIGIN_WITH_KNOWN_TRANSIT,
)
from procurement.leads.screening.offer_data import OfferData
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.alternatives.queries import accepted_goods
from procurement.requests.alternatives.rules import GoodsMatch
from procurement.suppliers.actions.suppliers import suppliers_sharing_facts
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.registration_numbers import is_malformed_number, number_format_of
from workflow.i18n import Translations, translate_all

NIOSH_PRODUCTS = frozenset({"RESP_N95", "RESP_N95_SURG"})


def screening_data(lead: SupplierLead, at: datetime, rates: LazyRates | None = None) -> OfferData:
    """Return the facts of an offer for screening, as of a moment."""
    on = lead.city.day_at(at)
    supplier = lead.supplier.current_row
    captions = photo_captions(lead)
    match = _goods_match(lead, at)
    suppliers_by_fact = {
        fact: [one.reference for one in others]
        for fact, others in suppliers_sharing_facts(supplier, lead.city_id).items()
    }
    chinese = supplier.country == "CN" and supplier.uscc
    return OfferData(
        as_of=on,
        seller_reference=supplier.reference,
        arrives_on=_earliest_arrival(lead, on),
        travel_days=usual_travel_days(lead, on),
        seller_country=supplier.country,
        registration_number=supplier.uscc,
        registration_number_error=uscc_fault(supplier.uscc) if chinese else "",
        malformed_number_type=_malformed_number_type(supplier),
        founded_on=supplier.founded_on,
        seller_role=supplier.role,
        email=supplier.email,
        similar_companies=sorted({one for others in suppliers_by_fact.values() for one in others}),
        duplicate_reasons=list(suppliers_by_fact),
        accounts=known_accounts(supplier, lead.city_id),
        register_lookups=relevant_lookups(lead, on),
        watchlist_hits=blocking_watchlist_matches(lead),
        intermediaries=lead.referred_by or supplier.referred_by,
        **_standard_facts(lead, match, on),
        **_certificate_facts(lead, match, on, captions),
        model=lead.model,
        **_shared_file_facts(supplier),
        price=price_for_screening(lead, on, rates),
        prepayment_percent=lead.prepayment_percent,
        **_payment_term_facts(lead),
        **_feature_facts(lead, match, captions),
        family=lead.product.family,
        **_use_facts(lead, on),
        stock=lead.stock_quantity,
        capacity=lead.capacity_per_day,
    )


def _use_facts(lead: SupplierLead, on: date) -> dict[str, Any]:
    """Return the declared use, the needed use, and the customs rules that contradict the declared use."""
    return {
        "declared_use": lead.declared_use,
        "need_declared_use": lead.line.supply_request.declared_use if lead.line else "",
        "false_uses": false_uses(lead, lead.line.supply_request if lead.line else None, on),
    }


def _standard_facts(lead: SupplierLead, match: GoodsMatch, on: date) -> dict[str, Any]:
    """Return the offered standard, its match with those asked of these goods, and whether its edition has ended."""
    meeting = match.standard_match
    return {
        "standard_match": match.level.value,
        "standard_match_reason": translate_all(meeting.reason),
        "standard_match_is_reliable": meeting.is_blocking,
        "standard_match_source": " ".join(meeting.source_confidence.sources)
        if meeting.source_confidence
        else "",
        "required_standards": ", ".join(standard.label for standard in match.standards),
        "offered_standard": lead.standard.label if lead.standard else "",
        "outdated_standard": _ended_edition_message(lead.standard, on),
    }


def _ended_edition_message(standard: Standard | None, on: date) -> Translations | None:
    """Return the sentence for an ended edition of the standard, with its successor, or None."""
    if standard is None or not has_ended(standard, on):
        return None
    editions = Standard.objects.filter(designation=standard.designation, level=standard.level)
    return translate_all(ended_message(standard, successor_of(standard, editions, on)))


def _certificate_facts(
    lead: SupplierLead, match: GoodsMatch, on: date, captions: list[str]
) -> dict[str, Any]:
    """Return the company's certificates for the offered goods, those for other goods, and missing ones.

    The certificates are read once for all three.
    """
    shown = company_certificates_for_city(lead.supplier.current_row, lead.city_id)
    about = [one for one in shown if is_for_product(one, lead.product)]
    maker = (lead.maker or lead.supplier).current_row
    markets = {market_of_country(country) for country in (lead.city.country, maker.country)}
    statuses = list(CertificateTypeStatus.objects.for_product(lead.product, markets, on))
    return {
        "certificates": certificates_for_screening(lead, on, about, statuses, shown, match.standards),
        "class_one_body_number": class_one_body_number(
            (lead.model, lead.remark, *captions), lead.product, about
        ),
        **impossible_marks(lead, shown),
        "other_certificates": certificates_of_other_goods(lead, shown),
        "required_certificates": missing_certificates(lead, about, on, statuses),
    }


def _feature_facts(lead: SupplierLead, match: GoodsMatch, captions: list[str]) -> dict[str, Any]:
    """Return features that differ from those asked for, and signs of a counterfeit NIOSH respirator."""
    offered = parse_features(lead.model, lead.remark, *captions)
    signs = counterfeit_features(offered.features) if lead.product.code in NIOSH_PRODUCTS else []
    return {
        "feature_differences": feature_differences(
            _requested_features(lead, match), offered, lead.product.family
        ),
        "counterfeit_signs": [sign.value for sign in signs],
    }


def _requested_features(lead: SupplierLead, match: GoodsMatch) -> NamedFeatures:
    """Return the features, sizes and levels asked for.

    They come from the need's text, the standards asked of these goods and the goods: a listed alternative need not be
    sterile because the line's product is.
    """
    need = lead.line.supply_request if lead.line else None
    words = parse_features(need.title, need.notes) if need else NamedFeatures()
    what = (lead.product if lead.line is None or match.preference else lead.line.product).code
    of_goods = {Feature.STERILE} if what in product_features.STERILE_GOODS else set()
    levels = levels_in(*(one.level for one in match.standards))
    return NamedFeatures(
        words.features or frozenset(of_goods), words.sizes, frozenset(levels) or words.levels
    )


def _payment_term_facts(lead: SupplierLead) -> dict[str, Any]:
    """Return the advance that the payment terms ask for, and whether the seller presses for payment.

    If the terms name no advance, an advance in the remark counts.
    """
    words = lead.payment_terms
    advance = parse_advance_payment(words)
    if not advance.is_mentioned and (remarked := advance_sentences(lead.remark)):
        words, advance = remarked, parse_advance_payment(remarked)
    return {
        "payment_terms": words,
        "mentions_advance": advance.is_mentioned,
        "stated_advance_percent": advance.percent,
        "full_payment_time_unstated": advance.is_full_payment,
        "presses_for_payment": is_pressing_for_payment(
            lead.payment_terms, lead.remark, *_inquiry_remark(lead)
        ),
    }


def _inquiry_remark(lead: SupplierLead) -> list[str]:
    """Return the remark of the inquiry if this offer is its only answer.

    With several answers the remark may be about another offer.
    """
    question = lead.inquiry
    alone = question is not None and question.remark and not question.answers.exclude(pk=lead.pk).exists()
    return [question.remark] if question is not None and alone else []


def _shared_file_facts(supplier: Supplier) -> dict[str, Any]:
    held = compare_files(supplier)
    return {
        "companies_with_same_files": [other.reference for other in held.companies],
        "shared_file_hashes": held.shared_hashes,
        "file_count": held.file_count,
    }


def _malformed_number_type(supplier: Supplier) -> str:
    """Return the name of the country's company number if the company's number is malformed, else "".

    Chinese numbers have a stricter test of their own.
    """
    kind = number_format_of(supplier.country)
    wrong = supplier.country != "CN" and is_malformed_number(supplier.country, supplier.uscc)
    return f"{kind.name} ({supplier.country})" if kind is not None and wrong else ""


def _goods_match(lead: SupplierLead, at: datetime) -> GoodsMatch:
    """Return how the offered goods match the need line. Without a line nothing is asked."""
    if lead.line is None:
        nothing_asked = match_any_standard((), lead.standard, market="", use="", rows=())
        return GoodsMatch(GoodsMatchLevel.EQUAL, nothing_asked)
    return accepted_goods(lead.line, at).match(lead.product, lead.standard)


def _earliest_arrival(lead: SupplierLead, on: date) -> date:
    """Return the earliest day the goods could arrive.

    Counts from the day they are ready, plus days to make and days of travel: the fastest mode the offer
    names, else the usual days by air, if known.
    """
    ways = [days for days in (lead.air_days, lead.sea_days) if days is not None]
    travel = usual_travel_days(lead, on) or min(ways, default=0)
    return max(on, lead.ready_on or on) + timedelta(days=(lead.lead_days or 0) + travel)


def usual_travel_days(lead: SupplierLead, on: date) -> int | None:
    """Return the usual days of travel, to be used where the offer names none.

    None if the offer names days, if the goods cross no border, and for countries without a known figure.
    """
    named = lead.air_days is not None or lead.sea_days is not None
    routes = origin_of_lead(lead).foreign_origins(lead.city.country)
    if named or not routes or routes[0][0] != ORIGIN_WITH_KNOWN_TRANSIT:
        return None
    crowded = AIRPORT_CONGESTION_PERIOD[0] <= on <= AIRPORT_CONGESTION_PERIOD[1]
    return AIR_TRANSIT_DAYS + (AIRPORT_CONGESTION_DAYS if crowded else 0)
