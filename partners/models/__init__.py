"""The register: cities, their ties and exchanges, the people who answer for them, and who speaks for which city."""

from partners.dates import Known, Precision
from partners.models.cities import City
from partners.models.corrections import Correction
from partners.models.delegations import Delegation
from partners.models.disputes import Claim, Dispute
from partners.models.imports import Import, ImportPlace, Sheet
from partners.models.people import Contact, Invitation, Membership, Organisation
from partners.models.ties import Exchange, Twinning

__all__ = [
    "City",
    "Claim",
    "Contact",
    "Correction",
    "Delegation",
    "Dispute",
    "Exchange",
    "Import",
    "ImportPlace",
    "Invitation",
    "Known",
    "Membership",
    "Organisation",
    "Precision",
    "Sheet",
    "Twinning",
]
