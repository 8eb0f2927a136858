"""Query for the approvers of a city."""

from accounts.models import User
from partners.memberships.models import Membership


def approvers_of(city_id: int, *, without: int | None = None) -> list[User]:
    """Return the approvers of a city by name, except the user with the id `without`."""
    held = Membership.objects.active().filter(city=city_id, role=Membership.Role.APPROVER)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.exclude(pk=without or 0).order_by("name", "pk"))
