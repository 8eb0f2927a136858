"""Key of a city, and validation of its codes and position, for forms, files and the API. No database access."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from partners.validators import normalize_code, validate_key
from workflow.errors import Refused
from workflow.search import fold_text

CODE_FIELDS = ("country", "subdivision", "currency")
MAX_DEGREES = {"latitude": 90, "longitude": 180}  # maximum degrees in both directions


def validate_slug(slug: str) -> str:
    """Return the key (slug). Refuses a key with characters that its page's address, /cities/<slug>/, cannot hold."""
    try:
        validate_key(slug)
    except ValidationError as error:
        raise Refused("key_invalid", error.messages[0], field="slug") from error
    return slug


def validate_place_facts(facts: Mapping[str, Any], city: object = None) -> dict[str, Any]:
    """Return the facts as they are stored, with codes in capitals.

    Refuses a position off the globe, and latitude without longitude or vice versa. `city` is the existing
    city, if any; it provides the coordinate that is not given.
    """
    for name, limit in MAX_DEGREES.items():
        degrees = Decimal(facts.get(name) or 0)
        if not degrees.is_finite() or abs(degrees) > limit:
            message = _("Enter degrees between -%(most)s and %(most)s.") % {"most": limit}
            raise Refused("off_the_globe", message, field=name)
    position = {name: facts.get(name, getattr(city, name, None)) for name in MAX_DEGREES}
    for name, value in position.items():
        if value is None and any(other is not None for other in position.values()):
            raise Refused("half_a_position", _("Enter both latitude and longitude, or neither."), field=name)
    return {name: normalize_code(value) if name in CODE_FIELDS else value for name, value in facts.items()}


def fresh_slug(name: str, country: str, taken: set[str]) -> str:
    """Return an unused key for a new city, in the form burnaby-ca, and add it to `taken`."""
    stem = (slugify(fold_text(name))[:70] or "place").strip("-_") or "place"
    slug = base = f"{stem}-{country.lower()}" if country else stem
    number = 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug
