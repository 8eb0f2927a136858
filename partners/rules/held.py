"""What a person holds, as every request asks for it: their roles, their places, and the ties of their cities, in one statement.

The statements are written by hand, because putting them together took four times as long as answering them.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from partners.models import City, Contact, Membership, Twinning

NONE: frozenset[int] = frozenset()

_HELD = """
  WITH role AS (
    SELECT m.role, m.city_id FROM partners_membership m WHERE m.user_id = %(user)s AND m.status = %(active)s
  ), place AS (
    SELECT p.id, p.city_id FROM partners_contact p WHERE p.user_id = %(user)s AND p.status = %(answering)s
  ), mine AS (
    SELECT city_id FROM role UNION SELECT city_id FROM place
  )
    SELECT 'role', role.role, role.city_id, NULL::bigint FROM role
  UNION ALL
    SELECT 'place', NULL, place.city_id, place.id FROM place
  UNION ALL
    SELECT 'tie', NULL, t.city_a_id, t.city_b_id FROM partners_twinning t
    WHERE t.status = %(standing)s AND t.city_a_id IN (SELECT city_id FROM mine)
  UNION ALL
    SELECT 'tie', NULL, t.city_b_id, t.city_a_id FROM partners_twinning t
    WHERE t.status = %(standing)s AND t.city_b_id IN (SELECT city_id FROM mine)
"""
_INSIDE = """
    SELECT inside.id FROM partners_city province
    JOIN partners_city inside ON inside.subdivision = province.subdivision
    WHERE province.id = ANY(%(cities)s) AND province.level = ANY(%(levels)s) AND province.subdivision <> ''
"""
_TIES = """
    SELECT city_a_id, city_b_id FROM partners_twinning
    WHERE status = %(standing)s AND (city_a_id = ANY(%(cities)s) OR city_b_id = ANY(%(cities)s))
"""


class Role(NamedTuple):
    """A role in a city; none for the whole network."""

    role: str
    city_id: int | None


class Held(NamedTuple):
    """What a person holds: their roles, the city of each of their places as a contact, the standing ties of these cities as pairs
    (theirs first), and what they oversee.
    """

    roles: tuple[Role, ...]
    places: dict[int, int]
    ties: tuple[tuple[int, int], ...]
    watched: frozenset[int]


def held_by(user_id: int) -> Held:
    """Read it, in one statement; in two for a coordinator."""
    asked: dict[str, int | str] = {
        "user": user_id,
        "active": Membership.Status.ACTIVE,
        "answering": Contact.Status.ACTIVE,
        "standing": Twinning.Status.RECORDED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELD, asked)
        rows = cursor.fetchall()
    roles = tuple(Role(role, city_id) for kind, role, city_id, _place in rows if kind == "role")
    own = {role.city_id for role in roles if role.role == Membership.Role.COORDINATOR and role.city_id}
    places = {place: city_id for kind, _role, city_id, place in rows if kind == "place"}
    ties = tuple((city_id, other) for kind, _role, city_id, other in rows if kind == "tie")
    return Held(roles, places, ties, _watched(own) if own else NONE)


def _watched(own: set[int]) -> frozenset[int]:
    """A coordinator oversees their city, and all of its subdivision where it is a province."""
    with connection.cursor() as cursor:
        cursor.execute(_INSIDE, {"cities": sorted(own), "levels": sorted(City.WHOLE_SUBDIVISIONS)})
        return frozenset(own | {city_id for (city_id,) in cursor.fetchall()})


class Ties(Mapping[int, frozenset[int]]):
    """For each of some cities, those with a standing tie to it. What is not known yet is read when it is first looked at."""

    def __init__(self, cities: frozenset[int], pairs: Iterable[tuple[int, int]] | None = None) -> None:
        self.cities = cities
        self.pairs = pairs

    @cached_property
    def _known(self) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        for mine, other in self._read() if self.pairs is None else self.pairs:
            if mine in self.cities:
                found.setdefault(mine, set()).add(other)
        return {mine: frozenset(others) for mine, others in found.items()}

    def _read(self) -> list[tuple[int, int]]:
        """The pairs, either side first."""
        if not self.cities:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_TIES, {"standing": Twinning.Status.RECORDED, "cities": sorted(self.cities)})
            pairs = cursor.fetchall()
        return [*pairs, *((b, a) for a, b in pairs)]

    def __getitem__(self, city_id: int) -> frozenset[int]:
        return self._known[city_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
