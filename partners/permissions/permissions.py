"""Permissions of a person, loaded once for each request. Rules then look them up without a query."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.hooks import conflicted_supplier_ids
from partners.memberships.models import Membership
from partners.memberships.roles import CONTACT_POWERS, NETWORK_POWERS, ROLE_DEFINITIONS
from partners.powers import Power
from workflow.errors import LazyText

NO_CITIES: frozenset[int] = frozenset()


class ActiveDelegation(NamedTuple):
    """Delegation in effect: its id, the city, the absent approver, and the last day."""

    delegation_id: int
    city_id: int
    delegator_id: int
    delegator_name: str
    last_day: date


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """Actor for a person: their permissions, as sets of ids.

    - `user_id` and `label`: the person's id, and their name as the journal stores it.
    - `via`: the way of access: session, token or link.
    - `city_ids_by_power`: the city ids for each permission.
    - `partner_city_ids_by_city`: for each of the person's cities, the cities with a confirmed agreement in force today.
    - `contact_ids`: the person's own contact entries.
    - `contact_city_ids`: the cities of these entries.
    - `is_broker`: True if shipments can be assigned to the person as a customs broker.
    - `overseen_city_ids`: the cities a coordinator oversees. `oversees_all_cities` means the whole network.
    - `delegations`: delegations by which the person approves today without being an approver.
    - `linked_object_key`: the one object to which a link is limited.
    """

    user_id: int
    label: LazyText
    via: str
    city_ids_by_power: Mapping[Power, frozenset[int]] = field(default_factory=dict)
    contact_ids: frozenset[int] = NO_CITIES
    contact_city_ids: frozenset[int] = NO_CITIES
    partner_city_ids_by_city: Mapping[int, frozenset[int]] = field(default_factory=dict)
    is_broker: bool = False
    overseen_city_ids: frozenset[int] = NO_CITIES
    oversees_all_cities: bool = False
    delegations: tuple[ActiveDelegation, ...] = ()
    linked_object_key: tuple[str, int] | None = None

    @property
    def visible_cities(self) -> frozenset[int]:
        """Cities whose data this person may read."""
        return self.city_ids_by_power.get(Power.SEE, NO_CITIES)

    @property
    def managed_city_ids(self) -> frozenset[int]:
        """Cities whose people this person manages."""
        return self.city_ids_by_power.get(Power.MANAGE_PEOPLE, NO_CITIES)

    @cached_property
    def partner_cities(self) -> frozenset[int]:
        """Cities with an agreement in force with one of the person's cities."""
        return NO_CITIES.union(*self.partner_city_ids_by_city.values())

    @cached_property
    def visibility_key(self) -> Hashable:
        """Hashable key of all values that `visible_to` can depend on. Equal scopes see the same rows."""
        values = (getattr(self, fact.name) for fact in fields(self) if fact.name not in ("label", "via"))
        return tuple(frozenset(value.items()) if isinstance(value, Mapping) else value for value in values)

    @cached_property
    def companies_with_interest(self) -> frozenset[int]:
        """Ids of the suppliers in which the person declared an interest. Read at most once for a request."""
        return conflicted_supplier_ids(self.user_id)

    def assume_no_interests(self) -> None:
        """Spare the query of `companies_with_interest`, after another statement found no interest in effect."""
        vars(self)["companies_with_interest"] = NO_CITIES

    def without_interests(self) -> "Permissions":
        """Return the same permissions without the declared interests, which cost a query.

        A list uses them to decide which moves to offer; the move itself checks the full permissions.
        """
        offered = replace(self)
        vars(offered)["companies_with_interest"] = NO_CITIES
        return offered

    @property
    def is_coordinator(self) -> bool:
        """True if this person oversees cities as a coordinator."""
        return self.oversees_all_cities or bool(self.overseen_city_ids)

    @property
    def cities_of_person(self) -> frozenset[int]:
        """Cities in which this person has a permission or is a contact."""
        return NO_CITIES.union(*self.city_ids_by_power.values(), self.contact_city_ids)

    @property
    def may_write(self) -> bool:
        """True if this person may change anything when signed in. A second factor is then required."""
        return (
            any(ids for power, ids in self.city_ids_by_power.items() if power is not Power.SEE)
            or self.oversees_all_cities
            or self.is_broker
        )

    def may(self, power: str, thing: object) -> bool:
        """Return True if this person has the permission for the object.

        The permission comes from the city of the object, or from being its contact or customs broker. A
        permission to invite contacts also holds in the partner cities of the person's cities.
        """
        if self.linked_object_key is not None and not self._is_linked_object(thing):
            return False
        if self._is_assigned(power, thing) or (self.oversees_all_cities and power in NETWORK_POWERS):
            return True
        cities = self.city_ids_by_power.get(Power(power), NO_CITIES)
        city_id = getattr(thing, "city_id", None)
        if city_id is None:
            return bool(cities)
        return city_id in cities or (power == Power.INVITE_CONTACT and self._is_partner_city(city_id, cities))

    def cities_with(self, power: str) -> frozenset[int]:
        """Return the cities in which this person has the permission; none for a link."""
        return self.city_ids_by_power.get(Power(power), NO_CITIES)

    def _is_assigned(self, power: str, thing: object) -> bool:
        """Return True if the object is assigned to this person, as its contact or customs broker."""
        if power in CONTACT_POWERS:
            return getattr(thing, "contact_id", None) in self.contact_ids
        return (
            power == Power.CLEAR_CUSTOMS
            and self.is_broker
            and getattr(thing, "broker_id", None) == self.user_id
        )

    def _is_partner_city(self, city_id: int, of: frozenset[int]) -> bool:
        return any(city_id in self.partner_city_ids_by_city.get(mine, NO_CITIES) for mine in of)

    def _is_linked_object(self, thing: object) -> bool:
        label = getattr(getattr(thing, "_meta", None), "label_lower", "")
        return (label, getattr(thing, "pk", None)) == self.linked_object_key or getattr(
            thing, "link_target", None
        ) == self.linked_object_key


