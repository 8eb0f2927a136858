"""The dock on a phone: cartons scanned one by one, the counting made of them, and the cases of what differed."""

from procurement.web.shipments.dock import cartons, cases, finishing

urlpatterns = [*finishing.urlpatterns, *cartons.urlpatterns, *cases.urlpatterns]
