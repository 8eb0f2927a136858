"""Checks: the list, a check's page, choosing who makes it, judging the report, and what stands beside them."""

from procurement.web.checks import giving, task

urlpatterns = [*giving.urlpatterns, *task.urlpatterns]
