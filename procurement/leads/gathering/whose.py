"""Whose a paper is: its holder, the maker it names, the province in its number; and the letters that let a company sell."""

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from partners.labels import subdivision_label
from procurement.catalogue.formats import NATIONAL, device_number
from procurement.leads.gathering import companies
from procurement.leads.models import SupplierLead
from procurement.suppliers.models import Certificate, Supplier
from procurement.suppliers.rules.certificates import DOUBTED
from procurement.suppliers.rules.comparing import name_key
from workflow.tongues import InThreeLanguages, in_three

TRADES = (Supplier.Role.TRADER, Supplier.Role.BROKER)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def maker_of(lead: SupplierLead) -> Supplier | None:
    """Who makes the goods, as far as the offer says: the maker it names, else the company, unless that only trades."""
    if lead.maker is not None:
        return lead.maker.current
    company = lead.supplier.current
    return None if company.role in TRADES else company


def letters(company: Supplier, shown: Iterable[Certificate], on: date) -> set[str]:
    """Whose goods the company may sell, by the letters it shows that hold: their holder's; the maker's, where they are made out to the
    company itself.
    """
    own = {"", company.name_key, company.name_en_key}
    shown_ones = (one for one in shown if one.kind.code == "DIST_LETTER" and one.status not in DOUBTED)
    held = [one for one in shown_ones if one.valid_until is None or one.valid_until >= on]
    makers = {name_key(one.manufacturer) for one in held if name_key(one.holder) in own}
    return {name_key(one.holder) for one in held} | makers


def of(certificate: Certificate, lead: SupplierLead, letters: Container[str]) -> dict[str, Any]:
    """Who holds a paper, where it is somebody who gave no letter; whom it names as the maker, where the offer names another; and the
    province its number names, where the maker is in another.
    """
    company, holder, named = lead.supplier.current, name_key(certificate.holder), lead.maker
    own = holder in ("", company.name_key, company.name_en_key)
    makers, maker = named.current if named else None, maker_of(lead)
    other = maker is not None and _other_maker(certificate.manufacturer, maker)
    return {
        "own": own,
        "holder_said": certificate.holder,
        "holder": "" if own or holder in letters else certificate.holder,
        "makers": makers is not None and holder in (makers.name_key, makers.name_en_key),
        "manufacturer": certificate.manufacturer if other else "",
        "maker": companies.named(maker) if maker is not None else None,
        "other_province": _other_province(certificate, maker) if maker is not None else None,
        "makers_place": _province_of(maker) if maker is not None else "",
    }


def _other_maker(said: str, maker: Supplier) -> bool:
    """Whether a paper names another maker. A name in one script says nothing against one in another."""
    script = bool(CHINESE.search(said))
    names = [
        name
        for name in (maker.legal_name_local, maker.name_en)
        if name and bool(CHINESE.search(name)) == script
    ]
    return bool(name_key(said) and names) and name_key(said) not in map(name_key, names)


def _other_province(certificate: Certificate, maker: Supplier) -> InThreeLanguages | None:
    said, place = device_number(certificate.number), _province_of(maker)
    if said is None or not place or said.province == NATIONAL:
        return None
    province = said.province
    return in_three(lambda: subdivision_label(province)) if province != place else None


def _province_of(maker: Supplier) -> str:
    return maker.place.subdivision if maker.place is not None else ""
