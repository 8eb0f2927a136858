"""Papers of a shipment handed in by link: the page, the files behind it, and where the goods are."""

from procurement.web.contact_pages.handing_in import files, page, whereabouts

urlpatterns = [*page.urlpatterns, *files.urlpatterns, *whereabouts.urlpatterns]
