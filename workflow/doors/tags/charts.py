"""The charts of `workflow.doors.charts`, each with its sentence or list beside it."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from workflow.doors.charts import bars, prices
from workflow.doors.charts.history import History, history_plot
from workflow.doors.charts.milestones import MilestoneMark, milestone_line
from workflow.doors.charts.prices import Prices, Scale, price_plot

register = template.Library()


@register.inclusion_tag("components/charts/coverage.html")
def coverage(totals: Any, of: str = "", unit: str = "", apart: Iterable[str] = ()) -> dict[str, Any]:
    """`{% coverage line %}`: the bar with its legend. `totals` has quantity, released ... offered, as a RequestLine does; `apart` says
    what else is offered and does not count.
    """
    return {"coverage": bars.coverage(totals), "of": of, "unit": unit, "apart": apart}


@register.inclusion_tag("components/charts/coverage_mini.html")
def coverage_mini(totals: Any, of: str = "") -> dict[str, Any]:
    """The bar alone, for a table row, with its sentence for screen readers."""
    return {"coverage": bars.coverage(totals), "of": of}


@register.inclusion_tag("components/charts/strip.html")
def strip(price: Any, scale: Scale | None, out: bool = False) -> dict[str, Any]:
    """`{% strip lead.unit_price prices.scale %}`: one price on the scale of its peers, for a table row."""
    return {"strip": prices.strip(price, scale) if scale and price is not None else None, "out": out}


@register.inclusion_tag("components/charts/price_strip.html")
def price_strip(prices: Prices) -> dict[str, Any]:
    """`{% price_strip prices %}`: the strip plot on a desk, a list of strips on a phone; the list serves screen readers too."""
    return {"plot": price_plot(prices), "prices": prices}


@register.inclusion_tag("components/charts/price_history.html")
def price_history(history: History) -> dict[str, Any]:
    """`{% price_history history %}`: prices over time, wide on a desk and narrow on a phone; a table stands beside it."""
    return {"wide": history_plot(history), "narrow": history_plot(history, narrow=True)}


@register.inclusion_tag("components/charts/milestones.html", takes_context=True)
def milestones(context: Context, steps: Iterable[MilestoneMark]) -> dict[str, Any]:
    """`{% milestones steps %}`: the days of a journey on one line, planned, estimated and actual."""
    return {"line": milestone_line(list(steps), context["shell"].now)}


@register.inclusion_tag("components/charts/evidence.html")
def evidence(done: int, needed: int) -> dict[str, Any]:
    """`{% evidence 5 6 %}`: dots and "5/6"."""
    return {
        "done": done,
        "needed": needed,
        "dots": [(6 + 12 * n, n < done) for n in range(needed)],
        "width": 12 * needed,
    }
