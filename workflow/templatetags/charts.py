"""Template tags for charts, each with its sentence or list beside it."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workflow.charts.coverage import coverage_bar
from workflow.charts.price_history import PriceHistory, history_plot
from workflow.charts.price_strips import ComparedPrices, PriceAxis, build_strip, price_plot
from workflow.charts.supply import Supply, supply_plot

register = template.Library()


@register.inclusion_tag("components/charts/coverage.html")
def coverage(totals: Any, of: str = "", unit: str = "", apart: Iterable[str] = ()) -> dict[str, Any]:
    """Show the coverage bar with its legend: `{% coverage line %}`.

    `totals` has the counters of `workflow.charts.coverage.LineTotals`. `apart` lists further offers that the bar does
    not count.
    """
    return {"coverage": coverage_bar(totals), "of": of, "unit": unit, "apart": apart}


@register.inclusion_tag("components/charts/coverage_mini.html")
def coverage_mini(totals: Any, of: str = "") -> dict[str, Any]:
    """Show the bar alone, for a table row, with its sentence for screen readers."""
    return {"coverage": coverage_bar(totals), "of": of}


@register.inclusion_tag("components/charts/strip.html")
def mini_price_strip(price: Any, scale: PriceAxis | None, out: bool = False) -> dict[str, Any]:
    """Show one price on the scale of its peers, for a table row.

    Example: `{% mini_price_strip lead.unit_price prices.scale %}`. `out` marks a price out of the usual range.
    """
    return {"strip": build_strip(price, scale) if scale and price is not None else None, "out": out}


@register.inclusion_tag("components/charts/price_strip.html")
def price_strip(prices: ComparedPrices) -> dict[str, Any]:
    """Show a strip plot on a desktop screen, and a list of strips on a phone.

    Example: `{% price_strip prices %}`. Screen readers use the list too.
    """
    return {"plot": price_plot(prices), "prices": prices}


@register.inclusion_tag("components/charts/price_history.html")
def price_history(history: PriceHistory) -> dict[str, Any]:
    """Show prices over time, wide on a desktop screen and narrow on a phone.

    Example: `{% price_history history %}`. The page has a table beside it.
    """
    return {"wide": history_plot(history), "narrow": history_plot(history, narrow=True)}


@register.inclusion_tag("components/charts/supply.html")
def supply_chart(supply: Supply) -> dict[str, Any]:
    """Show supply against need over time, with its sentences: `{% supply_chart supply %}`."""
    return {"supply": supply, "wide": supply_plot(supply), "narrow": supply_plot(supply, narrow=True)}


@register.simple_tag
def evidence_dots(done: int, needed: int) -> SafeString:
    """Return a dot for each needed check, filled for those done, and "5/6": `{% evidence 5 6 %}`.

    Built in Python and not by a template, because a list shows it twice in each row.
    """
    dots = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="6" r="4"/>',
        (("done" if number < done else "todo", 6 + 12 * number) for number in range(needed)),
    )
    message = _("%(done)s of %(needed)s checks") % {"done": done, "needed": needed}
    return format_html(
        '<span class="evidence"><svg viewBox="0 0 {} 12" aria-hidden="true">{}</svg>'
        '<span class="figure" aria-label="{}" role="img">{}/{}</span></span>',
        *(12 * needed, dots, message, done, needed),
    )
