"""The pages a contact reaches by link: no account, one thing at a time, in their language."""

from procurement.web.contact_pages import answer, difference, mine, opening, papers, phone, report

urlpatterns = [
    *opening.urlpatterns,
    *mine.urlpatterns,
    *answer.urlpatterns,
    *report.urlpatterns,
    *phone.urlpatterns,
    *difference.urlpatterns,
    *papers.urlpatterns,
]
