"""The pages a contact reaches by link: no account, one thing at a time, in their language."""

from procurement.web.contact_pages import (
    answer,
    handing,
    handing_files,
    mine,
    opening,
    papers,
    phone,
    report,
    whereabouts,
)

urlpatterns = [
    *opening.urlpatterns,
    *mine.urlpatterns,
    *answer.urlpatterns,
    *report.urlpatterns,
    *phone.urlpatterns,
    *papers.urlpatterns,
    *handing.urlpatterns,
    *handing_files.urlpatterns,
    *whereabouts.urlpatterns,
]
