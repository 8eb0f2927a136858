"""API collections of the register: cities, agreements, exchanges, corrections, disputes, people."""

from partners.agreements.api import TwinningAgreements
from partners.cities.api import Cities
from partners.contacts.api import Contacts, Organizations
from partners.corrections.api import Corrections
from partners.disputes.api import Disputes
from partners.exchanges.api import Exchanges
from workflow.api.viewsets import ModelViewSet

COLLECTIONS: tuple[type[ModelViewSet], ...] = (
    Cities,
    TwinningAgreements,
    Exchanges,
    Corrections,
    Disputes,
    Organizations,
    Contacts,
)
