"""Numbers of the road: air waybills, containers and places, checked when they are typed. Pure; a wrong one is refused with why."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum import iso6346

from partners.places import in_capitals, is_country
from workflow.errors import Refused

_LOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_CONTAINER = re.compile(r"[A-Z]{3}[UJZR][0-9]{7}")
_BETWEEN = re.compile(r"[\s-]")  # what people put between groups of signs


def air_waybill(text: str) -> str:
    """The eleven digits of an air waybill: three of the airline, seven of the serial number, and its remainder by 7.

    Spaces and hyphens may stand between them. Empty stays empty.
    """
    digits = _BETWEEN.sub("", text)
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
    """A container's number by ISO 6346: three letters of the owner, U, J, Z or R, six digits and a check digit, as painted on its door.

    Spaces and hyphens may stand between them. Letters and digits are those of ASCII: the table of check digits has no others.
    """
    typed = _BETWEEN.sub("", text)
    number = typed.upper() if typed.isascii() else typed  # a dotless i is no I, though it is one in capitals
    if not _CONTAINER.fullmatch(number):
        words = _("%(number)s is no container: four letters, the last U, J, Z or R, and seven digits.")
        raise Refused("container_malformed", words % {"number": number}, field="containers")
    wanted = iso6346.calc_check_digit(number[:-1])
    if number[-1] != wanted:
        words = _("The container %(number)s was mistyped: with these signs it would end in %(wanted)s.")
        raise Refused(
            "container_check_digit", words % {"number": number, "wanted": wanted}, field="containers"
        )
    return number


def locode(text: str, field: str) -> str:
    """A place by UN/LOCODE: two letters of the country and three of the place, such as CNSHA. Empty stays empty."""
    typed = re.sub(r"\s", "", text)
    code = in_capitals(typed)
    if code and (not _LOCODE.fullmatch(code) or not is_country(code[:2])):
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
