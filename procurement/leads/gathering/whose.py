"""Whose a paper is: its holder, the maker it names, the province in its number; and the letters that let a company sell."""

from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from partners.labels import subdivision_label
from procurement.catalogue.formats import NATIONAL, office_of
from procurement.leads.gathering import companies
from procurement.leads.gathering.twins import TRADES, is_own, names_of
from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.certificates import DOUBTED, LENT_TO_NO_MAKER
from procurement.suppliers.rules.comparing import name_key, same_name
from workflow.tongues import InThreeLanguages, in_three


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
    """Who holds a paper, where it is another company that gave no letter; whether a letter could help; whom it names as the maker,
    where the offer names another; and the province its number names, where the maker is in another.
    """
    company, named = lead.supplier.current, lead.maker
    makers, maker = named.current if named else None, maker_of(lead)
    is_makers = makers is not None and bool(same_name(certificate.holder, names_of(makers)))
    own = False if is_makers and makers != company else is_own(certificate, company)
    let = _has_letter(certificate, makers if is_makers else None, letters)
    # A maker without a name in the holder's script may be the holder.
    of_another = maker is not None and same_name(certificate.holder, names_of(maker)) is False
    not_lent = own is False and of_another and _is_approval(certificate)
    other = maker is not None and same_name(certificate.manufacturer, names_of(maker)) is False
    return {
        "own": own is not False,
        "holder_said": certificate.holder,
        "holder": "" if own is not False or (let and not not_lent) else certificate.holder,
        "holder_unread": certificate.holder if own is None and not let else "",
        "not_lent": not_lent,
        "makers": is_makers,
        "manufacturer": certificate.manufacturer if other and name_key(certificate.manufacturer) else "",
        "maker": companies.named(maker) if maker is not None else None,
        "other_province": _other_province(certificate, maker) if maker is not None else None,
        "makers_place": _province_of(maker) if maker is not None else "",
    }


def _has_letter(certificate: Certificate, maker: Supplier | None, letters: Container[str]) -> bool:
    """Whether the holder gave a letter, under the name on the paper or, where it is the maker of the goods, under another of its
    names.
    """
    names = (certificate.holder, *(names_of(maker) if maker is not None else ()))
    return any(name_key(name) in letters for name in names if name_key(name))


def _is_approval(certificate: Certificate) -> bool:
    """Whether it is an approval that belongs to its holder alone. A private label is on the approval's list: its issuer confirms it."""
    confirmed = certificate.status == Certificate.Status.CONFIRMED
    shared = certificate.kind.number_names == certificate.kind.NumberNames.MAKER
    return certificate.kind.code in LENT_TO_NO_MAKER and not (confirmed and shared)


def _other_province(certificate: Certificate, maker: Supplier) -> InThreeLanguages | None:
    province, place = office_of(certificate.number), _province_of(maker)
    if not place or province in ("", NATIONAL):
        return None
    return in_three(lambda: subdivision_label(province)) if province != place else None


def _province_of(maker: Supplier) -> str:
    return maker.place.subdivision if maker.place is not None else ""
