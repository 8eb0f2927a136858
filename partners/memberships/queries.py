"""Query for the approvers of a city."""

from accounts.models import User
from partners.memberships.models import Membership


def approvers_of(city_id: int, *, excluded_user_id: int | None = None) -> list[User]:
    """Return the approvers of a city by name, except the user with the id `excluded_user_id`."""
    active_roles = Membership.objects.active().filter(city=city_id, role=Membership.Role.APPROVER)
    people = User.objects.filter(pk__in=active_roles.values("user"), is_active=True)
    return list(people.exclude(pk=excluded_user_id or 0).order_by("name", "pk"))
