"""Validators of country, subdivision, time zone and currency codes, and of web addresses.

They raise ValidationError and use no database.
"""

import re
from functools import cache
from zoneinfo import available_timezones

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

validate_web_address = URLValidator(
    schemes=("http", "https"), message=_("Enter a full web address that starts with “https://”.")
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9])")  # a port begins with a digit


def validate_website(value: str) -> None:
    """Validate a website, as a name such as www.city.ca or as a full address with http or https."""
    validate_web_address(value if _SCHEME.match(value) else f"https://{value}")


validate_key = RegexValidator(
    r"^[-a-zA-Z0-9_]+\Z", _("A key can contain only the letters a to z, digits and hyphens.")
)
EXTRA_COUNTRIES = frozenset({"XK"})  # Kosovo: used by UN/LOCODE and customs; a user-assigned code of ISO 3166
NON_MONEY_CURRENCY_CODES = frozenset({"XXX", "XTS"})  # codes of ISO 4217 for no currency, and for tests
_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
CURRENCY_CODE_ERROR = _("Enter the three-letter currency code, such as CAD.")


def normalize_code(code: str) -> str:
    """Return a code in capitals. Non-ASCII text stays as it is: ß would become SS, South Sudan."""
    return code.upper() if code.isascii() else code


def is_country_code(code: str) -> bool:
    """Return True if two capital letters are a country or region of ISO 3166-1, or Kosovo."""
    return code in EXTRA_COUNTRIES or (code.isupper() and pycountry.countries.get(alpha_2=code) is not None)


def is_currency_code(code: str) -> bool:
    """Return True if three capital letters are a currency of ISO 4217 that is used for money."""
    return (
        code.isupper()
        and code not in NON_MONEY_CURRENCY_CODES
        and pycountry.currencies.get(alpha_3=code) is not None
    )


def validate_country_code(code: str) -> None:
    """Validate a country or region code of two capital letters."""
    if not is_country_code(code):
        raise ValidationError(_("Enter the two-letter code of the country or region, such as CA or CN."))


def validate_currency_code(code: str) -> None:
    """Validate a currency code of three capital letters."""
    if not is_currency_code(code):
        raise ValidationError(CURRENCY_CODE_ERROR, code="no_currency")


def is_subdivision_code(code: str) -> bool:
    """Return True if the text has the form of an ISO 3166-2 code, also if it was dropped from the list, such as FR-A."""
    match = _SUBDIVISION.fullmatch(code)
    return match is not None and is_country_code(match[1])


def validate_subdivision_code(code: str) -> None:
    """Validate the form of an ISO 3166-2 code. Accepts codes dropped from the list, such as FR-A."""
    if not is_subdivision_code(code):
        raise ValidationError(_("Enter the code of the province or state, such as CA-BC."))


def validate_time_zone(name: str) -> None:
    """Validate a time zone of the IANA list."""
    if name not in _zones():
        raise ValidationError(_("Enter the time zone as Area/City, for example America/Vancouver."))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # cached, because the call reads six hundred files
