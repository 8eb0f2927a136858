"""Findings in words: one sentence for each code, filled with the finding's figures in the reader's language. By subject."""

from typing import Any

from django.utils.translation import gettext as _

from procurement.catalogue.models.prices import PriceBand
from procurement.leads.screening.sentences import (
    accounts,
    amounts,
    companies,
    later,
    lists,
    papers,
    prices,
    terms,
)
from procurement.leads.screening.sentences.labels import LABELS
from workflow.errors import Words
from workflow.tongues import Figure, one_after_another, read

SENTENCES: dict[str, Words] = {
    **companies.SENTENCES,
    **lists.SENTENCES,
    **papers.SENTENCES,
    **prices.SENTENCES,
    **terms.SENTENCES,
    **accounts.SENTENCES,
}
LATER = later.SENTENCES
POINTS = prices.POINTS


def sentence(code: str, figures: dict[str, Any]) -> str:
    """A finding in words, in the reader's language; behind it, what others paid, the printed figure, where its prices go."""
    words = [(SENTENCES | LATER)[code]]
    if "box" in figures:
        words.insert(0, prices.BOX)
    if "paid_low" in figures:
        words.append(prices.PAID)
    if "basis" in figures:
        words.append(prices.ESTIMATED if figures["basis"] == PriceBand.Basis.FLOOR else prices.PRINTED)
    if point := POINTS.get(figures.get("point", "")):
        words.append(point)
    shown = {name: _shown(name, value) for name, value in amounts.typed(figures).items()}
    return (one_after_another(*words) % shown).strip()


def _shown(name: str, value: Any) -> Any:
    """A figure as the reader sees it: a text in three languages in theirs, an amount as they write it, a code by its label."""
    if isinstance(value, dict):
        return amounts.written(value) or read(value)
    if isinstance(value, list):
        return _("; ").join(str(_shown(name, one)) for one in value)
    if isinstance(value, int):
        return Figure(value)
    labels = LABELS.get(name, {})
    return labels.get(value, value)
