"""API collections of the register: cities, agreements, exchanges, corrections, disputes, people."""

from partners.agreements.api import TwinningAgreementViewSet
from partners.cities.api import CityViewSet
from partners.contacts.api import ContactViewSet, OrganizationViewSet
from partners.corrections.api import CorrectionViewSet
from partners.disputes.api import DisputeViewSet
from partners.exchanges.api import ExchangeViewSet
from workflow.api.viewsets import CollectionViewSet

COLLECTIONS: tuple[type[CollectionViewSet], ...] = (
    CityViewSet,
    TwinningAgreementViewSet,
    ExchangeViewSet,
    CorrectionViewSet,
    DisputeViewSet,
    OrganizationViewSet,
    ContactViewSet,
)
