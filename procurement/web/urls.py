"""The pages of the story, in its order: one module per stage, each with its own addresses. The first match wins."""

from procurement.web import answer, outreach, post_a_need, practice, record, report, requests

urlpatterns = [
    *post_a_need.urlpatterns,
    *outreach.urlpatterns,
    *requests.urlpatterns,
    *record.urlpatterns,
    *answer.urlpatterns,
    *report.urlpatterns,
    *practice.urlpatterns,
]
