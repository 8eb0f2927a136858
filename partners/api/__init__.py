"""The register for programs: cities, twinnings, exchanges, corrections, organisations, contacts."""

from partners.api.corrections import Corrections
from partners.api.people import Contacts, Organisations
from partners.api.register import Cities, Exchanges, Twinnings
from workflow.doors.api.collections import Collection

COLLECTIONS: tuple[type[Collection], ...] = (
    Cities,
    Twinnings,
    Exchanges,
    Corrections,
    Organisations,
    Contacts,
)
