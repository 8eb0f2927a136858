"""Codes of places, checked against the lists: countries or regions, provinces and states, time zones. Pure; raises ValidationError."""

from zoneinfo import available_timezones

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

web_address = URLValidator(
    schemes=("http", "https"), message=_("Write the whole address of the page, starting with https://")
)


def country_code(code: str) -> None:
    """Two letters of ISO 3166-1."""
    if not _is_country(code):
        raise ValidationError(_("Write the two letters of the country or region, for example CA or CN."))


def subdivision_code(code: str) -> None:
    """A code in the form of ISO 3166-2; those that the list has dropped since, like FR-A, are taken as written."""
    letters, dash, rest = code.partition("-")
    if not (dash and rest.isalnum() and len(rest) <= 3 and _is_country(letters)):
        raise ValidationError(_("Write the code of the province or state, for example CA-BC."))


def time_zone(name: str) -> None:
    """A zone of the IANA list."""
    if name not in available_timezones():
        raise ValidationError(_("Write the time zone as Area/City, for example America/Vancouver."))


def _is_country(code: str) -> bool:
    return pycountry.countries.get(alpha_2=code) is not None
