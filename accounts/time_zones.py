"""The world's time zones by region, for choice fields."""

from functools import cache
from zoneinfo import available_timezones


@cache  # reads six hundred files
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones as grouped choices: for each region, pairs of zone and place such as Vancouver."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region not in (
            "Etc",
            "SystemV",
            "US",
            "Brazil",
            "Canada",
            "Chile",
            "Mexico",
            "posix",
            "right",
        ):
            groups.setdefault(region, []).append((zone, place.replace("_", " ")))
    return [("UTC", [("UTC", "UTC")]), *groups.items()]
