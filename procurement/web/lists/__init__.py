"""Sanction and forced-labour lists: what there is, uploading one, the names on it, and what may be the same. By noun."""

from procurement.web.lists import matches, upload, watch_lists

# A list's own addresses come last: `<verb>` matches anything.
urlpatterns = [*upload.urlpatterns, *matches.urlpatterns, *watch_lists.urlpatterns]
