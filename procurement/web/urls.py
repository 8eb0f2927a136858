"""The pages of the story, in its order: one module per stage, each with its own addresses. The first match wins."""

from procurement.web import (
    allocations,
    checks,
    contact_pages,
    leads,
    need_lines,
    network,
    orders,
    outreach,
    post_a_need,
    practice,
    requests,
    shipments,
    styleguide,
    suppliers,
    today,
)

urlpatterns = [
    *today.urlpatterns,
    *post_a_need.urlpatterns,
    *need_lines.urlpatterns,
    *outreach.urlpatterns,
    *allocations.urlpatterns,
    *requests.urlpatterns,
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
