"""Codes of places, checked against the lists: countries or regions, provinces and states, time zones. Pure; raises ValidationError."""

import re
from zoneinfo import available_timezones

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

web_address = URLValidator(
    schemes=("http", "https"), message=_("Write the whole address of the page, starting with https://")
)

key = RegexValidator(r"^[-a-zA-Z0-9_]+\Z", _("A key has the letters a to z, digits and hyphens only."))
_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")


def in_capitals(code: str) -> str:
    """A code as the lists write it. Text that is no code stays as it is: in capitals ß would be South Sudan."""
    return code.upper() if code.isascii() else code


def country_code(code: str) -> None:
    """Two capital letters of ISO 3166-1."""
    if not _is_country(code):
        raise ValidationError(_("Write the two letters of the country or region, for example CA or CN."))


def subdivision_code(code: str) -> None:
    """A code in the form of ISO 3166-2; those that the list has dropped since, like FR-A, are taken as written."""
    match = _SUBDIVISION.fullmatch(code)
    if match is None or not _is_country(match[1]):
        raise ValidationError(_("Write the code of the province or state, for example CA-BC."))


def time_zone(name: str) -> None:
    """A zone of the IANA list."""
    if name not in available_timezones():
        raise ValidationError(_("Write the time zone as Area/City, for example America/Vancouver."))


def _is_country(code: str) -> bool:
    return code.isupper() and pycountry.countries.get(alpha_2=code) is not None  # pycountry itself takes ca
