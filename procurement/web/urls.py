"""The pages of the story: one module or folder per stage, each with its own addresses. The first match wins."""

from procurement.web import (
    allocations,
    calendar,
    checks,
    contact_pages,
    leads,
    letters,
    needs,
    network,
    notices,
    orders,
    outreach,
    practice,
    shipments,
    styleguide,
    suppliers,
    today,
)

urlpatterns = [
    *today.urlpatterns,
    *notices.urlpatterns,
    *calendar.urlpatterns,
    *outreach.urlpatterns,
    *letters.urlpatterns,
    *allocations.urlpatterns,
    *needs.urlpatterns,
    *suppliers.urlpatterns,
    *leads.urlpatterns,
    *checks.urlpatterns,
    *orders.urlpatterns,
    *shipments.urlpatterns,
    *network.urlpatterns,
    *contact_pages.urlpatterns,
    *practice.urlpatterns,
    *styleguide.urlpatterns,
]