def permissions_of(user: User, *, via: str) -> Permissions:
    """Load the permissions of a user in one query; in two for a coordinator.

    The agreements of the cities that a coordinator oversees are read on first access.
    """
    grants = load_grants(user.pk)
    cities = _cities_by_power(grants)
    delegations = tuple(
        delegation
        for delegation in grants.active_delegations
        if delegation.city_id not in cities.get(Power.APPROVE, NO_CITIES)
    )
    if delegations:
        own_cities = cities.get(Power.APPROVE, NO_CITIES)
        cities[Power.APPROVE] = own_cities | {delegation.city_id for delegation in delegations}
    contact_cities = frozenset(grants.city_id_by_contact_id.values())
    return Permissions(
        user_id=user.pk,
        label=user.journal_name,
        via=via,
        city_ids_by_power=cities,
        contact_ids=frozenset(grants.city_id_by_contact_id),
        contact_city_ids=contact_cities,
        partner_city_ids_by_city=ConfirmedPartners(
            NO_CITIES.union(contact_cities, *cities.values()),
            None if grants.overseen_city_ids else grants.agreement_city_pairs,
        ),
        is_broker=any(role.role == Membership.Role.BROKER for role in grants.roles),
        overseen_city_ids=grants.overseen_city_ids,
        oversees_all_cities=any(role.city_id is None for role in grants.roles),
        delegations=delegations,
    )


def permissions_by_link(user: User, contact: Contact, only: tuple[str, int] | None) -> Permissions:
    """Return the permissions of a link: to answer as one contact, never those of a city.

    `only` is the one object the link is for, or None for the contact's own page.
    """
    return Permissions(
        user_id=user.pk,
        label=user.journal_name,
        via="link",
        contact_ids=frozenset({contact.pk}),
        contact_city_ids=frozenset({contact.city_id}),
        linked_object_key=only,
    )


class GrantedRole(NamedTuple):
    """Role in a city, or in the whole network if the city is None."""

    role: str
    city_id: int | None


class Grants(NamedTuple):
    """Roles, contact entries, agreements, overseen cities and delegations of a person.

    `city_id_by_contact_id` maps each contact entry to its city. `agreement_city_pairs` holds the confirmed agreements in force today as
    pairs, the person's own city first. `overseen_city_ids` holds the cities that a coordinator oversees.
    `active_delegations` are those by which the person approves today.
    """

    roles: tuple[GrantedRole, ...]
    city_id_by_contact_id: dict[int, int]
    agreement_city_pairs: tuple[tuple[int, int], ...]
    overseen_city_ids: frozenset[int]
    active_delegations: tuple[ActiveDelegation, ...] = ()


def _cities_by_power(grants: Grants) -> dict[Power, frozenset[int]]:
    """Return the cities for each permission.

    The permissions of a coordinator hold in all cities they oversee. Those of a customs broker hold only for
    shipments assigned to them.
    """
    cities: dict[Power, frozenset[int]] = {}
    for role in grants.roles:
        if role.city_id is None or role.role == Membership.Role.BROKER:
            continue
        role_cities = (
            grants.overseen_city_ids
            if role.role == Membership.Role.COORDINATOR
            else frozenset({role.city_id})
        )
        for power in ROLE_DEFINITIONS[role.role].powers:
            cities[power] = cities.get(power, NO_CITIES) | role_cities
    return cities


# The SQL is written by hand, because the ORM took four times as long to build the queries as the database took to
# answer them. Dates are those of the city. A practice site has its own time, stored as an offset from the real time.
_TODAY_SQL = """((now() + coalesce((SELECT i."offset" FROM workflow_instance i WHERE i.kind = 'practice'), interval '0'))
           AT TIME ZONE coalesce(nullif(c.timezone, ''), 'UTC'))::date"""
