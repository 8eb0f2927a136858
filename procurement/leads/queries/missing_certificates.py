"""Queries for certificate types that the law requires at the destination or origin and that an offer does not show."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from procurement.catalogue.models.certificates import CertificateTypeStatus
from procurement.catalogue.models.reference_rows import market_of_country
from procurement.catalogue.rules.certificate_types import (
    CertificateAcceptability,
    accepted_substitutes,
    is_required_for_use,
    required_certificate_types,
)
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.certificates import MIN_NUMBER_DIGITS
from procurement.leads.screening.offer_data import MissingCertificate
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.register_lookups import ComparedGoods, current_lookups, is_lookup_outdated
from workflow.i18n import translate_all

# Certificate types that rest on a published list, with the list to look up. Lists change daily.
LOOKUP_KIND_BY_CERTIFICATE_TYPE = {
    "CN_WL_MED": RegisterLookup.Kind.EXPORT_LIST,
    "CN_WL_NONMED": RegisterLookup.Kind.EXPORT_LIST,
    "US_EUA": RegisterLookup.Kind.PRODUCT_LIST,
}


def missing_certificates(
    lead: SupplierLead, shown: Sequence[Certificate], on: date, statuses: Sequence[CertificateTypeStatus]
) -> list[MissingCertificate]:
    """Return the missing certificate types in the buyer's market and in the manufacturer's market.

    A certificate that could not be confirmed, has ended or lacks a number it needs does not count as shown. A type may
    be replaced by another that the same market accepts for the same goods: the Chinese list of
    manufacturers with foreign certificates, for example.
    """
    maker = (lead.maker or lead.supplier).current_row
    held = [
        one
        for one in shown
        if one.status not in Certificate.Status.void
        and not (one.valid_until and one.valid_until < on)
        and _has_required_number(one)
    ]
    there = {one.kind.code for one in certificates_found_on_lists(lead, held, on)}
    named = {one.kind.code for one in held}
    markets = dict.fromkeys(market_of_country(country) for country in (lead.city.country, maker.country))
    found: dict[str, MissingCertificate] = {}
    for market in markets:
        instead = {worth.kind.code: worth for worth in _missing_types(lead, market, named, statuses, on)}
        for worth in _missing_types(lead, market, there, statuses, on):
            found.setdefault(
                worth.kind.code, _missing_certificate(worth, market, on_list=worth.kind.code not in instead)
            )
    return list(found.values())


def _missing_types(
    lead: SupplierLead, market: str, there: set[str], statuses: Sequence[CertificateTypeStatus], on: date
) -> Iterator[CertificateAcceptability]:
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    instead = accepted_substitutes(lead.product, market=market, on=on, statuses=statuses)
    for worth in required_certificate_types(lead.product, market=market, on=on, statuses=statuses):
        if worth.kind.code not in there and not instead & there and is_required_for_use(worth.kind, use):
            yield worth


def _has_required_number(certificate: Certificate) -> bool:
    """Return True if the certificate has a number, or its type has none.

    "NIOSH N95" is a name, not a number.
    """
    digits = sum(char.isdigit() for char in certificate.number_key)
    return not certificate.kind.number_hint or digits >= MIN_NUMBER_DIGITS


def certificates_found_on_lists(
    lead: SupplierLead, certificates: Iterable[Certificate], on: date
) -> list[Certificate]:
    """Return the certificates that count as shown on a day.

    A certificate that rests on a published list counts once its issuer confirmed it, or once a register lookup by
    that day found the seller or the manufacturer on the list. All other certificates count.
    """
    held = list(certificates)
    if not any(one.kind.code in LOOKUP_KIND_BY_CERTIFICATE_TYPE for one in held):
        return held
    companies = {
        one.pk: one for one in (lead.supplier.current_row, (lead.maker or lead.supplier).current_row)
    }
    listed = {kind for company in companies.values() for kind in _lists_naming_company(company, lead, on)}
    confirmed = Certificate.Status.CONFIRMED
    return [
        one
        for one in held
        if one.kind.code not in LOOKUP_KIND_BY_CERTIFICATE_TYPE
        or one.status == confirmed
        or LOOKUP_KIND_BY_CERTIFICATE_TYPE[one.kind.code] in listed
    ]


def _lists_naming_company(company: Supplier, lead: SupplierLead, on: date) -> set[str]:
    """Return the kinds of lists on which the company itself was found, for these goods or for any.

    The newest lookup of each list that counts for the city decides. An old lookup no longer counts.
    """
    rows = (
        RegisterLookup.objects.in_effect()
        .for_city(lead.city_id)
        .about_supplier(company)
        .filter(answered_on__lte=on)
    )
    newest: dict[str, RegisterLookup] = {}
    for row in current_lookups(
        rows.filter(party=RegisterLookup.Party.COMPANY_ITSELF), ComparedGoods(lead.product_id, lead.model)
    ):
        newest.setdefault(row.kind, row)
    listed = (row for row in newest.values() if row.answer == RegisterLookup.Answer.LISTED)
    return {row.kind for row in listed if not is_lookup_outdated(row.kind, row.answered_on, on)}


def _missing_certificate(
    worth: CertificateAcceptability, market: str, *, on_list: bool
) -> MissingCertificate:
    kind = worth.kind
    return MissingCertificate(
        kind_code=kind.code,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        market=market,
        reason=translate_all(worth.reason),
        source_is_reliable=worth.source_confidence.is_reliable,
        needs_list_lookup=on_list,
        source=" ".join(worth.source_confidence.sources),
    )
