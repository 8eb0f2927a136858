"""Companies, their certificates and accounts: lists, pages, entering by hand, and the moves on them. By noun."""

from procurement.web.suppliers import (
    accounts,
    certificate_kinds,
    certificates,
    changes,
    companies,
    deliveries,
    facts,
    lookups,
    standings,
)

# The company's own addresses come last: `<verb>` matches anything.
urlpatterns = [
    *certificate_kinds.urlpatterns,
    *certificates.urlpatterns,
    *accounts.urlpatterns,
    *facts.urlpatterns,
    *lookups.urlpatterns,
    *standings.urlpatterns,
    *changes.urlpatterns,
    *deliveries.urlpatterns,
    *companies.urlpatterns,
]
