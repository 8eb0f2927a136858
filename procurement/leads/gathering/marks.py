"""Reading what gives a counterfeit or a borrowed name away: numbers and marks of elsewhere, words of no paper."""

from collections.abc import Iterable, Sequence
from typing import Any

from partners.labels import subdivision_label
from procurement.catalogue.formats import uscc_fault
from procurement.leads.gathering.twins import names_of
from procurement.leads.gathering.whose import maker_of
from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.comparing import same_name
from workflow.tongues import in_three

# The first two of the six region digits in a company number (GB 32100-2015; the codes are those of GB/T 2260), as ISO 3166-2.
REGIONS = {
    "11": "CN-BJ", "12": "CN-TJ", "13": "CN-HE", "14": "CN-SX", "15": "CN-NM", "21": "CN-LN", "22": "CN-JL", "23": "CN-HL",
    "31": "CN-SH", "32": "CN-JS", "33": "CN-ZJ", "34": "CN-AH", "35": "CN-FJ", "36": "CN-JX", "37": "CN-SD", "41": "CN-HA",
    "42": "CN-HB", "43": "CN-HN", "44": "CN-GD", "45": "CN-GX", "46": "CN-HI", "50": "CN-CQ", "51": "CN-SC", "52": "CN-GZ",
    "53": "CN-YN", "54": "CN-XZ", "61": "CN-SN", "62": "CN-GS", "63": "CN-QH", "64": "CN-NX", "65": "CN-XJ",
}  # fmt: skip
BUSINESS = "9"  # the first character of a company number that the market regulator gave; 5 is an association's or a foundation's
# Marks that only makers of one country can have, from memory: a KF94 approval is given to Korean makers.
MADE_IN = {"RESP_KF94": "KR"}
DECLARED = frozenset({"EU_DOC_PPE", "EU_MD_DOC"})  # the maker's own declarations: nobody else can make them
LICENCES = frozenset({"CN_USCC", "CN_BL_SAMR"})


def of(lead: SupplierLead, papers: Sequence[Certificate]) -> dict[str, Any]:
    """What of an offer's marks and numbers cannot be as it is said; the papers are those the company shows."""
    maker = maker_of(lead)
    seller = lead.supplier.current
    words = [lead.model, lead.remark, *(text for one in papers for text in (one.remark, one.issuer))]
    return {
        **(_region(maker, papers) if maker is not None else {}),
        "no_business": seller.uscc if _is_no_business(seller) and lead.kind == SupplierLead.Kind.SALE else "",
        "mark_country": _other_country(lead, maker),
        "words": [text for text in words if text],
    }


def _region(maker: Supplier, papers: Iterable[Certificate]) -> dict[str, Any]:
    """Where a maker's number was given, if that is another province than its own. A licence of its own works settles it."""
    said = _region_of(maker.uscc) if maker.country == "CN" and not uscc_fault(maker.uscc) else ""
    place = maker.place.subdivision if maker.place is not None else ""
    works = {_region_of(one.number) for one in papers if one.kind.code in LICENCES}
    if not said or not place or said == place or place in works:
        return {}
    return {
        "number_region": in_three(lambda: subdivision_label(said)),
        "makers_region": in_three(lambda: subdivision_label(place)),
        "makers_number": maker.uscc,
    }


def _region_of(number: str) -> str:
    key = "".join(char for char in number if char.isalnum())
    return REGIONS.get(key[2:4], "")


def _is_no_business(company: Supplier) -> bool:
    number = company.uscc
    return company.country == "CN" and bool(number) and not uscc_fault(number) and number[0] != BUSINESS


def _other_country(lead: SupplierLead, maker: Supplier | None) -> str:
    """The country of the only makers of these goods, where the maker is in another."""
    only = MADE_IN.get(lead.product.code, "")
    return only if maker is not None and maker.country not in ("", only) else ""


def declared_by(certificate: Certificate, lead: SupplierLead) -> str:
    """Who issued a maker's declaration, where that is nobody who may be the maker. A name in another script says nothing."""
    if certificate.kind.code not in DECLARED:
        return ""
    makers = [lead.supplier.current, *([lead.maker.current] if lead.maker is not None else [])]
    names = [
        certificate.holder,
        certificate.manufacturer,
        *(name for one in makers for name in names_of(one)),
    ]
    return certificate.issuer if same_name(certificate.issuer, names) is False else ""
