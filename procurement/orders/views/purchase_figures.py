"""Page of figures on purchases: what was bought in each month, and how long delivery took."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from statistics import median

from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import ngettext

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.models import Order
from workflow.charts.bars import BarPlot, bar_plot
from workflow.formatting import format_money, format_quantity
from workflow.http.pages import render_page

MAX_MONTHS = 24


@dataclass
class MonthFigures:
    """Purchases placed in one month: their sum in the city's currency, and their days to delivery."""

    month: date
    order_count: int = 0
    amount_spent: Decimal = Decimal(0)
    delivery_days: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Month and year in the reader's language."""
        return date_format(self.month, "YEAR_MONTH_FORMAT")

    @property
    def median_days(self) -> int | None:
        """Median of the days from order to delivery; None if nothing was delivered."""
        return round(median(self.delivery_days)) if self.delivery_days else None


@dataclass(frozen=True)
class CurrencyFigures:
    """Figures of the cities that keep their accounts in one currency, and their charts."""

    currency: str
    months: list[MonthFigures]
    unknown_amount_count: int  # orders without a sum in the city's currency

    @property
    def spending_chart(self) -> BarPlot:
        """Chart of the sums by month."""
        return bar_plot(
            [
                (one.name, one.amount_spent, format_money(one.amount_spent, self.currency))
                for one in self.months
            ]
        )

    @property
    def delivery_time_chart(self) -> BarPlot:
        """Chart of the days from order to delivery, for months with a delivery."""
        known = [(one.name, one.median_days) for one in self.months if one.median_days is not None]
        return bar_plot([(name, Decimal(days), _days_label(days)) for name, days in known])


def _days_label(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": format_quantity(days)}


@login_required
def purchase_figures_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show what the reader's cities bought in each month, and the time from order to delivery."""
    return render_page(request, "orders/purchase_figures.html", {"groups": purchase_figures(request)})


def purchase_figures(request: AuthenticatedRequest) -> list[CurrencyFigures]:
    """Return the figures of purchases that were placed and not cancelled, by currency. One query."""
    rows = (
        Order.objects.visible_to(request.by)
        .filter(city__in=request.by.visible_cities, kind=AcquisitionType.PURCHASE, placed_at__isnull=False)
        .exclude(status__in=Order.Status.void)
        .select_related("city")
        .annotate(last_delivered=Max("lines__shipment_lines__shipment__delivered_at"))
        .order_by("placed_at", "pk")
    )
    months: dict[str, dict[date, MonthFigures]] = defaultdict(dict)
    unknown: dict[str, int] = defaultdict(int)
    for order in rows:
        assert order.placed_at is not None  # filtered above
        placed = order.city.day_at(order.placed_at)
        delivered: datetime | None = order.last_delivered  # type: ignore[attr-defined]  # annotated above
        month = placed.replace(day=1)
        figures = months[order.city.currency].setdefault(month, MonthFigures(month))
        figures.order_count += 1
        if order.total_in_city_currency is None:
            unknown[order.city.currency] += 1
        else:
            figures.amount_spent += order.total_in_city_currency
        if delivered is not None:
            figures.delivery_days.append((order.city.day_at(delivered) - placed).days)
    return [
        CurrencyFigures(currency, list(by_month.values())[-MAX_MONTHS:], unknown[currency])
        for currency, by_month in sorted(months.items())
    ]
