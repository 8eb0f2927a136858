"""Query for the exchanges between two cities."""

from django.db.models import Q, QuerySet

from partners.cities.models import City
from partners.exchanges.models import Exchange


def exchanges_between(a: City, b: City) -> QuerySet[Exchange]:
    """Return the exchanges between two cities, the newest first."""
    rows = Exchange.objects.filter(Q(from_city=a, to_city=b) | Q(from_city=b, to_city=a))
    return rows.select_related("from_city", "to_city").order_by("-on", "-pk")
