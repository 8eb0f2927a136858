"""What a person holds, as every request asks for it: their roles, their places, and the ties of their cities, in one statement.

The statements are written by hand, because putting them together took four times as long as answering them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from partners.models.cities import City
from partners.models.people import Contact, Membership
from partners.models.ties import Twinning

NONE: frozenset[int] = frozenset()

# Days go by the calendar of the city, on a practice instance by the story's clock, kept as its distance from the real one.
_TODAY = """((now() + coalesce((SELECT i."offset" FROM workflow_instance i WHERE i.kind = 'practice'), interval '0'))
           AT TIME ZONE coalesce(nullif(c.timezone, ''), 'UTC'))::date"""
# An agreement gives rights once both sides have confirmed it, from its signing to the last day of its end as exactly as that is known.
_TIED = """
    SELECT tied.mine, tied.other FROM (
      SELECT t.*, t.city_a_id AS mine, t.city_b_id AS other FROM partners_twinning t
      WHERE t.status = %(standing)s AND t.city_a_id MINE
      UNION ALL
      SELECT t.*, t.city_b_id AS mine, t.city_a_id AS other FROM partners_twinning t
      WHERE t.status = %(standing)s AND t.city_b_id MINE
    ) tied
    JOIN partners_city c ON c.id = tied.mine
    CROSS JOIN LATERAL (SELECT TODAY AS day) today
    WHERE ((tied.confirmed_a AND tied.confirmed_b) OR tied.agreed_until >= today.day)
      AND (tied.signed_on IS NULL OR tied.signed_on <= today.day)
      AND (tied.expires_on IS NULL OR today.day <= CASE
           WHEN tied.expires_precision = 'year'
             THEN (date_trunc('year', tied.expires_on) + interval '1 year - 1 day')::date
           WHEN tied.expires_precision IN ('month', 'by_end_of_month')
             THEN (date_trunc('month', tied.expires_on) + interval '1 month - 1 day')::date
           ELSE tied.expires_on END)
""".replace("TODAY", _TODAY)
# For whom they approve today: both still work for the city, and whoever is away is still its approver.
_HELD = """
  WITH role AS (
    SELECT m.role, m.city_id FROM partners_membership m WHERE m.user_id = %(user)s AND m.status = %(active)s
  ), place AS (
    SELECT p.id, p.city_id FROM partners_contact p WHERE p.user_id = %(user)s AND p.status = %(answering)s
  ), mine AS (
    SELECT city_id FROM role UNION SELECT city_id FROM place
  ), tie AS (TIED)
    SELECT 'role', role.role, role.city_id, NULL::bigint, NULL::bigint, NULL::date FROM role
  UNION ALL
    SELECT 'place', NULL, place.city_id, place.id, NULL, NULL FROM place
  UNION ALL
    SELECT 'tie', NULL, tie.mine, tie.other, NULL, NULL FROM tie
  UNION ALL
    SELECT 'stand', u.name, d.city_id, d.id, d.giver_id, d.ends_on FROM partners_delegation d
    JOIN partners_city c ON c.id = d.city_id JOIN accounts_user u ON u.id = d.giver_id
    WHERE d.deputy_id = %(user)s AND d.taken_back_at IS NULL
      AND d.city_id IN (SELECT city_id FROM role WHERE role <> %(broker)s)
      AND TODAY BETWEEN d.starts_on AND d.ends_on
      AND EXISTS (SELECT FROM partners_membership m WHERE m.user_id = d.giver_id AND m.city_id = d.city_id
                  AND m.status = %(active)s AND m.role = %(approver)s)
""".replace("TIED", _TIED.replace("MINE", "IN (SELECT city_id FROM mine)")).replace("TODAY", _TODAY)
_INSIDE = """
    SELECT inside.id FROM partners_city province
    JOIN partners_city inside ON inside.subdivision = province.subdivision
    WHERE province.id = ANY(%(cities)s) AND province.level = ANY(%(levels)s) AND province.subdivision <> ''
"""
_TIES = _TIED.replace("MINE", "= ANY(%(cities)s)")


class Role(NamedTuple):
    """A role in a city; none for the whole network."""

    role: str
    city_id: int | None


class StandIn(NamedTuple):
    """Leave to approve for a person who is away: by which delegation, of which city, for whom, and until which day."""

    delegation_id: int
    city_id: int
    giver_id: int
    giver: str
    until: date


class Held(NamedTuple):
    """What a person holds: their roles, the city of each of their places as a contact, the ties of these cities that are confirmed
    and in force today as pairs (theirs first), what they oversee, and for whom they approve today.
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
    """For each of some cities, those with a confirmed tie to it that is in force today.

    What is not known yet is read when it is first looked at.
    """

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
        """The pairs, theirs first."""
        if not self.cities:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_TIES, {"standing": Twinning.Status.RECORDED, "cities": sorted(self.cities)})
            pairs: list[tuple[int, int]] = cursor.fetchall()
        return pairs

    def __getitem__(self, city_id: int) -> frozenset[int]:
        return self._known[city_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
