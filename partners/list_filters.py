"""Conditions that the filters of several lists share: the city of a row, and a person."""

from typing import Any

from django.db.models import Q

from partners.cities.models import City
from workflow.http.lists import Condition


def city_name_condition(column: str) -> Condition:
    """Return the condition for rows of a city whose names, in any script, contain the text."""

    def condition(text: str, by: Any) -> Q:
        return Q(**{f"{column}__in": City.objects.search(text)})

    return condition


def person_name_condition(column: str) -> Condition:
    """Return the condition for rows of the reader's own cities that a person of this name works on.

    The colleagues of other cities are not searched, because their names are not on the list.
    """

    def condition(text: str, by: Any) -> Q:
        return Q(**{f"{column}__name__icontains": text, "city__in": by.visible_cities})

    return condition


def own_cities_condition(chosen: bool, by: Any) -> Q:
    """Return the condition for rows of the reader's own cities if the filter is `chosen`, else for all rows."""
    return Q(city__in=by.visible_cities) if chosen else Q()
