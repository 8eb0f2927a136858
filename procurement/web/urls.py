"""The pages of the story: one module or folder per stage, each with its own addresses. The first match wins."""

from procurement.web import (
    allocations,
    asking,
    calendar,
    checks,
    contact_pages,
    leads,
    mail_events,
    needs,
    network,
    notices,
    orders,
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
    *asking.urlpatterns,
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
    *mail_events.urlpatterns,
    *styleguide.urlpatterns,
]
