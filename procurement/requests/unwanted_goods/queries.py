"""Unwanted goods in force, for letters, a contact's pages and warnings on offers. Reads only."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.unwanted_goods.models import UnwantedGoods
from workflow.days import utc_day

type OfferedGoods = tuple[Product, Standard | None]  # a product, and the standard that it claims to meet


def unwanted_goods_of(cities: Collection[int], day: date) -> list[UnwantedGoods]:
    """Return what these cities, given by id, and all cities together do not want on a day. One query."""
    rows = UnwantedGoods.objects.in_force(day).filter(Q(city__in=cities) | Q(city=None))
    return list(rows.select_related("city", "product", "standard").order_by("pk"))


def all_unwanted_goods(at: datetime) -> list[UnwantedGoods]:
    """Return what any city does not want at a moment, by each city's own calendar; entries for all cities first."""
    today = utc_day(at)  # an entry for all cities follows no city's calendar
    rows = UnwantedGoods.objects.in_force(today - timedelta(days=1)).select_related(
        "city", "product", "standard"
    )
    days = ((row, row.city.day_at(at) if row.city is not None else today) for row in rows.order_by("pk"))
    held = [row for row, day in days if row.ends_on is None or row.ends_on >= day]
    return sorted(held, key=lambda row: row.city.slug if row.city is not None else "")


def filter_unwanted(rows: Iterable[UnwantedGoods], offered: Collection[OfferedGoods]) -> list[UnwantedGoods]:
    """Return the entries that cover any of the offered goods."""
    return [row for row in rows if any(row.covers(product, standard) for product, standard in offered)]


def unwanted_among_offered_goods(
    offered: Collection[OfferedGoods], city: City, at: datetime
) -> list[UnwantedGoods]:
    """Return the entries that cover any of the offered goods, by the city's calendar. One query."""
    return filter_unwanted(unwanted_goods_of([city.pk], city.day_at(at)), offered)


def unwanted_goods_text(rows: Sequence[UnwantedGoods]) -> str:
    """Return the unwanted goods as a paragraph of a letter, in the active language; empty without rows."""
    if not rows:
        return ""
    lines = (_("%(what)s: %(why)s") % {"what": row.goods_description, "why": row.reason} for row in rows)
    heading = _("Please do not send the following goods, because we cannot use them:")
    return "\n".join((heading, *(f"  – {line}" for line in lines)))
