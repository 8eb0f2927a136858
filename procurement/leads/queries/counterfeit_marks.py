"""Queries for screening: signs of a counterfeit or a borrowed name, such as marks of another region."""

from collections.abc import Iterable, Sequence
from typing import Any

from partners.place_labels import subdivision_label
from procurement.catalogue.number_formats import uscc_fault
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_holders import company_names, manufacturer_of
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.match_keys import is_same_name
from workflow.i18n import translate_all

# First two of the six region digits of a company number (GB 32100-2015, codes of GB/T 2260), as ISO 3166-2.
PROVINCE_BY_REGION_DIGITS = {
    "11": "CN-BJ", "12": "CN-TJ", "13": "CN-HE", "14": "CN-SX", "15": "CN-NM", "21": "CN-LN", "22": "CN-JL", "23": "CN-HL",
    "31": "CN-SH", "32": "CN-JS", "33": "CN-ZJ", "34": "CN-AH", "35": "CN-FJ", "36": "CN-JX", "37": "CN-SD", "41": "CN-HA",
    "42": "CN-HB", "43": "CN-HN", "44": "CN-GD", "45": "CN-GX", "46": "CN-HI", "50": "CN-CQ", "51": "CN-SC", "52": "CN-GZ",
    "53": "CN-YN", "54": "CN-XZ", "61": "CN-SN", "62": "CN-GS", "63": "CN-QH", "64": "CN-NX", "65": "CN-XJ",
}  # fmt: skip
BUSINESS_NUMBER_PREFIX = (
    "9"  # first character of a number from the market regulator; 5 is for associations and foundations
)
# Marks that only manufacturers of one country can have. From memory: KF94 is approved for Korean ones.
ONLY_COUNTRY_BY_PRODUCT = {"RESP_KF94": "KR"}
MANUFACTURER_DECLARATION_TYPES = frozenset(
    {"EU_DOC_PPE", "EU_MD_DOC"}
)  # declarations that only the manufacturer can make
BUSINESS_LICENCE_TYPES = frozenset({"CN_USCC", "CN_BL_SAMR"})


def impossible_marks(lead: SupplierLead, certificates: Sequence[Certificate]) -> dict[str, Any]:
    """Return the marks and numbers of an offer that contradict its claims.

    `certificates`: those that the company shows.
    """
    maker = manufacturer_of(lead)
    seller = lead.supplier.current_row
    words = [lead.model, lead.remark, *(text for one in certificates for text in (one.remark, one.issuer))]
    return {
        **(_other_region_facts(maker, certificates) if maker is not None else {}),
        "non_business_number": seller.uscc
        if _is_no_business(seller) and lead.kind == SupplierLead.Kind.SALE
        else "",
        "only_mark_country": _only_country_of_origin(lead, maker),
        "free_texts": [text for text in words if text],
    }


def _other_region_facts(maker: Supplier, certificates: Iterable[Certificate]) -> dict[str, Any]:
    """Return the region of the manufacturer's number if it differs from its own province, else nothing.

    A licence of a plant in its own province settles the difference.
    """
    said = _region_of_number(maker.uscc) if maker.country == "CN" and not uscc_fault(maker.uscc) else ""
    place = maker.place.subdivision if maker.place is not None else ""
    works = {_region_of_number(one.number) for one in certificates if one.kind.code in BUSINESS_LICENCE_TYPES}
    if not said or not place or said == place or place in works:
        return {}
    return {
        "number_region": translate_all(lambda: subdivision_label(said)),
        "manufacturer_region": translate_all(lambda: subdivision_label(place)),
        "manufacturer_number": maker.uscc,
    }


def _region_of_number(number: str) -> str:
    key = "".join(char for char in number if char.isalnum())
    return PROVINCE_BY_REGION_DIGITS.get(key[2:4], "")


def _is_no_business(company: Supplier) -> bool:
    number = company.uscc
    return (
        company.country == "CN"
        and bool(number)
        and not uscc_fault(number)
        and number[0] != BUSINESS_NUMBER_PREFIX
    )


def _only_country_of_origin(lead: SupplierLead, maker: Supplier | None) -> str:
    """Return the only country that makes these goods if the manufacturer is in another one, else ""."""
    only = ONLY_COUNTRY_BY_PRODUCT.get(lead.product.code, "")
    return only if maker is not None and maker.country not in ("", only) else ""


def wrong_declarant(certificate: Certificate, lead: SupplierLead) -> str:
    """Return the issuer of a manufacturer's declaration if it cannot be the manufacturer, else "".

    A name in another script does not count.
    """
    if certificate.kind.code not in MANUFACTURER_DECLARATION_TYPES:
        return ""
    makers = [lead.supplier.current_row, *([lead.maker.current_row] if lead.maker is not None else [])]
    names = [
        certificate.holder,
        certificate.manufacturer,
        *(name for one in makers for name in company_names(one)),
    ]
    return certificate.issuer if is_same_name(certificate.issuer, names) is False else ""
