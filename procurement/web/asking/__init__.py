"""Pages of asking partner cities: plans, questions, letters, calls, and who is asked next."""

from procurement.web.asking import inquiries, letters, outreach

urlpatterns = [*outreach.urlpatterns, *inquiries.urlpatterns, *letters.urlpatterns]
