"""The addresses of the register, of people and roles, and of a contact's own pages. The first match wins."""

from partners.web import cities, corrections, disputes, files, imports, own, people, record, roles, ties

urlpatterns = [
    *corrections.urlpatterns,
    *disputes.urlpatterns,
    *ties.urlpatterns,
    *people.urlpatterns,
    *roles.urlpatterns,
    *cities.urlpatterns,
    *files.urlpatterns,
    *imports.urlpatterns,
    *own.urlpatterns,
    *record.urlpatterns,
]
