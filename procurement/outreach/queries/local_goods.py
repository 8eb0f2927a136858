"""Goods that places are known for, by the makers that a city knows and by gifts in the city register. Reads only."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Max

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.exchanges.active_pairs import PPE_DONATION_KIND
from partners.exchanges.models import Exchange
from partners.routing.contact_paths import RoutingPlace
from partners.routing.goods import LocalGoods
from partners.routing.recommendations import PLACE_FIELDS, place_from_fields
from procurement.catalogue.models.products import Product
from procurement.catalogue.rules.families import families_named_in
from procurement.outreach import hooks

# Goods of the family Other are not alike: a maker of one knows nothing about another.
UNLIKE_FAMILIES = frozenset({Product.Family.OTHER})


def local_goods_by_place(asking: City, families: Collection[str], on: date) -> dict[RoutingPlace, LocalGoods]:
    """Return what the places of contacts are known for, of these product families, by `routing_place`.

    Makers are those that the asking city knows; gifts are those of the city register until the date, which everyone
    may read, to any city. Two queries, none without families.
    """
    wanted = frozenset(families) - UNLIKE_FAMILIES
    if not wanted:
        return {}
    makers = hooks.makers_by_place(asking, wanted, on)
    gifts = _gift_years_by_place(wanted, on)
    return {
        place: LocalGoods(made_families=makers.get(place, frozenset()), gift_years=gifts.get(place, {}))
        for place in {*makers, *gifts}
    }


def _gift_years_by_place(families: frozenset[str], on: date) -> dict[RoutingPlace, dict[str, int]]:
    """Return the year of the last gift of each family, by the place that gave it.

    Only donations of protective equipment count: other gifts may be money, or goods with the same names.
    """
    givers = Contact.objects.accepting_inquiries().values("city")
    rows = Exchange.objects.filter(from_city__in=givers, kind=PPE_DONATION_KIND, on__lte=on).order_by()
    place = (f"from_city__{name}" for name in PLACE_FIELDS)
    found: defaultdict[RoutingPlace, dict[str, int]] = defaultdict(dict)
    for *where, items, last in rows.values_list(*place, "items").annotate(last=Max("on")):
        for family in families & families_named_in(items):
            years = found[place_from_fields(*where)]
            years[family] = max(last.year, years.get(family, 0))
    return found
