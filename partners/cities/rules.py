"""Validation of the key, codes and position of a city, for forms, files and the API. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.validators import key, normalize_code
from workflow.errors import Refused

CODE_FIELDS = ("country", "subdivision", "currency")
MAX_DEGREES = {"latitude": 90, "longitude": 180}  # maximum degrees in both directions


def validate_slug(slug: str) -> str:
    """Return the key. Refuses a key that does not fit into an address: /cities/<key>/."""
    try:
        key(slug)
    except ValidationError as error:
        raise Refused("key_invalid", error.messages[0], field="slug") from error
    return slug


def validate_place_facts(facts: Mapping[str, Any], known: object = None) -> dict[str, Any]:
    """Return the facts as they are stored, with codes in capitals.

    Refuses a position off the globe, and latitude without longitude or vice versa. `known` is the existing
    city, if any; facts that are not given stay as they are there.
    """
    for name, most in MAX_DEGREES.items():
        degrees = Decimal(facts.get(name) or 0)
        if not degrees.is_finite() or abs(degrees) > most:
            words = _("Enter degrees between -%(most)s and %(most)s.") % {"most": most}
            raise Refused("off_the_globe", words, field=name)
    given = {name: facts.get(name, getattr(known, name, None)) for name in MAX_DEGREES}
    for name, value in given.items():
        if value is None and any(other is not None for other in given.values()):
            raise Refused("half_a_position", _("Enter both latitude and longitude, or neither."), field=name)
    return {name: normalize_code(value) if name in CODE_FIELDS else value for name, value in facts.items()}
