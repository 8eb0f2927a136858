"""Today: what needs the reader now. A module for each sort of row, and the page that puts them in order."""

from procurement.web.today import page

urlpatterns = page.urlpatterns
