"""Words of a finding: those of its rule, filled with the figures in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from procurement.catalogue.models.prices import PriceBand
from procurement.leads.hooks import screening_rules
from procurement.leads.screening import prices
from procurement.leads.screening.labels import LABELS_BY_FIGURE, figures_with_currency, format_amount
from workflow.i18n import LocalizedCount, join_sentences, translation_for_reader


def finding_sentence(code: str, figures: dict[str, Any]) -> str:
    """Return the words of a finding in the reader's language.

    Further sentences follow for the prices paid, the printed figure and the point of delivery.
    """
    words = [screening_rules.get()[code].message]
    if "box" in figures:
        words.insert(0, prices.PER_BOX_HINT)
    if "paid_low" in figures:
        words.append(prices.OTHERS_PAID_TEXT)
    if "basis" in figures:
        words.append(
            prices.ESTIMATED_TEXT if figures["basis"] == PriceBand.Basis.COST_FLOOR else prices.PUBLISHED_TEXT
        )
    if point := prices.DELIVERY_POINT_TEXTS.get(figures.get("point", "")):
        words.append(point)
    shown = {name: _display_figure(name, value) for name, value in figures_with_currency(figures).items()}
    return (join_sentences(*words) % shown).strip()


def _display_figure(name: str, value: Any) -> Any:
    """Return a figure as the reader sees it: translated text, formatted amount, or the label of a code."""
    if isinstance(value, dict):
        return format_amount(value) or translation_for_reader(value)
    if isinstance(value, list):
        return _("; ").join(str(_display_figure(name, one)) for one in value)
    if isinstance(value, int):
        return LocalizedCount(value)
    labels = LABELS_BY_FIGURE.get(name, {})
    return labels.get(value, value)
