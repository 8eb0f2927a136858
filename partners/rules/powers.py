"""What a person may do: their Powers, loaded once for a request; then every rule is a set look-up, never a query."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from accounts.models import User
from partners import above
from partners.models.people import Contact, Membership
from partners.roles import CONTACT_POWERS, NETWORK_POWERS, ROLES, Power
from partners.rules.held import NONE, Held, StandIn, Ties, held_by
from workflow.errors import Words


@dataclass(frozen=True, kw_only=True)
class Powers:
    """The Actor of a person: everything they may speak for, as sets of ids.

    `cities` holds city ids per power; `ties` the cities tied to each of theirs by what is confirmed and in force today; `contacts`
    their own places as a contact; `brokers` whether shipments are given to them as a customs broker; `watches` what a coordinator
    oversees (`watches_all`: the whole network). `stands_in` says for whom they approve today, where they are no approver themselves.
    `only` limits a link to one object.
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
        """The cities whose own things this person may read."""
        return self.cities.get(Power.SEE, NONE)

    @property
    def manages(self) -> frozenset[int]:
        """The cities whose people this person looks after."""
        return self.cities.get(Power.MANAGE_PEOPLE, NONE)

    @cached_property
    def twins(self) -> frozenset[int]:
        """The cities with a standing tie to one of theirs."""
        return NONE.union(*self.ties.values())

    @cached_property
    def scope(self) -> Hashable:
        """All that `visible_to` can depend on, as a key: two Powers of the same scope see the same rows."""
        told = (getattr(self, fact.name) for fact in fields(self) if fact.name not in ("label", "via"))
        return tuple(frozenset(value.items()) if isinstance(value, Mapping) else value for value in told)

    @cached_property
    def concerned(self) -> frozenset[int]:
        """The companies, by id, in which they declared an interest: read once for a request, when a rule first asks."""
        return above.concerning(self.user_id)

    @property
    def coordinates(self) -> bool:
        """Whether this person oversees cities that are not theirs."""
        return self.watches_all or bool(self.watches)

    @property
    def speaks_for(self) -> frozenset[int]:
        """Every city this person has any power in, or is a contact in."""
        return NONE.union(*self.cities.values(), self.contact_cities)

    @property
    def writes(self) -> bool:
        """Whether this person may change anything when signed in: then a second factor is required."""
        return (
            any(ids for power, ids in self.cities.items() if power is not Power.SEE)
            or self.watches_all
            or self.brokers
        )

    def may(self, power: str, thing: object) -> bool:
        """Whether this person holds the power over the thing: by its city, by being its contact, or by being its broker.

        Whoever may invite contacts may do so in their city's partner cities too: that is what a tie is for.
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
        """The cities in which this person holds the power; none for a link."""
        return self.cities.get(Power(power), NONE)

    def _by_name(self, power: str, thing: object) -> bool:
        """By being the very person the thing was given to."""
        if power in CONTACT_POWERS:
            return getattr(thing, "contact_id", None) in self.contacts
        return power == Power.CLEAR and self.brokers and getattr(thing, "broker_id", None) == self.user_id

    def _is_twin(self, city_id: int, of: frozenset[int]) -> bool:
        return any(city_id in self.ties.get(mine, NONE) for mine in of)

    def _is_only(self, thing: object) -> bool:
        label = getattr(getattr(thing, "_meta", None), "label_lower", "")
        return (label, getattr(thing, "pk", None)) == self.only or getattr(thing, "within", None) == self.only


def powers_of(user: User, *, via: str) -> Powers:
    """Load what a person may do, in one query. For a coordinator, in two, and the ties of what they oversee when first looked at."""
    held = held_by(user.pk)
    cities = _cities_by_power(held)
    stands_in = tuple(one for one in held.stand_ins if one.city_id not in cities.get(Power.APPROVE, NONE))
    if stands_in:
        own = cities.get(Power.APPROVE, NONE)
        cities[Power.APPROVE] = own | {one.city_id for one in stands_in}
    mine = frozenset(held.places.values())
    return Powers(
        user_id=user.pk,
        label=str(user),
        via=via,
        cities=cities,
        contacts=frozenset(held.places),
        contact_cities=mine,
        ties=Ties(NONE.union(mine, *cities.values()), None if held.watched else held.ties),
        brokers=any(role.role == Membership.Role.BROKER for role in held.roles),
        watches=held.watched,
        watches_all=any(role.city_id is None for role in held.roles),
        stands_in=stands_in,
    )


def powers_by_link(user: User, contact: Contact, only: tuple[str, int] | None) -> Powers:
    """What a link gives: to answer as one contact, on one object (`only`) or on their own page (None). Never a city's powers."""
    return Powers(
        user_id=user.pk,
        label=str(user),
        via="link",
        contacts=frozenset({contact.pk}),
        contact_cities=frozenset({contact.city_id}),
        only=only,
    )


def _cities_by_power(held: Held) -> dict[Power, frozenset[int]]:
    """The cities of each power. A coordinator's powers hold in all they oversee; a broker's only where a shipment names them."""
    found: dict[Power, frozenset[int]] = {}
    for role in held.roles:
        if role.city_id is None or role.role == Membership.Role.BROKER:
            continue
        where = held.watched if role.role == Membership.Role.COORDINATOR else frozenset({role.city_id})
        for power in ROLES[role.role].powers:
            found[power] = found.get(power, NONE) | where
    return found
