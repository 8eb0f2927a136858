"""A country or region as a file may write it: by its two letters, its three, or its name in one of the three languages."""

from functools import cache, partial

import pycountry
from django.utils.translation import gettext_lazy as _

from partners.exchange.faults import Bad
from partners.labels import country_label
from partners.places import MORE_COUNTRIES, in_capitals, is_country
from workflow.search import fold
from workflow.tongues import in_three


def any_country(cell: str) -> str:
    """The two letters; nothing for an empty cell. Raises Bad for what names no country."""
    code = in_capitals(cell)
    if not cell or is_country(code):
        return code
    named = _names().get(fold(cell))
    if named is None:
        raise Bad(
            _("“%(cell)s” is no country or region: write its name, or two letters such as CA.")
            % {"cell": cell}
        )
    return named


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for country in pycountry.countries:
        ours = in_three(partial(country_label, country.alpha_2)).values()
        for name in (country.alpha_3, country.name, getattr(country, "common_name", country.name), *ours):
            found.setdefault(fold(name), country.alpha_2)
    for code in MORE_COUNTRIES:
        for name in in_three(partial(country_label, code)).values():
            found.setdefault(fold(name), code)
    return found
