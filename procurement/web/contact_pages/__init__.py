"""The pages a contact reaches by link: no account, one thing at a time, in their language."""

from procurement.web.contact_pages import (
    answer,
    difference,
    handing_in,
    introducing,
    mine,
    opening,
    papers,
    phone,
    report,
    thanked,
)

urlpatterns = [
    *opening.urlpatterns,
    *mine.urlpatterns,
    *answer.urlpatterns,
    *introducing.urlpatterns,
    *report.urlpatterns,
    *phone.urlpatterns,
    *difference.urlpatterns,
    *papers.urlpatterns,
    *handing_in.urlpatterns,
    *thanked.urlpatterns,
]
