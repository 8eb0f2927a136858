"""Queries for the approvers and the people of a city, for the cities of a person, and for the names of cities."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.identity_providers.rules import PersonCities
from accounts.models import User
from partners.cities.models import City
from partners.memberships.models import Invitation, Membership

MAX_APPROVER_NAMES = 2  # approvers named in a sentence or on a button; more of them are "an approver"


def approvers_of(city_id: int, *, excluded: Collection[int | None] = ()) -> list[User]:
    """Return the approvers of a city by name, except the users with the ids `excluded`."""
    active_roles = Membership.objects.active().filter(city=city_id, role=Membership.Role.APPROVER)
    people = User.objects.filter(pk__in=active_roles.values("user"), is_active=True)
    others = {one for one in excluded if one is not None}
    return list(people.exclude(pk__in=others).order_by("name", "pk"))


def approver_names(city_id: int, *, excluded: Collection[int | None]) -> str:
    """Return the names of a city's approvers without some users, or “an approver” if there are none or more than two."""
    return joined_names(approvers_of(city_id, excluded=excluded)) or _("an approver")


def joined_names(people: Sequence[User]) -> str:
    """Return the names of one or two people as alternatives, else an empty string."""
    names = [str(one) for one in people]
    if not 1 <= len(names) <= MAX_APPROVER_NAMES:
        return ""
    both = _("%(one)s or %(other)s")
    return both % {"one": names[0], "other": names[1]} if len(names) > 1 else names[0]


def people_of_city(city: City) -> list[User]:
    """Return the people with a role in a city or an invitation that was sent and not answered, by address."""
    roles = Membership.objects.active().filter(city=city)
    invitations = Invitation.objects.filter(city=city, status=Invitation.Status.SENT)
    people = User.objects.filter(pk__in=roles.values("user")) | User.objects.filter(
        pk__in=invitations.values("user")
    )
    return list(people.order_by("email"))


def cities_of_person(user: User, real_at: datetime) -> PersonCities:
    """Return the keys of the cities in which a person has a role, or to which an open invitation leads.

    The whole network is the empty key.
    """
    roles = Membership.objects.active().filter(user=user)
    invitations = Invitation.objects.open(real_at).filter(user=user)
    return PersonCities(
        roles=frozenset(slug or "" for slug in roles.values_list("city__slug", flat=True)),
        invitations=frozenset(slug or "" for slug in invitations.values_list("city__slug", flat=True)),
    )


def city_names(keys: Collection[str]) -> Mapping[str, str]:
    """Return the names of cities by key, in the reader's language. Keys that the register lacks are left out."""
    return {city.slug: str(city) for city in City.objects.filter(slug__in=keys)}
