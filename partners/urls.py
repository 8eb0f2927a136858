"""The addresses of the register, of people and roles, and of a contact's own pages. The first match wins."""

from partners.web import (
    cities,
    claims,
    corrections,
    disputes,
    files,
    imports,
    own,
    people,
    pictures,
    record,
    roles,
    ties,
)
from partners.web.city import limits, page

urlpatterns = [
    *corrections.urlpatterns,
    *claims.urlpatterns,
    *disputes.urlpatterns,
    *ties.urlpatterns,
    *people.urlpatterns,
    *roles.urlpatterns,
    *cities.urlpatterns,
    *limits.urlpatterns,
    *page.urlpatterns,
    *files.urlpatterns,
    *imports.urlpatterns,
    *own.urlpatterns,
    *pictures.urlpatterns,
    *record.urlpatterns,
]
