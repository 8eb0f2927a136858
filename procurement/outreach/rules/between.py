"""Who agrees for a partner city that its contact is asked: its officers, or else one of its own contacts, by link. Reads only."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from partners.models.people import Contact, Membership
from partners.rules.hours import today_of
from procurement.outreach.models import Inquiry


def officers_between(inquiry: Inquiry) -> QuerySet[User]:
    """Those who sign in and may agree for the city between."""
    roles = Membership.objects.active().filter(city=inquiry.through_city_id, role=Membership.Role.OFFICER)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("pk")


def contacts_between(inquiry: Inquiry) -> QuerySet[Contact]:
    """The contacts of the city between who take questions of the asking city, and whom mail reaches."""
    there = Contact.objects.answering().within_reach().asked_by(inquiry.city)
    return there.filter(city=inquiry.through_city_id).exclude(user=inquiry.contact.user_id)


def somebody_consents(inquiry: Inquiry) -> bool:
    """Whether the city between has an officer or a contact who could agree."""
    return officers_between(inquiry).exists() or contacts_between(inquiry).exists()


def introducer(inquiry: Inquiry, at: datetime) -> Contact | None:
    """The contact who is asked to agree: who is there, with the fewest questions open. None where an officer is asked."""
    if officers_between(inquiry).exists():
        return None
    there = contacts_between(inquiry).select_related("user", "city").order_by("open_questions", "pk")
    return min(there, key=lambda one: one.is_away(today_of(one, at)), default=None)
