"""Needs: posting one in four steps, its lines, the list, a need's page and the moves on it. By noun."""

from procurement.web.needs import inbox, need_lines, needs, post_a_need, reminders

# The need's own addresses come last: `<verb>` matches anything.
urlpatterns = [
    *post_a_need.urlpatterns,
    *need_lines.urlpatterns,
    *inbox.urlpatterns,
    *reminders.urlpatterns,
    *needs.urlpatterns,
]
