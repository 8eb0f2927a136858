"""Permissions of a person, loaded once for each request. Rules then look them up without a query."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from accounts.models import User
from partners.contacts.models import Contact
from partners.hooks import suppliers_of_interest
from partners.memberships.models import Membership
from partners.memberships.roles import CONTACT_POWERS, NETWORK_POWERS, ROLES
from partners.permissions.loader import NONE, ConfirmedTies, Grants, StandIn, load_grants
from partners.powers import Power
from workflow.errors import Words


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """Actor for a person: the permissions, as sets of ids.

    - `cities`: the city ids for each permission.
    - `ties`: for each of the person's cities, the cities with a confirmed agreement in force today.
    - `contacts`: the person's own contact entries.
    - `contact_cities`: the cities of these entries.
    - `brokers`: True if shipments can be assigned to the person as a customs broker.
    - `watches`: the cities a coordinator oversees. `watches_all` means the whole network.
    - `stands_in`: delegations by which the person approves today without being an approver.
    - `only`: the one object to which a link is limited.
    """

    user_id: int
    label: Words
    via: str
    cities: Mapping[Power, frozenset[int]] = field(default_factory=dict)
    contacts: frozenset[int] = NONE
    contact_cities: frozenset[int] = NONE
    ties: Mapping[int, frozenset[int]] = field(default_factory=dict)
    brokers: bool = False
    watches: frozenset[int] = NONE
    watches_all: bool = False
    stands_in: tuple[StandIn, ...] = ()
    only: tuple[str, int] | None = None

    @property
    def sees(self) -> frozenset[int]:
        """Cities whose data this person may read."""
        return self.cities.get(Power.SEE, NONE)

    @property
    def manages(self) -> frozenset[int]:
        """Cities whose people this person manages."""
        return self.cities.get(Power.MANAGE_PEOPLE, NONE)

    @cached_property
    def twins(self) -> frozenset[int]:
        """Cities with an agreement in force with one of the person's cities."""
        return NONE.union(*self.ties.values())

    @cached_property
    def scope(self) -> Hashable:
        """Hashable key of all values that `visible_to` can depend on. Equal scopes see the same rows."""
        told = (getattr(self, fact.name) for fact in fields(self) if fact.name not in ("label", "via"))
        return tuple(frozenset(value.items()) if isinstance(value, Mapping) else value for value in told)

    @cached_property
    def concerned(self) -> frozenset[int]:
        """Ids of the suppliers in which the person declared an interest. Read at most once for a request."""
        return suppliers_of_interest(self.user_id)

    @property
    def coordinates(self) -> bool:
        """True if this person oversees cities as a coordinator."""
        return self.watches_all or bool(self.watches)

    @property
    def speaks_for(self) -> frozenset[int]:
        """Cities in which this person has a permission or is a contact."""
        return NONE.union(*self.cities.values(), self.contact_cities)

    @property
    def writes(self) -> bool:
        """True if this person may change anything when signed in. A second factor is then required."""
        return (
            any(ids for power, ids in self.cities.items() if power is not Power.SEE)
            or self.watches_all
            or self.brokers
        )

    def may(self, power: str, thing: object) -> bool:
        """Return True if this person has the permission for the object.

        The permission comes from the city of the object, or from being its contact or customs broker. A
        permission to invite contacts also holds in the partner cities of the person's cities.
        """
        if self.only is not None and not self._is_only(thing):
            return False
        if self._by_name(power, thing) or (self.watches_all and power in NETWORK_POWERS):
            return True
        held = self.cities.get(Power(power), NONE)
        city_id = getattr(thing, "city_id", None)
        if city_id is None:
            return bool(held)
        return city_id in held or (power == Power.INVITE_CONTACT and self._is_twin(city_id, held))

    def where(self, power: str) -> frozenset[int]:
        """Return the cities in which this person has the permission; none for a link."""
        return self.cities.get(Power(power), NONE)

    def _by_name(self, power: str, thing: object) -> bool:
        """Return True if the object is assigned to this person, as its contact or customs broker."""
        if power in CONTACT_POWERS:
            return getattr(thing, "contact_id", None) in self.contacts
        return power == Power.CLEAR and self.brokers and getattr(thing, "broker_id", None) == self.user_id

    def _is_twin(self, city_id: int, of: frozenset[int]) -> bool:
        return any(city_id in self.ties.get(mine, NONE) for mine in of)

    def _is_only(self, thing: object) -> bool:
        label = getattr(getattr(thing, "_meta", None), "label_lower", "")
        return (label, getattr(thing, "pk", None)) == self.only or getattr(thing, "within", None) == self.only


def permissions_of(user: User, *, via: str) -> Permissions:
    """Load the permissions of a user in one query; in two for a coordinator.

    The agreements of the cities that a coordinator oversees are read on first access.
    """
    held = load_grants(user.pk)
    cities = _cities_by_power(held)
    stands_in = tuple(one for one in held.stand_ins if one.city_id not in cities.get(Power.APPROVE, NONE))
    if stands_in:
        own = cities.get(Power.APPROVE, NONE)
        cities[Power.APPROVE] = own | {one.city_id for one in stands_in}
    mine = frozenset(held.places.values())
    return Permissions(
        user_id=user.pk,
        label=str(user),
        via=via,
        cities=cities,
        contacts=frozenset(held.places),
        contact_cities=mine,
        ties=ConfirmedTies(NONE.union(mine, *cities.values()), None if held.watched else held.ties),
        brokers=any(role.role == Membership.Role.BROKER for role in held.roles),
        watches=held.watched,
        watches_all=any(role.city_id is None for role in held.roles),
        stands_in=stands_in,
    )


def permissions_by_link(user: User, contact: Contact, only: tuple[str, int] | None) -> Permissions:
    """Return the permissions of a link: to answer as one contact, never those of a city.

    `only` is the one object the link is for, or None for the contact's own page.
    """
    return Permissions(
        user_id=user.pk,
        label=str(user),
        via="link",
        contacts=frozenset({contact.pk}),
        contact_cities=frozenset({contact.city_id}),
        only=only,
    )


def _cities_by_power(held: Grants) -> dict[Power, frozenset[int]]:
    """Return the cities for each permission.

    The permissions of a coordinator hold in all cities they oversee. Those of a customs broker hold only for
    shipments assigned to them.
    """
    found: dict[Power, frozenset[int]] = {}
    for role in held.roles:
        if role.city_id is None or role.role == Membership.Role.BROKER:
            continue
        where = held.watched if role.role == Membership.Role.COORDINATOR else frozenset({role.city_id})
        for power in ROLES[role.role].powers:
            found[power] = found.get(power, NONE) | where
    return found
