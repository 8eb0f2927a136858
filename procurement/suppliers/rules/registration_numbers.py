"""Registration numbers by country: their local name, and whether a number is valid.

The forms are those of python-stdnum, with check digits. Suppliers often give the number of the tax
office or of another register instead. Therefore each country lists all numbers by which suppliers
are known, and a number is malformed if it matches no form in that list. A register whose numbers
have no check digit is a pattern of its notation, without spaces and punctuation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from stdnum.at import uid as at_uid
from stdnum.au import abn, acn
from stdnum.be import vat as be_vat
from stdnum.br import cnpj
from stdnum.ca import bn
from stdnum.ch import uid as ch_uid
from stdnum.cn import uscc
from stdnum.cz import dic
from stdnum.de import stnr
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.es import nif
from stdnum.fi import alv, ytunnus
from stdnum.fr import siren, siret, tva
from stdnum.gb import utr
from stdnum.gb import vat as gb_vat
from stdnum.hu import anum
from stdnum.in_ import gstin, pan
from stdnum.it import codicefiscale, iva
from stdnum.jp import cn as hojin
from stdnum.kr import brn
from stdnum.mx import rfc
from stdnum.nl import btw
from stdnum.no import mva
from stdnum.no import orgnr as no_orgnr
from stdnum.pl import nip, regon
from stdnum.pt import nif as pt_nif
from stdnum.ro import cui
from stdnum.se import orgnr as se_orgnr
from stdnum.se import vat as se_vat
from stdnum.sg import uen
from stdnum.th import tin
from stdnum.tr import vkn
from stdnum.tw import ubn
from stdnum.us import ein
from stdnum.vn import mst

from procurement.catalogue.number_formats import uscc_fault
from procurement.suppliers.rules.match_keys import number_key

type NumberForm = (
    ModuleType | re.Pattern[str]
)  # a python-stdnum module, or the notation of a register without a check digit


@dataclass(frozen=True)
class NumberFormat:
    """The registration number of a country: its short local name, and the forms it may have."""

    name: str
    allowed_formats: tuple[NumberForm, ...]


def _number_format(name: str, *forms: ModuleType | str) -> NumberFormat:
    return NumberFormat(name, tuple(re.compile(form) if isinstance(form, str) else form for form in forms))


# Hong Kong is left out: its numbers have no check digit and no single form. Numbers of missing countries are not checked.
NUMBER_FORMATS: dict[str, NumberFormat] = {
    "AT": _number_format("UID / FN", at_uid, r"(FN)?[0-9]{1,6}[A-Z]"),
    "AU": _number_format("ABN / ACN", abn, acn),
    "BE": _number_format("KBO / BCE", be_vat),
    "BR": _number_format("CNPJ", cnpj),
    "CA": _number_format("BN", bn),
    "CH": _number_format("UID", ch_uid),
    "CN": _number_format("USCC", uscc),
    "CZ": _number_format("IČO", dic),
    "DE": _number_format(
        "USt-IdNr. / HRB", de_vat, stnr, r"DE[0-9]{14}", r"[A-Z]*(HR[AB]|GNR|PR|VR)[0-9]{1,6}[A-Z]{0,2}"
    ),
    "DK": _number_format("CVR", cvr),
    "ES": _number_format("NIF", nif),
    "FI": _number_format("Y-tunnus", ytunnus, alv),
    "FR": _number_format("SIREN", siren, siret, tva),
    "GB": _number_format(
        "CRN / VAT", gb_vat, utr, r"[A-Z]{2}[0-9]{6}|[0-9]{8}"
    ),  # the pattern is Companies House's
    "HU": _number_format("adószám", anum),
    "IN": _number_format("CIN / GSTIN", gstin, pan, r"[LU][0-9]{5}[A-Z]{2}[0-9]{4}[A-Z]{3}[0-9]{6}"),
    "IT": _number_format("Partita IVA", iva, codicefiscale),
    "JP": _number_format("CN", hojin),
    "KR": _number_format("BRN", brn),
    "MX": _number_format("RFC", rfc),
    "NL": _number_format("KvK / btw", btw, r"[0-9]{8}"),
    "NO": _number_format("orgnr.", no_orgnr, mva),
    "PL": _number_format("NIP / REGON / KRS", nip, regon, r"0000[0-9]{6}"),
    "PT": _number_format("NIPC", pt_nif),
    "RO": _number_format("CUI", cui, r"J[0-9]{6,13}"),
    "SE": _number_format("orgnr", se_orgnr, se_vat),
    "SG": _number_format("UEN", uen),
    "TH": _number_format("TIN", tin),
    "TR": _number_format("VKN", vkn),
    "TW": _number_format("UBN", ubn),
    "US": _number_format("EIN", ein),
    "VN": _number_format("MST", mst),
}
INVOICE_PREFIXES = {"JP": "T"}  # a prefix on invoices that is not part of the number


def number_format_of(country: str) -> NumberFormat | None:
    """Return the registration number form of a country, or None if unknown."""
    return NUMBER_FORMATS.get(country)


def is_malformed_number(country: str, number: str) -> bool:
    """Return True if a number is invalid in its country: wrong length, characters or check digit.

    Return False if the form is unknown.
    """
    if country == "CN":
        return bool(number and uscc_fault(number))
    known = NUMBER_FORMATS.get(country)
    key = number_key(number).removeprefix(INVOICE_PREFIXES.get(country, ""))
    return (
        known is not None
        and bool(number)
        and not any(_matches_form(form, key) for form in known.allowed_formats)
    )


def _matches_form(form: NumberForm, key: str) -> bool:
    if isinstance(form, re.Pattern):
        return form.fullmatch(key) is not None
    valid: Callable[[str], bool] = form.is_valid
    return valid(key)
