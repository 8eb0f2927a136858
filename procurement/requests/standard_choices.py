"""Choices of standards for a need line, by market, with facts that help to choose. Reads only."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.lazy_texts import lazy_filled_text
from procurement.catalogue.models.products import Product, ProductStandard
from procurement.catalogue.models.reference_rows import Market, Validity
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.rules.standards import match_any_standard
from workflow.errors import LazyText
from workflow.formatting import format_day

_YEAR = re.compile(r"\d{4}")


class StandardChoice(NamedTuple):
    """A standard with its markets, its state on a day, and how it compares with the accepted standards."""

    standard: Standard
    usual_markets_text: str
    validity_text: LazyText
    comparison: LazyText


class StandardGroup(NamedTuple):
    """The standards of one market."""

    market: str
    choices: list[StandardChoice]


def usual_standards(product: Product, market: str, on: date) -> list[Standard]:
    """Return the standards that a market uses for a product and that are in force on the day."""
    links = ProductStandard.objects.filter(product=product, market=market).select_related("standard")
    return [link.standard for link in links.order_by("standard__code") if _is_possible(link.standard, on)]


def standard_groups(
    product: Product, accepted: Iterable[Standard], *, market: str, use: str, on: date
) -> list[StandardGroup]:
    """Return the standards of a product by market, that of the city first.

    Each is compared with the accepted ones, for this market and use, on the day the goods are needed. Two
    queries besides those for the accepted standards.
    """
    asked = list(accepted)
    links = (
        ProductStandard.objects.filter(product=product).select_related("standard").order_by("market", "code")
    )
    markets: dict[Standard, list[str]] = {}
    for link in links:
        markets.setdefault(link.standard, []).append(link.market)
    rows = list(
        StandardEquivalence.objects.filter(asked__in=asked, offered__in=list(markets)).select_related(
            "ground"
        )
        if asked
        else ()
    )
    found: dict[str, list[StandardChoice]] = {}
    for standard in sorted(markets, key=lambda one: (one.market != market, one.market, one.code)):
        match = match_any_standard(asked, standard, market=market, use=use, rows=rows, on=on)
        found.setdefault(standard.market, []).append(
            StandardChoice(
                standard,
                " · ".join(str(Market(one).label) for one in dict.fromkeys(markets[standard])),
                _validity_text(standard, on),
                _comparison_text(standard, asked, match.verdict),
            )
        )
    return [StandardGroup(str(Market(key).label) if key else "", choices) for key, choices in found.items()]


def _comparison_text(
    standard: Standard, asked: Collection[Standard], verdict: StandardEquivalence.Verdict
) -> LazyText:
    """Return the verdict on a standard in words, or nothing if none is accepted to compare it with."""
    if not asked or standard in asked:
        return ""
    return verdict.label


def _is_possible(standard: Standard, on: date) -> bool:
    return standard.validity_on(on) is not Validity.NO and not _is_later_edition(standard, on)


def _is_later_edition(standard: Standard, on: date) -> bool:
    """Return True if the edition carries a year after the day, so that it cannot be in force yet."""
    year = _YEAR.match(standard.edition)
    return year is not None and int(year[0]) > on.year


def _validity_text(standard: Standard, on: date) -> LazyText:
    """Return whether a standard is in force on a day, with the day it begins or ended if that is known."""
    if standard.valid_from is not None and on < standard.valid_from:
        return lazy_filled_text(_("Not until %(day)s"), day=format_day(standard.valid_from))
    if standard.valid_to is not None and on > standard.valid_to:
        return lazy_filled_text(_("Ended on %(day)s"), day=format_day(standard.valid_to))
    if _is_later_edition(standard, on):
        return lazy_filled_text(_("Not yet: published in %(year)s"), year=standard.edition[:4])
    return _("Yes") if standard.validity_on(on) is Validity.YES or standard.valid_to else _("Not known")
