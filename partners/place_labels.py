"""Labels of countries, provinces, states, cities and currencies in the language of the reader.

The names come from CLDR (Babel) and ISO 3166 (pycountry). partners/data/labels.csv overrides both, and
`labels.csv` in DATA_DIR overrides that. Each process reads them once.
"""

import csv
import gettext
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners.validators import EXTRA_COUNTRIES, NON_MONEY_CURRENCY_CODES
from workflow.pinyin import syllables_of
from workflow.search import fold_text

SHIPPED_LABELS_PATH = Path(__file__).resolve().parent / "data/labels.csv"
_LOCALES = {"en": ("en", "en"), "fr": ("fr_CA", "fr"), "zh": ("zh_Hans", "zh_CN")}  # for Babel, pycountry

FREQUENT_CURRENCIES = ("CAD", "CNY", "USD", "EUR", "JPY")  # of this trade, first in lists
PLACE_KIND_SUFFIXES = tuple("市省州县区盟旗镇")  # suffixes of Chinese names that name the kind of place


def letterhead_city_label(name: str) -> str:
    """Return a city as a letterhead names it: City of Oakville, Ville d’Oakville, 中山市政府.

    In French and Chinese the form depends on the name: 中山市政府, not 中山市市政府.
    """
    match _language():
        case "fr":
            return f"Ville {_with_french_de(name)}"
        case "zh":
            return f"{name}政府" if name.endswith(PLACE_KIND_SUFFIXES) else f"{name}市政府"
    return _("City of %(city)s") % {"city": name}


def _with_french_de(name: str) -> str:
    """Return a name with “de” or “d’”, since a translated sentence cannot elide: de Burnaby, d’Oakville.

    Foreign names keep their h.
    """
    plain = unicodedata.normalize("NFD", name)[:1].lower()
    return f"d’{name}" if plain in tuple("aeiouy") else f"de {name}"


def country_label(code: str) -> str:
    """Return the name of a country or region by its two-letter code; the code itself if it has no name."""
    language = _language()
    return _table().get((code, language), "") or _territories(language).get(code, code)


def subdivision_label(code: str) -> str:
    """Return the name of a province or state by its ISO 3166-2 code.

    Return an empty string for no code, and the code itself if it has no name.
    """
    if not code:
        return ""
    return _subdivision_name(code, _language())


def _subdivision_name(code: str, language: str) -> str:
    return _table().get((code, language), "") or _from_iso(code, language)


@cache
def _country_choices(language: str) -> tuple[tuple[str, str], ...]:
    codes = {country.alpha_2 for country in pycountry.countries} | EXTRA_COUNTRIES
    return _sorted_by_label((code, country_label(code)) for code in codes)


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return all countries and regions as pairs of code and name, sorted by name in the reader's language."""
    return _country_choices(_language())


@cache
def _currency_choices(language: str) -> tuple[tuple[str, str], ...]:
    named = Locale.parse(_LOCALES[language][0]).currencies
    codes = {currency.alpha_3 for currency in pycountry.currencies} - NON_MONEY_CURRENCY_CODES
    pairs = _sorted_by_label((code, f"{named.get(code, code)} ({code})") for code in codes)
    frequent = tuple(pair for code in FREQUENT_CURRENCIES for pair in pairs if pair[0] == code)
    return (*frequent, *(pair for pair in pairs if pair not in frequent))


def currency_choices() -> tuple[tuple[str, str], ...]:
    """Return all currencies as pairs of code and name: the frequent ones first, then by name."""
    return _currency_choices(_language())


@cache
def _subdivisions(country: str, language: str) -> tuple[tuple[str, str], ...]:
    return _sorted_by_label((code, subdivision_label(code)) for code in _subdivision_codes(country))


def subdivision_choices(country: str) -> tuple[tuple[str, str], ...]:
    """Return the provinces or states of a country as pairs of code and name in the reader's language."""
    return _subdivisions(country, _language())


def find_subdivision(text: str, country: str) -> str:
    """Return the code of the province or state of a country with this code or name; "" if none or several have it.

    The name may be in any language of the product. A beginning of two letters is enough if only one name has it: 广东.
    """
    wanted = fold_text(text)
    codes = _subdivision_codes(country)
    if text.upper() in codes:
        return text.upper()
    named = [(fold_text(_subdivision_name(code, language)), code) for code in codes for language in _LOCALES]
    found = {code for name, code in named if name == wanted}
    if not found and len(wanted) > 1:
        found = {code for name, code in named if name.startswith(wanted)}
    return found.pop() if len(found) == 1 else ""


@cache
def _subdivision_codes(country: str) -> tuple[str, ...]:
    found: Any = pycountry.subdivisions.get(country_code=country)  # type: ignore[no-untyped-call]  # pycountry has no types
    return tuple(sorted(one.code for one in found or ()))


def _sorted_by_label(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the pairs sorted by label: without accents and case, Chinese by pinyin."""
    return tuple(sorted(pairs, key=lambda pair: fold_text("".join(syllables_of(pair[1])))))


def _language() -> str:
    short = (get_language() or "en")[:2]
    return short if short in _LOCALES else "en"


@cache
def _table() -> dict[tuple[str, str], str]:
    names: dict[tuple[str, str], str] = {}
    for path in (SHIPPED_LABELS_PATH, Path(settings.DATA_DIR) / "labels.csv"):
        if path.exists():
            with path.open(newline="", encoding="utf-8-sig") as file:
                for row in csv.DictReader(file):
                    names |= {(row["code"], language): row[language] for language in _LOCALES}
    return names


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(_LOCALES[language][0]).territories)


@cache
def _from_iso(code: str, language: str) -> str:
    found: Any = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]  # pycountry has no types
    if found is None:
        return code
    names = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, [_LOCALES[language][1]], fallback=True)
    return names.gettext(str(found.name))
