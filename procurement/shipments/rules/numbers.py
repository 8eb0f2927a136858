"""Numbers of the road: air waybills, containers and places, checked when they are typed. Pure; a wrong one is refused with why."""

import re
from typing import Any

import pycountry
from django.utils.translation import gettext_lazy as _
from stdnum import iso6346
from stdnum.exceptions import InvalidChecksum, ValidationError

from workflow.errors import Refused

_LOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")


def air_waybill(text: str) -> str:
    """The eleven digits of an air waybill: three of the airline, seven of the serial number, and its remainder by 7.

    Spaces and hyphens may stand between them. Empty stays empty.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{11}", digits):
        raise Refused(
            "waybill_malformed",
            _("An air waybill has eleven digits: three of the airline and eight more."),
            field="air_waybill",
        )
    wanted = int(digits[3:10]) % 7
    if int(digits[10]) != wanted:
        words = _(
            "The air waybill was mistyped: with these digits it would end in %(wanted)s, not in %(found)s."
        )
        raise Refused(
            "waybill_check_digit", words % {"wanted": wanted, "found": digits[10]}, field="air_waybill"
        )
    return digits


def container(text: str) -> str:
    """A container's number by ISO 6346: four letters, six digits and a check digit, as it is painted on the door."""
    number: str = iso6346.compact(text).replace("-", "")
    try:
        iso6346.validate(number)
    except InvalidChecksum:
        words = _("The container %(number)s was mistyped: with these signs it would end in %(wanted)s.")
        wanted = iso6346.calc_check_digit(number[:-1])
        raise Refused(
            "container_check_digit", words % {"number": number, "wanted": wanted}, field="containers"
        ) from None
    except ValidationError:
        words = _("%(number)s is no container: four letters, the last U, J, Z or R, and seven digits.")
        raise Refused("container_malformed", words % {"number": number}, field="containers") from None
    return number


def locode(text: str, field: str) -> str:
    """A place by UN/LOCODE: two letters of the country and three of the place, such as CNSHA. Empty stays empty."""
    code = re.sub(r"\s", "", text).upper()
    if code and (not _LOCODE.fullmatch(code) or pycountry.countries.get(alpha_2=code[:2]) is None):
        words = _(
            "%(code)s is no UN/LOCODE: two letters of the country and three of the place, such as CNSHA."
        )
        raise Refused("locode_malformed", words % {"code": code}, field=field)
    return code


def cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a carriage as they are kept: numbers checked, places in capitals. Refuses what was mistyped."""
    clean = dict(facts)
    if "air_waybill" in clean:
        clean["air_waybill"] = air_waybill(clean["air_waybill"])
    if "containers" in clean:
        clean["containers"] = [container(number) for number in clean["containers"]]
    return clean
