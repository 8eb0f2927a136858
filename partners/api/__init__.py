"""The register for programs: cities, twinnings, exchanges, corrections, disputes, organisations, contacts."""

from partners.api.corrections import Corrections
from partners.api.disputes import Disputes
from partners.api.people import Contacts, Organisations
from partners.api.register import Cities, Exchanges, Twinnings
from workflow.doors.api.collections import Collection

COLLECTIONS: tuple[type[Collection], ...] = (
    Cities,
    Twinnings,
    Exchanges,
    Corrections,
    Disputes,
    Organisations,
    Contacts,
)
