"""Codes of places and of money, by the lists: countries, provinces and states, time zones, currencies. Pure; raises ValidationError."""

import re
from functools import cache
from zoneinfo import available_timezones

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

web_address = URLValidator(
    schemes=("http", "https"), message=_("Write the whole address of the page, starting with https://")
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9])")  # a port begins with a figure


def website(value: str) -> None:
    """A site as people write it: www.city.ca, or its whole address. Nothing else that begins as an address does."""
    web_address(value if _SCHEME.match(value) else f"https://{value}")


key = RegexValidator(r"^[-a-zA-Z0-9_]+\Z", _("A key has the letters a to z, digits and hyphens only."))
MORE_COUNTRIES = frozenset({"XK"})  # Kosovo: UN/LOCODE and customs use it, ISO 3166 leaves it to its users
NO_MONEY = frozenset({"XXX", "XTS"})  # codes of ISO 4217 for no currency, and for tests
_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
NO_CURRENCY = _("Give the currency by its three letters, such as CAD.")


def in_capitals(code: str) -> str:
    """A code as the lists write it. Text that is no code stays as it is: in capitals ß would be South Sudan."""
    return code.upper() if code.isascii() else code


def is_country(code: str) -> bool:
    """Whether two capital letters name a country or region: ISO 3166-1, and Kosovo."""
    return code in MORE_COUNTRIES or (code.isupper() and pycountry.countries.get(alpha_2=code) is not None)


def is_currency(code: str) -> bool:
    """Whether three capital letters name a currency that money is counted in: ISO 4217."""
    return code.isupper() and code not in NO_MONEY and pycountry.currencies.get(alpha_3=code) is not None


def country_code(code: str) -> None:
    """Two capital letters of a country or region."""
    if not is_country(code):
        raise ValidationError(_("Write the two letters of the country or region, for example CA or CN."))


def currency_code(code: str) -> None:
    """Three capital letters of a currency."""
    if not is_currency(code):
        raise ValidationError(NO_CURRENCY, code="no_currency")


def subdivision_code(code: str) -> None:
    """A code in the form of ISO 3166-2; those that the list has dropped since, like FR-A, are taken as written."""
    match = _SUBDIVISION.fullmatch(code)
    if match is None or not is_country(match[1]):
        raise ValidationError(_("Write the code of the province or state, for example CA-BC."))


def time_zone(name: str) -> None:
    """A zone of the IANA list."""
    if name not in _zones():
        raise ValidationError(_("Write the time zone as Area/City, for example America/Vancouver."))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # which reads six hundred files each time
