"""The addresses of the register, of people and roles, and of a contact's own pages. The first match wins."""

from partners.web import cities, corrections, files, own, people, record, roles, ties

urlpatterns = [
    *corrections.urlpatterns,
    *ties.urlpatterns,
    *people.urlpatterns,
    *roles.urlpatterns,
    *cities.urlpatterns,
    *files.urlpatterns,
    *own.urlpatterns,
    *record.urlpatterns,
]
