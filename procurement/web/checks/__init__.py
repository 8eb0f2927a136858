"""Checks: the list, a check's page, choosing who makes it, judging the report, and what stands beside them."""

from procurement.web.checks import giving, interests, needed, sharing, sheet, task

urlpatterns = [
    *interests.urlpatterns,
    *giving.urlpatterns,
    *needed.urlpatterns,
    *sharing.urlpatterns,
    *sheet.urlpatterns,
    *task.urlpatterns,
]
