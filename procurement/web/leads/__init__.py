"""Offers, what looks wrong in them, and their prices held against each other. By noun."""

from procurement.web.leads import findings, offers

urlpatterns = [*offers.urlpatterns, *findings.urlpatterns]
