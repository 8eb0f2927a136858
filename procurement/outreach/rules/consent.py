"""People who may agree for a partner city that its contact is asked. Reads only.

These are its officers, or else one of its own contacts, by link.
"""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from partners.contacts.models import Contact
from partners.contacts.working_hours import local_day_of
from partners.memberships.models import Membership
from procurement.outreach.models import Inquiry


def officers_between(inquiry: Inquiry) -> QuerySet[User]:
    """Return the active officers of the partner city between, who sign in and may agree."""
    roles = Membership.objects.active().filter(city=inquiry.through_city_id, role=Membership.Role.OFFICER)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("pk")


def contacts_between(inquiry: Inquiry) -> QuerySet[Contact]:
    """Return the reachable contacts of the partner city between who accept inquiries of the asking city."""
    there = Contact.objects.answering().within_reach().asked_by(inquiry.city)
    return there.filter(city=inquiry.through_city_id).exclude(user=inquiry.contact.user_id)


def has_consenter(inquiry: Inquiry) -> bool:
    """Return True if the partner city between has an officer or a contact who could agree."""
    return officers_between(inquiry).exists() or contacts_between(inquiry).exists()


def introducer(inquiry: Inquiry, at: datetime) -> Contact | None:
    """Return the contact who is asked to agree; None if an officer is asked or there is no contact.

    A contact who is not away comes first, then the one with the fewest open inquiries.
    """
    if officers_between(inquiry).exists():
        return None
    there = contacts_between(inquiry).select_related("user", "city").order_by("open_questions", "pk")
    return min(there, key=lambda one: one.is_away(local_day_of(one, at)), default=None)
