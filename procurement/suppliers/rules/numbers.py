"""A company's number by its country: what it is called there, and whether it can be one. The forms are python-stdnum's. Pure."""

from dataclasses import dataclass
from types import ModuleType

from stdnum.ca import bn
from stdnum.cn import uscc
from stdnum.es import nif
from stdnum.fi import ytunnus
from stdnum.fr import siren
from stdnum.it import iva
from stdnum.jp import cn as hojin
from stdnum.kr import brn
from stdnum.sg import uen
from stdnum.th import tin
from stdnum.tr import vkn
from stdnum.tw import ubn
from stdnum.us import ein
from stdnum.vn import mst

from procurement.catalogue.formats import uscc_fault
from procurement.suppliers.rules.comparing import number_key


@dataclass(frozen=True)
class Number:
    """What companies of a country are numbered by: its short name there, and the module that knows its form."""

    name: str
    form: ModuleType


# Hong Kong is left out: its numbers have no check digit and no one form. Where a country is not here, nothing is said of a number.
NUMBERS: dict[str, Number] = {
    "CN": Number("USCC", uscc),
    "CA": Number("BN", bn),
    "US": Number("EIN", ein),
    "KR": Number("BRN", brn),
    "JP": Number("CN", hojin),
    "TW": Number("UBN", ubn),
    "TR": Number("VKN", vkn),
    "VN": Number("MST", mst),
    "TH": Number("TIN", tin),
    "SG": Number("UEN", uen),
    "FR": Number("SIREN", siren),
    "FI": Number("Y-tunnus", ytunnus),
    "ES": Number("NIF", nif),
    "IT": Number("Partita IVA", iva),
}


def number_of(country: str) -> Number | None:
    """What companies of a country are numbered by; None where it is not known."""
    return NUMBERS.get(country)


def is_malformed(country: str, number: str) -> bool:
    """Whether a number cannot be one of its country: wrong length, signs or check digit. Never where the form is not known."""
    if country == "CN":
        return bool(number and uscc_fault(number))
    known = NUMBERS.get(country)
    return known is not None and bool(number) and not known.form.is_valid(number_key(number))
