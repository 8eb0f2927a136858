"""Amounts in a finding, written as their reader writes them; and those of findings kept before amounts had a currency of their own."""

from typing import Any

from django.utils import formats
from django.utils.translation import get_language

OF_OLD = ("price", "median", "high", "floor", "limit")  # kept as bare text, with one currency beside them


def typed(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures with each amount's own currency, those of old findings too."""
    currency = figures.get("currency")
    if not isinstance(currency, str):
        return figures
    bare = {name: figures[name] for name in OF_OLD if isinstance(figures.get(name), str)}
    return figures | {name: {"amount": amount, "currency": currency} for name, amount in bare.items()}


def written(value: dict[str, str]) -> str | None:
    """An amount or a decimal in the reader's language: `CAD 1.25`, `1,25 CAD`; None for what is neither."""
    if "decimal" in value:
        return _decimal(value["decimal"])
    if "amount" not in value:
        return None
    figure, currency = _decimal(value["amount"]), value["currency"]
    french = (get_language() or "en").startswith("fr")
    return f"{figure}\xa0{currency}" if french else f"{currency}\xa0{figure}"


def _decimal(figure: str) -> str:
    places = len(figure.partition(".")[2])
    return formats.number_format(figure, decimal_pos=places, use_l10n=True, force_grouping=True)