# An agreement gives rights once both sides confirmed it, from its signing to the last possible day of its expiry.
_AGREEMENTS_OF_CITIES_SQL = """
    SELECT tied.mine, tied.other FROM (
      SELECT t.*, t.city_a_id AS mine, t.city_b_id AS other FROM partners_twinningagreement t
      WHERE t.status = %(standing)s AND t.city_a_id MINE
      UNION ALL
      SELECT t.*, t.city_b_id AS mine, t.city_a_id AS other FROM partners_twinningagreement t
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
""".replace("TODAY", _TODAY_SQL)
# Delegations in effect today: the delegate still works for the city, and the delegator is still its approver.
_GRANTS_SQL = """
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
    SELECT 'stand', u.name, d.city_id, d.id, d.delegator_id, d.ends_on FROM partners_delegation d
    JOIN partners_city c ON c.id = d.city_id JOIN accounts_user u ON u.id = d.delegator_id
    WHERE d.deputy_id = %(user)s AND d.revoked_at IS NULL
      AND d.city_id IN (SELECT city_id FROM role WHERE role <> %(broker)s)
      AND TODAY BETWEEN d.starts_on AND d.ends_on
      AND EXISTS (SELECT FROM partners_membership m WHERE m.user_id = d.delegator_id AND m.city_id = d.city_id
                  AND m.status = %(active)s AND m.role = %(approver)s)
""".replace("TIED", _AGREEMENTS_OF_CITIES_SQL.replace("MINE", "IN (SELECT city_id FROM mine)")).replace(
    "TODAY", _TODAY_SQL
)
_CITIES_IN_PROVINCES_SQL = """
    SELECT inside.id FROM partners_city province
    JOIN partners_city inside ON inside.subdivision = province.subdivision
    WHERE province.id = ANY(%(cities)s) AND province.level = ANY(%(levels)s) AND province.subdivision <> ''
"""
_AGREEMENTS_SQL = _AGREEMENTS_OF_CITIES_SQL.replace("MINE", "= ANY(%(cities)s)")


def load_grants(user_id: int) -> Grants:
    """Read the grants of a user in one statement; in two for a coordinator."""
    params: dict[str, int | str] = {
        "user": user_id,
        "active": Membership.Status.ACTIVE,
        "answering": Contact.Status.ACTIVE,
        "standing": TwinningAgreement.Status.RECORDED,
        "broker": Membership.Role.BROKER,
        "approver": Membership.Role.APPROVER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS_SQL, params)
        rows = cursor.fetchall()
    roles = tuple(GrantedRole(role, city_id) for kind, role, city_id, *_rest in rows if kind == "role")
    coordinated_ids = {
        role.city_id for role in roles if role.role == Membership.Role.COORDINATOR and role.city_id
    }
    places = {place: city_id for kind, _role, city_id, place, *_rest in rows if kind == "place"}
    city_pairs = tuple((city_id, other) for kind, _role, city_id, other, *_rest in rows if kind == "tie")
    delegations = (
        ActiveDelegation(key, city_id, delegator, name, until)
        for kind, name, city_id, key, delegator, until in rows
        if kind == "stand"
    )
    return Grants(
        roles,
        places,
        city_pairs,
        _overseen_cities(coordinated_ids) if coordinated_ids else NO_CITIES,
        tuple(sorted(delegations)),
    )


def _overseen_cities(own: set[int]) -> frozenset[int]:
    """Return the cities a coordinator oversees: their own and, if it is a province, all cities in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CITIES_IN_PROVINCES_SQL, {"cities": sorted(own), "levels": sorted(City.WHOLE_SUBDIVISION_LEVELS)}
        )
        return frozenset(own | {city_id for (city_id,) in cursor.fetchall()})


class ConfirmedPartners(Mapping[int, frozenset[int]]):
    """Mapping from a city to the cities with which it has a confirmed agreement in force today.

    Unless the pairs are given, they are read on first access.
    """

    def __init__(self, cities: frozenset[int], pairs: Iterable[tuple[int, int]] | None = None) -> None:
        self.cities = cities
        self.pairs = pairs

    @cached_property
    def _known(self) -> dict[int, frozenset[int]]:
        partners: dict[int, set[int]] = {}
        for city, partner in self._read() if self.pairs is None else self.pairs:
            if city in self.cities:
                partners.setdefault(city, set()).add(partner)
        return {city: frozenset(partner_ids) for city, partner_ids in partners.items()}

    def _read(self) -> list[tuple[int, int]]:
        """Return the pairs, the city from `self.cities` first."""
        if not self.cities:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                _AGREEMENTS_SQL,
                {"standing": TwinningAgreement.Status.RECORDED, "cities": sorted(self.cities)},
            )
            pairs: list[tuple[int, int]] = cursor.fetchall()
        return pairs

    def __getitem__(self, city_id: int) -> frozenset[int]:
        return self._known[city_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
