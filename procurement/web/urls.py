"""The pages of the story, in its order: one module per stage, each with its own addresses. The first match wins."""

from procurement.web import (
    answer,
    checks,
    leads,
    outreach,
    post_a_need,
    practice,
    record,
    report,
    requests,
    styleguide,
    suppliers,
)

urlpatterns = [
    *post_a_need.urlpatterns,
    *outreach.urlpatterns,
    *requests.urlpatterns,
    *suppliers.urlpatterns,
    *leads.urlpatterns,
    *checks.urlpatterns,
    *record.urlpatterns,
    *answer.urlpatterns,
    *report.urlpatterns,
    *practice.urlpatterns,
    *styleguide.urlpatterns,
]
