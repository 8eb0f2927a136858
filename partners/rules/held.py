"""What a person holds, as every request asks for it: their roles, their places, and the ties of their cities, in one statement.

The statements are written by hand, because putting them together took four times as long as answering them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from partners.models import City, Contact, Membership, Twinning

NONE: frozenset[int] = frozenset()

# For whom they approve today goes by the clock of the city: on a practice instance the story's, kept as its distance from the real
# one. Both still work for the city, and whoever is away is still its approver.
_HELD = """
  WITH role AS (
    SELECT m.role, m.city_id FROM partners_membership m WHERE m.user_id = %(user)s AND m.status = %(active)s
  ), place AS (
    SELECT p.id, p.city_id FROM partners_contact p WHERE p.user_id = %(user)s AND p.status = %(answering)s
  ), mine AS (
    SELECT city_id FROM role UNION SELECT city_id FROM place
  )
    SELECT 'role', role.role, role.city_id, NULL::bigint, NULL::bigint, NULL::date FROM role
  UNION ALL
    SELECT 'place', NULL, place.city_id, place.id, NULL, NULL FROM place
  UNION ALL
    SELECT 'tie', NULL, t.city_a_id, t.city_b_id, NULL, NULL FROM partners_twinning t
    WHERE t.status = %(standing)s AND t.city_a_id IN (SELECT city_id FROM mine)
  UNION ALL
    SELECT 'tie', NULL, t.city_b_id, t.city_a_id, NULL, NULL FROM partners_twinning t
    WHERE t.status = %(standing)s AND t.city_b_id IN (SELECT city_id FROM mine)
  UNION ALL
    SELECT 'stand', u.name, d.city_id, d.id, d.giver_id, d.ends_on FROM partners_delegation d
    JOIN partners_city c ON c.id = d.city_id JOIN accounts_user u ON u.id = d.giver_id
    WHERE d.deputy_id = %(user)s AND d.taken_back_at IS NULL
      AND d.city_id IN (SELECT city_id FROM role WHERE role <> %(broker)s)
      AND ((now() + coalesce((SELECT i."offset" FROM workflow_instance i WHERE i.kind = 'practice'), interval '0'))
           AT TIME ZONE coalesce(nullif(c.timezone, ''), 'UTC'))::date BETWEEN d.starts_on AND d.ends_on
      AND EXISTS (SELECT FROM partners_membership m WHERE m.user_id = d.giver_id AND m.city_id = d.city_id
                  AND m.status = %(active)s AND m.role = %(approver)s)
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


class StandIn(NamedTuple):
    """Leave to approve for somebody who is away: by which delegation, of which city, for whom, and until which day."""

    delegation_id: int
    city_id: int
    giver_id: int
    giver: str
    until: date


class Held(NamedTuple):
    """What a person holds: their roles, the city of each of their places as a contact, the standing ties of these cities as pairs
    (theirs first), what they oversee, and for whom they approve today.
    """

    roles: tuple[Role, ...]
    places: dict[int, int]
    ties: tuple[tuple[int, int], ...]
    watched: frozenset[int]
    stand_ins: tuple[StandIn, ...] = ()


def held_by(user_id: int) -> Held:
    """Read it, in one statement; in two for a coordinator."""
    asked: dict[str, int | str] = {
        "user": user_id,
        "active": Membership.Status.ACTIVE,
        "answering": Contact.Status.ACTIVE,
        "standing": Twinning.Status.RECORDED,
        "broker": Membership.Role.BROKER,
        "approver": Membership.Role.APPROVER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELD, asked)
        rows = cursor.fetchall()
    roles = tuple(Role(role, city_id) for kind, role, city_id, *_rest in rows if kind == "role")
    own = {role.city_id for role in roles if role.role == Membership.Role.COORDINATOR and role.city_id}
    places = {place: city_id for kind, _role, city_id, place, *_rest in rows if kind == "place"}
    ties = tuple((city_id, other) for kind, _role, city_id, other, *_rest in rows if kind == "tie")
    stands = (
        StandIn(key, city_id, giver, name, until)
        for kind, name, city_id, key, giver, until in rows
        if kind == "stand"
    )
    return Held(roles, places, ties, _watched(own) if own else NONE, tuple(sorted(stands)))


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
