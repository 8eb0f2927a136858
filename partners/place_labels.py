"""Labels of countries, provinces, states and cities in the language of the reader.

The names come from CLDR (Babel) and ISO 3166 (pycountry). partners/data/labels.csv overrides both, and
`labels.csv` in DATA_DIR overrides that. Each process reads them once.
"""

import csv
import gettext
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

SHIPPED_LABELS = Path(__file__).resolve().parent / "data/labels.csv"
_LOCALES = {"en": ("en", "en"), "fr": ("fr_CA", "fr"), "zh": ("zh_Hans", "zh_CN")}  # for Babel, pycountry

PLACE_KIND_SUFFIXES = tuple("市省州县区盟旗镇")  # suffixes of Chinese names that name the kind of place


def town_label(name: str) -> str:
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
    language = _language()
    return _table().get((code, language), "") or _from_iso(code, language)


def _language() -> str:
    short = (get_language() or "en")[:2]
    return short if short in _LOCALES else "en"


@cache
def _table() -> dict[tuple[str, str], str]:
    names: dict[tuple[str, str], str] = {}
    for path in (SHIPPED_LABELS, Path(settings.DATA_DIR) / "labels.csv"):
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
