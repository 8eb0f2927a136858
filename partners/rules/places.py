"""What may be recorded of a place, whichever door it comes through: its key, its codes, where it lies. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.places import in_capitals, key
from workflow.errors import Refused

CODES = ("country", "subdivision", "currency")
REACH = {"latitude": 90, "longitude": 180}  # degrees either way


def named(slug: str) -> str:
    """The key, if an address can hold it: /cities/<key>/."""
    try:
        key(slug)
    except ValidationError as error:
        raise Refused("key_invalid", error.messages[0], field="slug") from error
    return slug


def placed(facts: Mapping[str, Any], known: object = None) -> dict[str, Any]:
    """The facts as they are kept, codes in capitals. Refuses a position off the globe, and half of one.

    `known` is the place they are added to: what is not sent stays as it is there.
    """
    for name, most in REACH.items():
        degrees = Decimal(facts.get(name) or 0)
        if not degrees.is_finite() or abs(degrees) > most:
            words = _("Write degrees between -%(most)s and %(most)s.") % {"most": most}
            raise Refused("off_the_globe", words, field=name)
    given = {name: facts.get(name, getattr(known, name, None)) for name in REACH}
    for name, value in given.items():
        if value is None and any(other is not None for other in given.values()):
            raise Refused("half_a_position", _("Latitude and longitude go together."), field=name)
    return {name: in_capitals(value) if name in CODES else value for name, value in facts.items()}
