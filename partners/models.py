"""Imports of the models of all packages of partners, so that Django finds them."""

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.corrections.models import Correction
from partners.disputes.models import Dispute, SourceClaim
from partners.exchanges.models import Exchange
from partners.memberships.models import Delegation, Invitation, Membership
from partners.register_import.models import Import, ImportData, ImportPlace
from partners.saved_views.models import SavedView
from partners.todo_marks.models import TodoMark

__all__ = [
    "City",
    "Contact",
    "Correction",
    "Delegation",
    "Dispute",
    "Exchange",
    "Import",
    "ImportData",
    "ImportPlace",
    "Invitation",
    "Membership",
    "Organization",
    "SavedView",
    "SourceClaim",
    "TodoMark",
    "TwinningAgreement",
]
